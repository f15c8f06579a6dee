// The records of a pool, page after page: those that nobody owns, or those that are about to come back.
import type { Pool } from '../api';
import { columnsOf, type Field, type Form } from '../meta';
import { type ListQuestion, useRecords } from '../views/useRecords';

const of = (pool: Pool) => ({ field: 'pool', op: 'eq', value: pool.key });

export function useWaiting(form: Form, pool: Pool, q: string) {
  const owner = form.owner ?? '';
  const filter = JSON.stringify({ and: [of(pool), { field: owner, op: 'empty' }] });
  return useRecords({ form: form.key, filter, q: q || undefined, sort: '-updatedAt', limit: 60 } as ListQuestion);
}

/** Those with a deadline before that time, the first to go first; of one owner alone, or of all that one sees. */
export function useLeaving(form: Form, pool: Pool, until: string, owner: string | undefined) {
  const whose = owner ? [{ field: form.owner ?? '', op: 'eq', value: owner }] : [];
  const filter = JSON.stringify({ and: [...whose, of(pool), { field: 'reclaimAt', op: 'lte', value: until }] });
  const sort = owner ? `${form.owner},reclaimAt` : 'pool,reclaimAt';
  return useRecords({ form: form.key, filter, sort, limit: 60 });
}

/** The columns to show of what lies in a pool: whose it is, is no question there. */
export function poolColumns(form: Form, count: number): Field[] {
  const view = form.views.find((one) => one.kind === 'table');
  return columnsOf(form, view)
    .filter((field) => field.key !== form.owner)
    .slice(0, count);
}
