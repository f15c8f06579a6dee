// Figures by the values of a field, above the table: how many of each and how much, and a way to those alone.
import { CloseOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type AggregateRow, aggregate, type Wire } from '../api';
import { isRef } from '../form/fields/reference';
import { registry } from '../form/fields/registry';
import { isEmpty } from '../form/fields/ui';
import { type Condition, type Field, type Form, fieldOf, grouped, money, useLabel, useWorld, valuesOf } from '../meta';
import { Fault } from './Fault';
import type { ListControl } from './listState';
import type { ListQuestion } from './useRecords';

const kinds = new Set(['select', 'stage', 'boolean', 'member', 'orgunit', 'zone', 'reference']);
const numbers = new Set(['currency', 'number']);

/** The fields by whose values figures make sense. */
export const groupFields = (form: Form): Field[] =>
  form.fields.filter((field) => kinds.has(field.definition['x-field']) && !field.masked);

interface Props {
  form: Form;
  fields: Field[];
  control: ListControl;
  question: ListQuestion;
}

export function GroupSums({ form, fields, control, question }: Props) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const { state, set } = control;
  const group = groupFields(form).find((field) => field.key === state.group);
  const sums = fields
    .map((field) => ({ field, def: valuesOf(catalog, form, field.definition) }))
    .filter(({ field, def }) => fieldOf(form, field.key) && numbers.has(def['x-field']) && !field.masked)
    .slice(0, 2);
  const query = useQuery({
    queryKey: [
      'records',
      form.key,
      'groups',
      group?.key,
      sums.map((one) => one.field.key),
      question.view,
      question.filter,
    ],
    queryFn: ({ signal }) =>
      aggregate(
        form.key,
        {
          view: question.view,
          filter: question.filter ? (JSON.parse(question.filter) as unknown) : undefined,
          group: [{ field: group?.key ?? '' }],
          metrics: [{ op: 'count' }, ...sums.map((one) => ({ op: 'sum', field: one.field.key }))],
          sort: '-0',
          limit: 30,
        },
        signal,
      ),
    enabled: Boolean(group),
  });
  if (!group) return null;
  const def = valuesOf(catalog, form, group.definition);
  const textOf = (key: Wire) => registry[def['x-field']].text(key, def, i18n.language) || t('group.none');
  function narrow(key: Wire) {
    const value = isRef(key) ? key.id : key;
    const one: Condition = isEmpty(key)
      ? { field: group?.key ?? '', op: 'empty' }
      : {
          field: group?.key ?? '',
          op: def['x-field'] === 'boolean' ? 'eq' : 'in',
          value: def['x-field'] === 'boolean' ? value : [isRef(key) ? key : value],
        };
    const rest = state.filter ? [state.filter] : [];
    set({ f: JSON.stringify({ join: 'and', items: [...rest, one] }), group: undefined });
  }
  return (
    <section className="group-sums" aria-label={t('group.name', { name: label(group.definition['x-label']) })}>
      {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
      <ul aria-busy={query.isPending}>
        {query.data?.rows.map((row) => (
          <li key={JSON.stringify(row.keys)}>
            <button
              type="button"
              onClick={() => narrow(row.keys[0])}
              title={t('group.only', { name: textOf(row.keys[0]) })}
            >
              <span className="clip">{textOf(row.keys[0])}</span>
              <strong className="num">{String(row.metrics[0])}</strong>
              {sums.map(({ field, def: of }, index) => (
                <span key={field.key} className="quiet num">
                  {label(field.definition['x-label'])} {figure(row, index + 1, of['x-field'], of['x-currency'])}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
      {state.q && <span className="quiet">{t('group.noWords')}</span>}
      <button
        type="button"
        className="plain icon"
        aria-label={t('group.close')}
        title={t('group.close')}
        onClick={() => set({ group: undefined }, true)}
      >
        <CloseOutlined />
      </button>
    </section>
  );
}

function figure(row: AggregateRow, index: number, kind: string, currency?: string): string {
  const value = row.metrics[index];
  if (value === null || value === undefined) return '—';
  return kind === 'currency' ? money(value, currency) : grouped(String(value));
}
