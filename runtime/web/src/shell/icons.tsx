// A sign for each form, by what it is made of: metadata has none of its own.
import {
  AimOutlined,
  AppstoreOutlined,
  CheckSquareOutlined,
  ContactsOutlined,
  FileTextOutlined,
  FunnelPlotOutlined,
  MessageOutlined,
  ProfileOutlined,
  TableOutlined,
} from '@ant-design/icons';
import type { FieldKind, Form } from '../meta';

export function FormIcon({ form }: { form: Form }) {
  const has = (kind: FieldKind) => form.fields.some((field) => field.definition['x-field'] === kind);
  if (form.views.some((view) => view.kind === 'agenda')) return <CheckSquareOutlined aria-hidden="true" />;
  if (has('autonumber') && has('table')) return <FileTextOutlined aria-hidden="true" />;
  if (has('stage') && has('phone')) return <AimOutlined aria-hidden="true" />;
  if (has('stage')) return <FunnelPlotOutlined aria-hidden="true" />;
  if (has('region') || has('address')) return <ProfileOutlined aria-hidden="true" />;
  if (has('phone')) return <ContactsOutlined aria-hidden="true" />;
  if (has('datetime') && has('multiline')) return <MessageOutlined aria-hidden="true" />;
  if (has('currency')) return <AppstoreOutlined aria-hidden="true" />;
  return <TableOutlined aria-hidden="true" />;
}
