// The parts of a page: those of one tab are seen at a time, below those that stand on none. All are there, so that what
// is typed stays, and paper shows them all.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Form, type Label, type Part, useLabel } from '../meta';
import './tabs.css';

/** A part with the fields that are shown. */
export interface Drawn extends Part {
  /** How many of them are wrong, as far as it is told. */
  wrong?: number;
}

/** Which tab is open, and how to open another. */
export type Opened = readonly [string | undefined, (tab: string) => void];

interface Props {
  form: Form;
  parts: Drawn[];
  /** A part without its heading. */
  draw: (part: Drawn) => ReactNode;
  /** What the part of the fields in no section is called; nothing: it goes without a heading. */
  rest?: string;
  opened: Opened;
}

export function Tabbed({ form, parts, draw, rest, opened: [wish, open] }: Props) {
  const id = useId();
  const label = useLabel();
  const on = (tab: string) => parts.filter((part) => part.tab === tab);
  const tabs = (form.tabs ?? []).filter((tab) => on(tab.key).length > 0);
  const at = tabs.find((tab) => tab.key === wish) ?? tabs[0];
  const several = tabs.length > 1;
  const section = (part: Drawn, tab?: Label) => {
    const text = part.label ? label(part.label) : rest;
    // What the tab is called already is not said twice.
    const said = text === label(tab);
    return (
      <section key={part.key} className="form-part" aria-label={text}>
        {text && <h2 className={said ? 'paper-only' : undefined}>{text}</h2>}
        {draw(part)}
      </section>
    );
  };
  const loose = parts.filter((part) => !tabs.some((tab) => tab.key === part.tab));
  // Fields in no section come last.
  const isRest = (part: Drawn) => !part.label;
  return (
    <>
      {loose.filter((part) => !isRest(part)).map((part) => section(part))}
      {several && at && (
        <TabList
          id={id}
          tabs={tabs.map(({ key, label: name }) => ({
            key,
            text: label(name),
            wrong: on(key).reduce((sum, part) => sum + (part.wrong ?? 0), 0),
          }))}
          at={at.key}
          onOpen={open}
        />
      )}
      {tabs.map((tab) => (
        <div
          key={tab.key}
          id={`${id}-${tab.key}`}
          className="tab-panel"
          {...(several && { role: 'tabpanel', 'aria-labelledby': `${id}-${tab.key}-tab` })}
          hidden={tab !== at}
        >
          {on(tab.key).map((part) => section(part, several ? tab.label : undefined))}
        </div>
      ))}
      {loose.filter(isRest).map((part) => section(part))}
    </>
  );
}

interface ListProps {
  id: string;
  tabs: { key: string; text: string; wrong: number }[];
  at: string;
  onOpen: (tab: string) => void;
}

function TabList({ id, tabs, at, onOpen }: ListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone there may be more of them than the screen is wide.
    const tab = list.current?.querySelector<HTMLElement>(`[data-tab="${at}"]`);
    if (tab && list.current) list.current.scrollLeft = tab.offsetLeft - list.current.offsetLeft - 24;
  }, [at]);

  function onKeyDown(event: KeyboardEvent) {
    const now = tabs.findIndex((tab) => tab.key === at);
    const last = tabs.length - 1;
    const to = {
      ArrowLeft: now === 0 ? last : now - 1,
      ArrowRight: now === last ? 0 : now + 1,
      Home: 0,
      End: last,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    onOpen(tab.key);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.key}"]`)?.focus();
  }

  return (
    <div ref={list} className="tabs" role="tablist" aria-label={t('form.tabs')} onKeyDown={onKeyDown}>
      {tabs.map(({ key, text, wrong }) => (
        <button
          key={key}
          type="button"
          id={`${id}-${key}-tab`}
          data-tab={key}
          role="tab"
          aria-selected={key === at}
          aria-controls={`${id}-${key}`}
          tabIndex={key === at ? 0 : -1}
          onClick={() => onOpen(key)}
        >
          {text}
          {wrong > 0 && (
            <span className="wrong">
              <span aria-hidden="true">{wrong}</span>
              <span className="sr">{t('form.tabWrong', { count: wrong })}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

/** Opens the first tab on which something is wrong, whenever a save was refused and nothing in view tells why. */
export function useWrongTab(refused: unknown, parts: Drawn[], [wish, open]: Opened, form: Form) {
  const wrong = parts.filter((part) => part.wrong);
  const at = form.tabs?.some((tab) => tab.key === wish) ? wish : form.tabs?.[0]?.key;
  const inView = wrong.some((part) => !part.tab || part.tab === at);
  const first = inView ? undefined : wrong[0]?.tab;
  const [told, setTold] = useState<unknown>();
  useEffect(() => {
    if (!refused || refused === told) return;
    setTold(refused);
    if (first) open(first);
  }, [refused, told, first, open]);
}
