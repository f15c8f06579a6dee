// ⌘K: go to, create, find and do, from wherever one is.
import { PlusOutlined, QuestionCircleOutlined, ThunderboltOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RecordView, searchAll } from '../api';
import { registry } from '../form/fields/registry';
import { useSettled } from '../form/fields/source';
import { type Catalog, fieldOf, formOf, useLabel, useWorld, valuesOf } from '../meta';
import { FormIcon } from './icons';
import { Acting, type InView, useActsInView } from './inView';
import { usePlaces } from './places';
import { Sheet } from './Sheet';

export interface Choice {
  key: string;
  group: string;
  icon: ReactNode;
  text: string;
  note?: string;
  run: () => void;
}

const pause = 180;
/** How many records of each form are offered. */
const each = 5;

interface Props {
  onClose: () => void;
  /** The sheet with all keys is wanted. */
  onExplain: () => void;
}

export default function Palette({ onClose, onExplain }: Props) {
  const { t } = useTranslation();
  const [acting, setActing] = useState<InView>();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const panel = useRef<HTMLDivElement>(null);
  const { choices, busy } = useChoices({ typed, onClose, onExplain, onAct: setActing });
  const current = Math.min(at, choices.length - 1);

  useEffect(() => {
    panel.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((current + step + choices.length) % Math.max(1, choices.length));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choices[current]?.run();
    }
  }

  if (acting) return <Acting {...acting} onClose={onClose} />;
  return (
    <Sheet title={t('palette.title')} onClose={onClose} bare>
      <div className="palette" ref={panel}>
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={choices[current] ? `${list}-${current}` : undefined}
          aria-label={t('palette.title')}
          placeholder={t('palette.hint')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          autoFocus
        />
        <div role="listbox" id={list} aria-label={t('palette.title')} aria-busy={busy}>
          {choices.map((choice, index) => (
            <div key={choice.key}>
              {choice.group !== choices[index - 1]?.group && (
                <p className="palette-group" aria-hidden="true">
                  {choice.group}
                </p>
              )}
              <div
                role="option"
                id={`${list}-${index}`}
                aria-selected={index === current}
                onMouseMove={() => setAt(index)}
                onClick={choice.run}
                onKeyDown={undefined}
              >
                {choice.icon}
                <span className="clip">{choice.text}</span>
                {choice.note && <small>{choice.note}</small>}
              </div>
            </div>
          ))}
          {!choices.length && <p className="empty">{busy ? t('picker.loading') : t('picker.nothing')}</p>}
        </div>
      </div>
    </Sheet>
  );
}

interface Asked extends Props {
  typed: string;
  onAct: (act: InView) => void;
}

function useChoices({ typed, onClose, onExplain, onAct }: Asked): { choices: Choice[]; busy: boolean } {
  const { t, i18n } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const navigate = useNavigate();
  const words = useSettled(typed.trim(), pause);
  const places = usePlaces();
  const inView = useActsInView();
  const search = useQuery({
    queryKey: ['search', words],
    queryFn: ({ signal }) => searchAll(words, each, signal),
    enabled: words.length > 0,
    placeholderData: (before) => before,
  });
  const choices = useMemo(() => {
    const go = (to: () => unknown) => () => {
      onClose();
      to();
    };
    const has = (text: string) => text.toLowerCase().includes(typed.trim().toLowerCase());
    const found = words ? (search.data?.records ?? []) : [];
    const records = found.map((record): Choice => {
      const form = formOf(catalog, record.form);
      return {
        key: `record:${record.id}`,
        group: t('palette.records'),
        icon: form && <FormIcon form={form} />,
        text: titleOf(catalog, record, i18n.language),
        note: label(form?.label),
        run: go(() => navigate({ to: '/f/$form/$id', params: { form: record.form, id: record.id } })),
      };
    });
    const goes = places.map((place): Choice => ({ ...place, group: t('palette.go'), run: go(place.run) }));
    const acts = inView.map(
      (act): Choice => ({
        key: `act:${act.action.key}`,
        group: t('palette.act', { name: titleOf(catalog, act.record, i18n.language) }),
        icon: <ThunderboltOutlined />,
        text: label(act.action.label),
        run: () => onAct(act),
      }),
    );
    const keys: Choice = {
      key: 'keys',
      group: t('palette.help'),
      icon: <QuestionCircleOutlined />,
      text: t('keys.title'),
      run: go(onExplain),
    };
    const makes = catalog.forms
      .filter((form) => form.rights.create)
      .map(
        (form): Choice => ({
          key: `new:${form.key}`,
          group: t('palette.make'),
          icon: <PlusOutlined />,
          text: t('list.newOne', { name: label(form.label) }),
          run: go(() => navigate({ to: '/f/$form/new', params: { form: form.key } })),
        }),
      );
    return [...records, ...[...acts, ...goes, ...makes, keys].filter((choice) => has(choice.text))];
  }, [
    catalog,
    i18n.language,
    inView,
    label,
    navigate,
    onAct,
    onClose,
    onExplain,
    places,
    search.data,
    t,
    typed,
    words,
  ]);
  return { choices, busy: search.isFetching };
}

function titleOf(catalog: Catalog, record: RecordView, locale: string): string {
  const form = formOf(catalog, record.form);
  const field = form && fieldOf(form, form.title);
  if (!form || !field) return record.id;
  const def = valuesOf(catalog, form, field.definition);
  return registry[def['x-field']].text(record.values[form.title], def, locale) || record.id;
}
