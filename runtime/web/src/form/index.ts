export { ConflictDialog } from './ConflictDialog';
export { FormBody } from './FormBody';
export { registry } from './fields/registry';
export type { EditProps, FieldUI, ShowProps } from './fields/ui';
export { type RecordForm, useRecordForm } from './useRecordForm';
