// The catalog as GET /api/v1/catalog answers it, in the words of these pages. The shapes are generated from schemas/.
import type { FieldView as Field, Field as FieldDef, FormView as Form } from './metadata.gen';

export type {
  ActionArg,
  ActionView,
  Asking,
  Brand,
  Catalog,
  Dashboard,
  DashboardFilter,
  FieldKind,
  Label,
  Option,
  Section,
  View,
  Widget,
} from './metadata.gen';
export type { Field, FieldDef, Form };
