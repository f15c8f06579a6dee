// What a kind of field must bring to be shown, edited and filtered.
import type { ComponentType } from 'react';
import type { Wire } from '../../api';
import type { FieldDef, Op } from '../../meta';

export interface ShowProps {
  def: FieldDef;
  value: Wire;
  /** On a record's own page there is room: lines wrap, rows are shown. */
  full?: boolean;
}

export interface EditProps {
  /** The id that the label points to. */
  id: string;
  def: FieldDef;
  value: Wire;
  onChange: (value: Wire) => void;
  disabled?: boolean;
  /** Something is wrong with the value; the text stands below, at describedBy. */
  invalid?: boolean;
  describedBy?: string;
  autoFocus?: boolean;
  /** For inputs that have no label of their own, e.g. in a table's cell. */
  label?: string;
  /** What is wrong with parts of the value, by path below it: "0/quantity". */
  issues?: Record<string, string>;
}

export interface FieldUI {
  Show: ComponentType<ShowProps>;
  Edit: ComponentType<EditProps>;
  /** The value as plain text, for titles, copies and cards. "" for nothing. */
  text: (value: Wire, def: FieldDef, locale: string) => string;
  ops: Op[];
  /** The texts of comparisons where they are called otherwise than op.<op>. */
  opTexts?: Partial<Record<Op, string>>;
  /** Its text is all that is shown of it: words, or figures, whose digits stand below each other. A cell needs no Show. */
  plain?: 'words' | 'figures';
  /** A column's width to begin with, px. */
  width: number;
  numeric?: boolean;
  /** Takes the whole row of a form. */
  wide?: boolean;
  /** Shown and asked for without a label pointing to one input. */
  group?: boolean;
}

export const isEmpty = (value: Wire): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

export const textOps: Op[] = ['contains', 'eq', 'ne', 'prefix', 'empty', 'notEmpty'];
export const choiceOps: Op[] = ['in', 'nin', 'empty', 'notEmpty'];
export const manyOps: Op[] = ['in', 'hasAll', 'nin', 'empty', 'notEmpty'];
export const orderedOps: Op[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'empty', 'notEmpty'];
export const timeOps: Op[] = ['during', 'gte', 'lte', 'gt', 'lt', 'eq', 'empty', 'notEmpty'];
/** A moment is not less than another: it comes before it. */
export const timeTexts = { lt: 'op.before', lte: 'op.notAfter', gt: 'op.after', gte: 'op.notBefore' };
export const presenceOps: Op[] = ['empty', 'notEmpty'];

/** The attributes that tie an input to its label and its fault. */
export const bound = ({ id, invalid, describedBy, label }: EditProps) => ({
  id,
  'aria-invalid': invalid || undefined,
  'aria-describedby': describedBy,
  'aria-label': label,
});
