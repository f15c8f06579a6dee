// Each kind of field and its face. A kind without one does not compile.
import type { FieldKind } from '../../meta';
import { cascade, multiselect, select, stage, tags } from './choice';
import { date, datetime } from './date';
import { attachment, image } from './file';
import { boolean, currency, number, percent } from './number';
import { rating } from './rating';
import { member, members, orgunit, reference, references, zone } from './reference';
import { address, region } from './region';
import { table } from './table';
import { autonumber, email, multiline, phone, text, url } from './text';
import type { FieldUI } from './ui';

// The values of mirror, formula and rollup are those of another kind: valuesOf in package meta finds it, and these
// stand for what it cannot find.
export const registry = {
  text,
  multiline,
  number,
  currency,
  percent,
  rating,
  boolean,
  select,
  multiselect,
  cascade,
  stage,
  tags,
  date,
  datetime,
  phone,
  email,
  url,
  member,
  members,
  orgunit,
  zone,
  reference,
  references,
  mirror: text,
  table,
  formula: text,
  rollup: number,
  autonumber,
  attachment,
  image,
  region,
  address,
} satisfies Record<FieldKind, FieldUI> as Record<FieldKind, FieldUI>;
