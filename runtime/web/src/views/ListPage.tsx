// A form's records as its views show them.
import { PlusOutlined } from '@ant-design/icons';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Form, useForm, useLabel } from '../meta';
import { NotFound } from '../shell/NotFound';
import { usePhone } from '../theme/phone';
import { CardList } from './CardList';
import { GroupSums } from './GroupSums';
import { GroupTotal } from './GroupTotal';
import { GroupFeeds, useGroups } from './groups';
import { ListMenu } from './ListMenu';
import { ListToolbar } from './ListToolbar';
import { useListColumns } from './listColumns';
import { useListState } from './listState';
import { QuickChips } from './QuickChips';
import { RecordDrawer } from './RecordDrawer';
import { useSavedViews } from './SavedViews';
import { TableView } from './TableView';
import { useRecords } from './useRecords';
import './views.css';

const route = getRouteApi('/f/$form');

const KanbanView = lazy(() => import('./KanbanView').then((all) => ({ default: all.KanbanView })));
const CalendarView = lazy(() => import('./CalendarView').then((all) => ({ default: all.CalendarView })));
const AgendaView = lazy(() => import('./AgendaView').then((all) => ({ default: all.AgendaView })));

/** How each kind of view shows records; a table is cards on a phone. */
const bodies = { kanban: KanbanView, calendar: CalendarView, agenda: AgendaView };

export function ListPage() {
  const { form: key } = route.useParams();
  const form = useForm(key);
  return form ? <List key={key} form={form} /> : <NotFound />;
}

function List({ form }: { form: Form }) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const control = useListState(form);
  const { state, set } = control;
  const { view } = state;
  const saved = useSavedViews(form.key);
  const columns = useListColumns(
    form,
    view,
    saved.find((one) => one.id === state.saved),
    { asked: state.pin, set: (pin) => set({ pin }, true) },
  );
  const fields = columns.said;
  // Lanes, days and groups count by figures that do not know what is shared, nor what is followed.
  const kind = state.with ? 'table' : view?.kind;
  const Body = (kind && kind !== 'table' && bodies[kind]) || (phone ? CardList : TableView);
  const group = state.with ? undefined : state.group;
  const question = useMemo(
    () => ({ form: form.key, view: view?.key, filter: state.wire, q: state.q, sort: state.sort, with: state.with }),
    [form.key, view?.key, state.wire, state.q, state.sort, state.with],
  );
  const groups = useGroups(form, columns.shown, Body === TableView ? group : undefined, question);
  // Where they stand together each group asks for its own records; of the whole only the count is wanted.
  const whole = useRecords(groups || Body === AgendaView ? { ...question, limit: 1 } : question);
  const list = groups ? { ...whole, records: groups.records } : whole;
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const open = useCallback((id: string) => set({ record: id }), [set]);

  useEffect(() => {
    document.title = label(form.label);
  }, [form, label]);

  const { count } = list;
  const shown = { form, fields, columns, groups, saved, control, list, question, open, selected, setSelected };
  return (
    <>
      <header className="head">
        <h1 className="clip">{label(form.label)}</h1>
        <span className="quiet num" role="status">
          {count && t(count.exact ? 'list.count' : 'list.countMore', { count: count.value })}
        </span>
        <div className="end">
          <ListMenu form={form} fields={columns.shown} question={question} />
          {form.rights.create && (
            <Link to="/f/$form/new" params={{ form: form.key }} className="button primary">
              <PlusOutlined aria-hidden="true" /> {t('list.new')}
            </Link>
          )}
        </div>
      </header>
      <ListToolbar {...shown} />
      {selected.size === 0 && !state.with && <QuickChips {...shown} />}
      {groups && <GroupFeeds groups={groups} />}
      {group && Body === CardList && <GroupSums form={form} fields={fields} control={control} question={question} />}
      <main className="list">
        <Suspense fallback={<Waiting />}>
          <Body {...shown} />
        </Suspense>
      </main>
      {groups && <GroupTotal form={form} fields={columns.shown} question={question} />}
      {state.record && (
        <RecordDrawer
          form={form}
          id={state.record}
          ids={list.records.map((record) => record.id)}
          onMove={open}
          onClose={() => set({ record: undefined })}
        />
      )}
    </>
  );
}

const Waiting = () => (
  <div className="late waiting" aria-hidden="true">
    <div className="skeleton" />
  </div>
);
