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
/** Every session and token of the person ends with the old password, the one that asks too. */
export const changePassword = (input: { current: string; new: string }) =>
  call<void>('/me/password', { method: 'POST', body: input });
export const whoAmI = () => call<Me>('/me');
