// One tap narrows a list: what is mine, and the choices of the fields that people look by.
import { useTranslation } from 'react-i18next';
import { me, useLabel } from '../meta';
import { toneOf } from '../theme/palette';
import type { ListProps } from './listProps';
import { chosenOf, optionsOf, ownerToChoose, quickFields, toggled } from './quick';

export function QuickChips({ form, columns, control }: ListProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { state, set } = control;
  const fields = quickFields(form, columns.shown, state.view?.kind === 'kanban' ? state.view.group : undefined);
  const owner = ownerToChoose(form, state.view);
  if (!fields.length && !owner) return null;
  function toggle(field: string, value: unknown) {
    const next = toggled(state.filter, field, value);
    set({ f: next && JSON.stringify(next) }, true);
  }
  const chip = (field: string, value: string, text: string, tone?: string) => (
    <button
      key={value}
      type="button"
      className={tone ? `quick-chip ${tone}` : 'quick-chip flat'}
      aria-pressed={chosenOf(state.filter, field).includes(value)}
      onClick={() => toggle(field, value)}
    >
      {text}
    </button>
  );
  return (
    <div className="quick-chips" role="group" aria-label={t('filter.quick')}>
      {owner && chip(owner, me, t('filter.mine'))}
      {fields.map((field) => (
        <span key={field.key} role="group" aria-label={label(field.definition['x-label'])}>
          {optionsOf(field).map(({ value, label: name, color }) => chip(field.key, value, label(name), toneOf(color)))}
        </span>
      ))}
    </div>
  );
}
