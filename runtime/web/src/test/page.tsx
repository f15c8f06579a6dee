// A page in a small world, at an address of its own, with the words that are said about what has happened.
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { Form } from '../meta';
import { Toasts } from '../shell/toast';
import { World } from './world';

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
