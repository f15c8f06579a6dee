// The catalog as GET /api/v1/catalog answers it.

export type Label = Record<string, string>;

export const fieldKinds = [
  'text', 'multiline', 'number', 'currency', 'percent', 'boolean', 'select', 'multiselect', 'cascade', 'stage', 'tags',
  'date', 'datetime', 'phone', 'email', 'url', 'member', 'members', 'orgunit', 'zone', 'reference', 'references',
  'mirror', 'table', 'formula', 'rollup', 'autonumber', 'attachment', 'image', 'region', 'address',
] as const;

export type FieldKind = (typeof fieldKinds)[number];

export interface Option {
  value: string;
  label: Label;
  color?: string;
  children?: Option[];
  probability?: number;
  closed?: 'won' | 'lost';
  off?: boolean;
}

/** A field's definition: JSON Schema words and the x- words of Tidewater. */
export interface FieldDef {
  'x-field': FieldKind;
  'x-label': Label;
  'x-help'?: Label;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  'x-min'?: string;
  'x-max'?: string;
  'x-scale'?: number;
  'x-currency'?: string;
  'x-options'?: Option[];
  'x-ref'?: string;
  'x-via'?: string;
  'x-of'?: string;
  'x-from'?: string;
  'x-op'?: string;
  'x-result'?: FieldKind;
  'x-compute'?: string;
  'x-filter'?: string;
  'x-order'?: string[];
  'x-search'?: boolean;
  properties?: Record<string, FieldDef>;
  required?: string[];
  readOnly?: boolean;
}

export interface Field {
  key: string;
  definition: FieldDef;
  computed?: boolean;
  readOnly?: boolean;
  masked?: boolean;
}

export interface Section {
  key: string;
  label: Label;
  fields: string[];
}

export interface View {
  key: string;
  form: string;
  label: Label;
  kind: 'table' | 'kanban' | 'calendar';
  filter?: string;
  sort?: string;
  columns?: string[];
  group?: string;
}

export interface Form {
  key: string;
  label: Label;
  title: string;
  fields: Field[];
  sections?: Section[];
  views: View[];
  rights: { create: boolean; read: boolean; update: boolean; delete: boolean; export: boolean };
  required?: string[];
}

export interface Catalog {
  app: string;
  version: string;
  menu: string[];
  forms: Form[];
}
