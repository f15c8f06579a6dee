import { createContext } from 'react';

/** What to do when somebody has signed in: find out who it is, and ask again for what the pages show. */
export const Entered = createContext<() => Promise<void>>(async () => undefined);
