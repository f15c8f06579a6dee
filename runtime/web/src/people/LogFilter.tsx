// What the log is narrowed to: whose doing, what, of which form, when.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../api';
import { isRef, Picker } from '../form/fields/reference';
import { sourceOf } from '../form/fields/source';
import { type FieldDef, useLabel, useWorld } from '../meta';
import type { LogSearch } from '../shell/router';
import { kinds } from './logKinds';

const person = { 'x-field': 'member' } as FieldDef;

interface Props {
  search: LogSearch;
  onChange: (change: LogSearch) => void;
}

export function LogFilter({ search, onChange }: Props) {
  const { t } = useTranslation();
  const { me, catalog } = useWorld();
  const label = useLabel();
  const id = useId();
  return (
    <search className="log-filter">
      <div>
        <label className="name" htmlFor={`${id}-who`}>
          {t('log.who')}
        </label>
        <Picker
          id={`${id}-who`}
          def={person}
          source={sourceOf(catalog, me.user.id, person)}
          many={false}
          value={search.actor ? { id: search.actor, title: search.name ?? search.actor } : null}
          onChange={(next: Wire) =>
            onChange(isRef(next) ? { actor: next.id, name: next.title } : { actor: undefined, name: undefined })
          }
        />
      </div>
      <label htmlFor={`${id}-kind`}>
        <span className="name">{t('log.kind')}</span>
        <select
          id={`${id}-kind`}
          className="text-input"
          value={search.kind ?? 'taken'}
          onChange={(event) => onChange({ kind: event.target.value === 'taken' ? undefined : event.target.value })}
        >
          {Object.keys(kinds).map((kind) => (
            <option key={kind} value={kind}>
              {t(`logKind.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={`${id}-form`}>
        <span className="name">{t('log.form')}</span>
        <select
          id={`${id}-form`}
          className="text-input"
          value={search.form ?? ''}
          onChange={(event) => onChange({ form: event.target.value || undefined, record: undefined })}
        >
          <option value="">{t('log.anyForm')}</option>
          {catalog.forms.map((form) => (
            <option key={form.key} value={form.key}>
              {label(form.label)}
            </option>
          ))}
        </select>
      </label>
      <Day id={`${id}-from`} name={t('log.from')} value={search.from} onChange={(from) => onChange({ from })} />
      <Day id={`${id}-to`} name={t('log.to')} value={search.to} onChange={(to) => onChange({ to })} />
    </search>
  );
}

interface DayProps {
  id: string;
  name: string;
  value?: string;
  onChange: (day: string | undefined) => void;
}

function Day({ id, name, value, onChange }: DayProps) {
  return (
    <label htmlFor={id}>
      <span className="name">{name}</span>
      <input
        id={id}
        className="text-input"
        type="date"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    </label>
  );
}
