// Somebody was faster: both versions field by field, and whoever saves chooses.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Values } from '../api';
import { ago, type Form, useLabel, useWorld, valuesOf } from '../meta';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import type { Conflict } from './conflict';
import { registry } from './fields/registry';
import { sameValue } from './values';

interface Props {
  form: Form;
  conflict: Conflict;
  saving: boolean;
  onResolve: (chosen: Values) => void;
  onClose: () => void;
}

export function ConflictDialog({ form, conflict, saving, onResolve, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const { yours, theirs } = conflict;
  const apart = form.fields.filter(
    (field) => field.key in yours && !sameValue(yours[field.key], theirs.values[field.key]),
  );
  const [mine, setMine] = useState<Set<string>>(() => new Set(apart.map((field) => field.key)));

  function choose(key: string, isMine: boolean) {
    const next = new Set(mine);
    if (isMine) next.add(key);
    else next.delete(key);
    setMine(next);
  }

  const chosen = () => Object.fromEntries(Object.entries(yours).filter(([key]) => mine.has(key)));
  return (
    <Sheet title={t('conflict.title')} onClose={onClose} kind="wide">
      <div className="sheet-content">
        <p>{t('conflict.text', { name: theirs.updatedBy.title ?? '', ago: ago(theirs.updatedAt, i18n.language) })}</p>
        {apart.length === 0 && <p className="notice good">{t('conflict.none')}</p>}
        {apart.map((field) => {
          const def = valuesOf(catalog, form, field.definition);
          const { Show } = registry[def['x-field']];
          const name = label(field.definition['x-label']);
          const choice = (isMine: boolean, title: string, value: unknown) => (
            <label className={mine.has(field.key) === isMine ? 'version on' : 'version'}>
              <span>
                <input
                  type="radio"
                  name={`conflict-${field.key}`}
                  checked={mine.has(field.key) === isMine}
                  onChange={() => choose(field.key, isMine)}
                />{' '}
                {title}
              </span>
              <Show def={def} value={value} full />
            </label>
          );
          return (
            <fieldset key={field.key} className="versions">
              <legend>{name}</legend>
              {choice(true, t('conflict.yours'), yours[field.key])}
              {choice(false, t('conflict.theirs'), theirs.values[field.key])}
            </fieldset>
          );
        })}
      </div>
      <SheetFoot onClose={onClose}>
        <button type="button" className="button primary" disabled={saving} onClick={() => onResolve(chosen())}>
          {t('conflict.save')}
        </button>
      </SheetFoot>
    </Sheet>
  );
}
