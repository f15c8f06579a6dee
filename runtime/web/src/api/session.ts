// Who is signed in.
import { call } from './client';
import type { Me } from './types';

export interface Login {
  tenant: string;
  username: string;
  password: string;
}

export const login = (input: Login) => call<{ user: Me['user'] }>('/auth/login', { method: 'POST', body: input });
export const logout = () => call<void>('/auth/logout', { method: 'POST' });
export const whoAmI = () => call<Me>('/me');
