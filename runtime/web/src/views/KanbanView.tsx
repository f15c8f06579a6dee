export { TableView as KanbanView } from './TableView';
