// A page in a small world, at an address of its own, with the words that are said about what has happened.
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { Form } from '../meta';
import { readList, readSearch, writeSearch } from '../shell/router';
import { Toasts } from '../shell/Toasts';
import { type Brought, World } from './world';

/** Answers the address that the page stands at. */
export async function showPage(page: ReactNode, { at = '/', forms }: { at?: string; forms?: Form[] } = {}) {
  const routeTree = createRootRoute({
    component: () => (
      <World forms={forms}>
        {page}
        <Toasts />
      </World>
    ),
    notFoundComponent: () => null,
  });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [at] }) });
  await router.load();
  render(<RouterProvider router={router as never} />);
  return { address: () => router.state.location };
}

interface There extends Brought {
  at: string;
}

/** A list or what is made anew, at the route that it has in the app: what the address says is what it shows. */
export async function showAt(path: '/f/$form' | '/f/$form/new', page: () => ReactNode, { at, ...brought }: There) {
  const root = createRootRoute({
    component: () => (
      <World {...brought}>
        <Outlet />
        <Toasts />
      </World>
    ),
    notFoundComponent: () => null,
  });
  const route = createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: path === '/f/$form' ? readList : undefined,
    component: page,
  });
  const router = createRouter({
    routeTree: root.addChildren([route]),
    history: createMemoryHistory({ initialEntries: ['/', at], initialIndex: 1 }),
    parseSearch: readSearch,
    stringifySearch: writeSearch,
  });
  await router.load();
  render(<RouterProvider router={router as never} />);
  return { address: () => router.state.location, history: router.history };
}
