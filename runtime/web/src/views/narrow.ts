// Narrowing a list to those that have the same value as the one in sight.
import type { Wire } from '../api';
import { isRef } from '../form/fields/reference';
import { registry } from '../form/fields/registry';
import { isEmpty } from '../form/fields/ui';
import type { Condition, FieldDef, Group } from '../meta';

/** The condition that holds for a value; undefined where none can be asked for. */
export function conditionOf(field: string, def: FieldDef, value: Wire): Condition | undefined {
  const { ops } = registry[def['x-field']];
  if (isEmpty(value)) return ops.includes('empty') ? { field, op: 'empty' } : undefined;
  if (def['x-field'] === 'boolean') return { field, op: 'eq', value };
  if (ops.includes('in')) {
    const values = Array.isArray(value) ? value : [value];
    return { field, op: 'in', value: values.map((one) => (isRef(one) ? { id: one.id, title: one.title } : one)) };
  }
  return ops.includes('eq') && typeof value !== 'object' ? { field, op: 'eq', value } : undefined;
}

/** The filter as the address has it, with one condition more. */
export const narrowed = (filter: Group | undefined, one: Condition): string =>
  JSON.stringify(
    filter?.join === 'and'
      ? { ...filter, items: [...filter.items, one] }
      : { join: 'and', items: [...(filter ? [filter] : []), one] },
  );
