import { getRouteApi } from '@tanstack/react-router';
import { useWorld } from '../meta';
import { NotFound } from '../shell/NotFound';
import { DashboardBoard } from './DashboardBoard';

const route = getRouteApi('/d/$key');

export function DashboardPage() {
  const { key } = route.useParams();
  const { catalog } = useWorld();
  const dashboard = catalog.dashboards.find((one) => one.key === key);
  return dashboard ? <DashboardBoard key={key} dashboard={dashboard} /> : <NotFound />;
}
