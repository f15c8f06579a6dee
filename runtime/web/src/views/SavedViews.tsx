// Views that people keep: how a list is narrowed, ordered, grouped and laid out, for themselves or for others, as tabs
// beside the published ones.
import { PushpinOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { dropView, listViews, type SavedView, saveView, type ViewInput } from '../api';
import { isTooLong, Length } from '../form/Length';
import { type Form, useLabel, useWorld } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Pop } from '../shell/Pop';
import { say } from '../shell/toast';
import { useFaultText } from './Fault';
import type { ListColumns } from './listColumns';
import type { ListControl } from './listState';

export function useSavedViews(form: string) {
  const query = useQuery({ queryKey: ['views', form], queryFn: () => listViews(form), staleTime: 60_000 });
  return query.data?.views ?? [];
}

/** What the address says of a list that is looked at by a saved view. */
export const searchOf = (one: SavedView) => ({
  view: one.view,
  f: one.filter,
  q: one.q,
  sort: one.sort,
  group: one.group,
  saved: one.id,
  pin: undefined,
  with: undefined,
  record: undefined,
});

/** Saved views, as tabs. */
export function SavedTabs({ views, control }: { views: SavedView[]; control: ListControl }) {
  const { state, set } = control;
  return views.map((one) => (
    <button
      key={one.id}
      type="button"
      aria-pressed={one.id === state.saved}
      title={one.mine ? undefined : one.by?.title}
      onClick={() => set(searchOf(one))}
    >
      <PushpinOutlined aria-hidden="true" /> {one.name}
    </button>
  ));
}

interface Props {
  form: Form;
  control: ListControl;
  columns: ListColumns;
  views: SavedView[];
}

/** Keeps how the list is looked at now: as a new view, or in place of the one that is open. */
export function SaveViewMenu({ form, control, columns, views }: Props) {
  const { t } = useTranslation();
  const { state } = control;
  const open = views.find((one) => one.id === state.saved);
  const now = inputOf(control, columns);
  const differs = !open || writeView(now) !== writeView(open);
  const narrowed = Boolean(now.filter || now.q || now.sort || now.group || now.columns);
  if (!open && !narrowed) return null;
  return (
    <Pop
      label={t('views.save')}
      on={differs}
      button={
        <>
          <PushpinOutlined aria-hidden="true" />
          <span className="wide-only">{t('views.save')}</span>
        </>
      }
    >
      {(close) => <Panel form={form} control={control} columns={columns} views={views} open={open} onDone={close} />}
    </Pop>
  );
}

const inputOf = ({ state }: ListControl, columns: ListColumns) => ({
  view: state.view?.key,
  filter: state.filter ? JSON.stringify(state.filter) : undefined,
  q: state.q || undefined,
  sort: state.asked || undefined,
  group: state.group,
  columns: columns.kept,
  unpinned: (columns.kept && columns.layout.unpinned) || undefined,
});

/** What a view shows, to be compared. */
const writeView = ({ view, filter, q, sort, group, columns, unpinned }: Partial<ViewInput>) =>
  JSON.stringify([view, filter, q, sort, group, columns?.map((one) => [one.field, one.width, one.pinned]), unpinned]);

/** What the server takes of a name. */
const maxName = 60;

type For = 'me' | 'role' | 'unit';

interface PanelProps extends Props {
  open: SavedView | undefined;
  onDone: () => void;
}

function Panel({ form, control, columns, views, open, onDone }: PanelProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const text = useFaultText();
  const { me } = useWorld();
  const client = useQueryClient();
  const own = open?.mine ? open : undefined;
  const id = useId();
  const [name, setName] = useState(own?.name ?? '');
  const tooLong = isTooLong(name, maxName);
  const sendable = name.trim() !== '' && !tooLong;
  const [whose, setWhose] = useState<For>(
    own?.shared?.units?.length ? 'unit' : own?.shared?.roles?.length ? 'role' : 'me',
  );
  const refresh = () => client.invalidateQueries({ queryKey: ['views', form.key] });
  const shared =
    whose === 'role' ? { roles: me.roles } : whose === 'unit' && me.unit ? { units: [me.unit.id] } : undefined;
  const { send, sending, fault } = useSending(async (over: SavedView | undefined, once) => {
    const id = over?.id ?? once;
    const input: ViewInput = {
      ...inputOf(control, columns),
      name: name.trim(),
      // One that is there already: its answer was lost, or was changed elsewhere, which whoever sends it again knows.
      version: views.find((one) => one.id === id)?.version ?? 0,
      ...(shared ? { shared } : {}),
    };
    const saved = await saveView(form.key, id, input).finally(refresh);
    // The view says now what was only this reader's own.
    if (over) columns.reset();
    control.set({ saved: saved.id }, true);
    say({ text: t('views.saved') });
    onDone();
  });
  async function drop() {
    if (!own) return;
    try {
      await dropView(form.key, own.id);
      await refresh();
      control.set({ saved: undefined }, true);
      onDone();
    } catch (error) {
      say({ text: text(error), bad: true });
    }
  }
  return (
    <form
      className="menu-panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooLong) void send(own, name.trim() ? [] : ['name']);
      }}
    >
      <label>
        <span className="name">{t('views.name')}</span>
        <input
          className="text-input"
          value={name}
          aria-describedby={`${id}-length`}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Length id={`${id}-length`} text={name} max={maxName} />
      <fieldset className="reasons">
        <legend className="name">{t('views.for')}</legend>
        {(['me', ...(me.roles.length ? ['role' as const] : []), ...(me.unit ? ['unit' as const] : [])] as For[]).map(
          (one) => (
            <label key={one} className="choice-line">
              <input type="radio" name="for" checked={one === whose} onChange={() => setWhose(one)} />
              {one === 'unit' ? t('viewsFor.unit', { name: label(me.unit?.name) }) : t(`viewsFor.${one}`)}
            </label>
          ),
        )}
      </fieldset>
      <FaultNotice>{fault}</FaultNotice>
      <div className="menu-line">
        {own && (
          <>
            <button type="button" className="button danger" onClick={drop}>
              {t('views.drop')}
            </button>
            <button type="button" className="button" disabled={sending || !sendable} onClick={() => send(undefined)}>
              {t('views.another')}
            </button>
          </>
        )}
        <button type="submit" className="button primary" disabled={sending || !sendable}>
          {t('action.save')}
        </button>
      </div>
    </form>
  );
}
