// Each kind of field and its face. A kind without one does not compile.
import type { FieldKind } from '../../meta';
import { anyref } from './anyref';
import { cascade, multiselect, select, stage, tags } from './choice';
import { date, datetime } from './date';
import { attachment, image } from './file';
import { json } from './json';
import { boolean, currency, number, percent } from './number';
import { rating } from './rating';
import { member, members, orgunit, orgunits, reference, references, zone } from './reference';
import { address, region } from './region';
import { markdown, richtext } from './richtext';
import { signature } from './signature';
import { table } from './table';
import { autonumber, email, idcard, multiline, phone, text, url } from './text';
import { daterange, duration, time } from './time';
import type { FieldUI } from './ui';

// The values of mirror, formula and rollup are those of another kind: valuesOf in package meta finds it, and these
// stand for what it cannot find.
export const registry = {
  text,
  multiline,
  markdown,
  richtext,
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
  daterange,
  time,
  duration,
  phone,
  email,
  url,
  idcard,
  member,
  members,
  orgunit,
  orgunits,
  zone,
  reference,
  references,
  anyref,
  mirror: text,
  table,
  formula: text,
  rollup: number,
  autonumber,
  attachment,
  image,
  signature,
  region,
  address,
  json,
} satisfies Record<FieldKind, FieldUI> as Record<FieldKind, FieldUI>;
