export { DashboardBoard } from './DashboardBoard';
export { WidgetCard } from './WidgetCard';
