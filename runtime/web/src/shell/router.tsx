// Every address there is. What a list shows is in its address, so that it can be shared and gone back to.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Broken } from './ErrorBoundary';
import { Layout } from './Layout';
import { NotFound } from './NotFound';

export interface ListSearch {
  view?: string;
  /** A filter tree as JSON. */
  f?: string;
  q?: string;
  sort?: string;
  /** The field by whose values figures stand above a table. */
  group?: string;
  /** The saved view that is open, which the rest may differ from. */
  saved?: string;
  /** "me": what is shared with me; "followed": what I follow. */
  with?: string;
  /** Which columns stay at the left. */
  pin?: string;
  /** Of a calendar: the day around which it shows, and whether a week or a month. */
  at?: string;
  span?: string;
  /** The record that is open beside the list. */
  record?: string;
}

export interface PoolSearch {
  pool?: string;
  tab?: string;
}

export interface BoardSearch {
  period?: string;
  /** What is chosen in the page's filters, by filter, as JSON. */
  where?: string;
}

/** What the log is narrowed to; name is that of the actor. */
export interface LogSearch {
  actor?: string;
  name?: string;
  kind?: string;
  form?: string;
  record?: string;
  from?: string;
  to?: string;
}

/** The form whose records are shown alone. */
export interface FollowedSearch {
  form?: string;
}

/** The comment that somebody comes for. */
export interface RecordSearch {
  comment?: string;
}

export interface NewSearch {
  /** Values to begin with, as JSON. */
  with?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const board = (search: Record<string, unknown>): BoardSearch => ({
  period: text(search.period),
  where: text(search.where),
});

const root = createRootRoute({
  component: () => (
    <Layout>
      <Outlet />
    </Layout>
  ),
  notFoundComponent: NotFound,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: board,
  component: lazyRouteComponent(() => import('../views/HomePage'), 'HomePage'),
});

/** What an address says of a list. */
export const readList = (search: Record<string, unknown>): ListSearch => ({
  view: text(search.view),
  f: text(search.f),
  q: text(search.q),
  sort: text(search.sort),
  group: text(search.group),
  saved: text(search.saved),
  with: text(search.with),
  pin: text(search.pin),
  at: text(search.at),
  span: text(search.span),
  record: text(search.record),
});

const list = createRoute({
  getParentRoute: () => root,
  path: '/f/$form',
  validateSearch: readList,
  component: lazyRouteComponent(() => import('../views/ListPage'), 'ListPage'),
});

const create = createRoute({
  getParentRoute: () => root,
  path: '/f/$form/new',
  validateSearch: (search: Record<string, unknown>): NewSearch => ({ with: text(search.with) }),
  component: lazyRouteComponent(() => import('../views/NewPage'), 'NewPage'),
});

const intake = createRoute({
  getParentRoute: () => root,
  path: '/f/$form/import',
  component: lazyRouteComponent(() => import('../intake/ImportPage'), 'ImportPage'),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  component: lazyRouteComponent(() => import('../jobs/JobsPage'), 'JobsPage'),
});

const values = createRoute({
  getParentRoute: () => root,
  path: '/values',
  component: lazyRouteComponent(() => import('../upkeep/ValuesPage'), 'ValuesPage'),
});

const valuesDocument = createRoute({
  getParentRoute: () => root,
  path: '/values/$kind/$key',
  component: lazyRouteComponent(() => import('../upkeep/ValuesPage'), 'ValuesDocumentPage'),
});

const notices = createRoute({
  getParentRoute: () => root,
  path: '/notifications',
  component: lazyRouteComponent(() => import('../notices/ChoicesPage'), 'ChoicesPage'),
});

const absence = createRoute({
  getParentRoute: () => root,
  path: '/me',
  component: lazyRouteComponent(() => import('../people/AbsencePage'), 'AbsencePage'),
});

const followed = createRoute({
  getParentRoute: () => root,
  path: '/followed',
  validateSearch: (search: Record<string, unknown>): FollowedSearch => ({ form: text(search.form) }),
  component: lazyRouteComponent(() => import('../talk/FollowedPage'), 'FollowedPage'),
});

const mentions = createRoute({
  getParentRoute: () => root,
  path: '/mentions',
  component: lazyRouteComponent(() => import('../talk/MentionsPage'), 'MentionsPage'),
});

const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  validateSearch: (search: Record<string, unknown>): LogSearch => ({
    actor: text(search.actor),
    name: text(search.name),
    kind: text(search.kind),
    form: text(search.form),
    record: text(search.record),
    from: text(search.from),
    to: text(search.to),
  }),
  component: lazyRouteComponent(() => import('../people/LogPage'), 'LogPage'),
});

const staff = createRoute({
  getParentRoute: () => root,
  path: '/staff',
  component: lazyRouteComponent(() => import('../people/StaffPage'), 'StaffPage'),
});

const pool = createRoute({
  getParentRoute: () => root,
  path: '/f/$form/pool',
  validateSearch: (search: Record<string, unknown>): PoolSearch => ({ pool: text(search.pool), tab: text(search.tab) }),
  component: lazyRouteComponent(() => import('../pools/PoolPage'), 'PoolPage'),
});

const record = createRoute({
  getParentRoute: () => root,
  path: '/f/$form/$id',
  validateSearch: (search: Record<string, unknown>): RecordSearch => ({ comment: text(search.comment) }),
  component: lazyRouteComponent(() => import('../views/RecordPage'), 'RecordPage'),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/d/$key',
  validateSearch: board,
  component: lazyRouteComponent(() => import('../charts/DashboardPage'), 'DashboardPage'),
});

// Search values are plain text: what this app writes is what it reads, without JSON's quotes around words.
export const readSearch = (search: string) => Object.fromEntries(new URLSearchParams(search));
export const writeSearch = (search: Record<string, unknown>) => {
  const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
};

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    list,
    create,
    pool,
    intake,
    jobs,
    values,
    valuesDocument,
    notices,
    absence,
    followed,
    mentions,
    log,
    staff,
    record,
    dashboard,
  ]),
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
});

/** Fetches what the page is drawn with, while it is still being asked who wants to see it. */
export function fetchPage(): void {
  const matches: { routeId: keyof typeof router.routesById }[] = router.matchRoutes(router.latestLocation);
  for (const { routeId } of matches) {
    const page = router.routesById[routeId];
    // The page itself says what went wrong, once it is to be shown.
    if (page) router.loadRouteChunk(page)?.catch(() => undefined);
  }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
