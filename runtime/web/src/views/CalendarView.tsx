export { TableView as CalendarView } from './TableView';
