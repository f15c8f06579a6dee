// Figures by the values of a field, above a list of cards: how many of each and how much, and a way to those alone.
import { CloseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../api';
import { registry } from '../form/fields/registry';
import { type Field, type Form, fieldOf, useLabel, useWorld, valuesOf } from '../meta';
import { Fault } from './Fault';
import { figure, groupFields, useGroupRows, useSums } from './groups';
import type { ListControl } from './listState';
import { conditionOf, narrowed } from './narrow';
import type { ListQuestion } from './useRecords';

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
  const sums = useSums(form, fields).slice(0, 2);
  const query = useGroupRows(form, group, sums, question, 30);
  if (!group) return null;
  const def = valuesOf(catalog, form, group.definition);
  const textOf = (key: Wire) => registry[def['x-field']].text(key, def, i18n.language) || t('group.none');
  function narrow(key: Wire) {
    const one = group && conditionOf(group.key, def, key);
    if (one) set({ f: narrowed(state.filter, one), group: undefined });
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
              {sums.map(({ key, def: of }, index) => (
                <span key={key} className="quiet num">
                  {label(fieldOf(form, key)?.definition['x-label'])} {figure(row, index + 1, of)}
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
