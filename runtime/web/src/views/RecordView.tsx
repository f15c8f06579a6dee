// One record: what matters, its stage, its attributes, what belongs to it, and what has happened to it. The same on a
// page of its own and in a drawer.
import { EditOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, lazy, type ReactNode, Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RecordActions } from '../act/RecordActions';
import { ApiError, deleteRecord, getRecord, type RecordView as Loaded, restoreRecord, type Values } from '../api';
import { ConflictDialog } from '../form/ConflictDialog';
import { draftKey, readDraft } from '../form/draft';
import { FormBody } from '../form/FormBody';
import { noteRecent } from '../form/fields/recent';
import { useTitle } from '../form/title';
import { useRecordForm } from '../form/useRecordForm';
import { readAs } from '../form/values';
import { type Form, stageOf, useLabel, useWorld } from '../meta';
import { say } from '../shell/toast';
import { FollowButton } from '../talk/FollowButton';
import { usePhone } from '../theme/phone';
import { Attributes } from './Attributes';
import { useChanged, useIsUnderway } from './changes';
import { Fault, useFaultText } from './Fault';
import { FormNotices } from './FormNotices';
import { Guests } from './Guests';
import { QuickActivity } from './QuickActivity';
import { Related } from './Related';
import { StageOf } from './StageOf';
import { Standing } from './Standing';
import { Timeline } from './Timeline';
import { usePrintNote } from './usePrintNote';
import './print.css';

const MergeDialog = lazy(() => import('./MergeDialog').then((all) => ({ default: all.MergeDialog })));

interface Props {
  form: Form;
  id: string;
  /** In a drawer everything stands below each other. */
  narrow?: boolean;
  /** The comment that somebody comes for. */
  comment?: string;
  tools?: ReactNode;
  onGone: () => void;
}

export function RecordView({ form, id, ...rest }: Props) {
  const query = useQuery({
    queryKey: ['record', form.key, id],
    queryFn: ({ signal }) => getRecord(form.key, id, signal),
  });
  const [record] = useChanged(
    form.key,
    useMemo(() => (query.data ? [query.data] : []), [query.data]),
  );
  // What is there stays there, also where asking anew fails, unless it is gone.
  if (query.isError && (!query.data || isGone(query.error))) {
    return <RecordFault error={query.error} tools={rest.tools} onRetry={() => query.refetch()} />;
  }
  if (!record) return <Waiting tools={rest.tools} />;
  return <Opened key={id} form={form} record={record} {...rest} />;
}

type OpenedProps = Omit<Props, 'id'> & { record: Loaded };

function Opened({ form, record: loaded, narrow, comment, tools, onGone }: OpenedProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { me } = useWorld();
  usePrintNote(form.key, loaded.id);
  const phone = usePhone();
  const [editing, setEditing] = useState(() => Boolean(readDraft(draftKey(me.user.id, form.key, loaded.id))));
  const early = useRef(false);
  const state = useRecordForm({
    form,
    record: loaded,
    active: editing,
    onSaved: () => {
      setEditing(false);
      say({ text: t('record.saved') });
    },
    onRefused: () => {
      // Said also where the page was left meanwhile: its draft is kept.
      if (early.current) say({ text: t('record.unsaved'), bad: true });
      setEditing(true);
    },
  });
  // What the rules have nothing against stands as saved at once. The answer corrects it; refused, it is the form again.
  const saving = state.saving && !editing;
  const underway = useIsUnderway(form.key, loaded.id) || saving;
  const record = useMemo(
    () => readable(form, loaded, state.base, saving ? state.values : undefined),
    [form, loaded, state.base, saving, state.values],
  );
  const [merging, setMerging] = useState(false);
  useEffect(() => noteRecent(me.user.id, form.key, record.id), [me.user.id, form.key, record.id]);
  const title = useTitle(form)(record);
  useEffect(() => {
    // Beside a list the page stays the list's.
    if (!narrow) document.title = title || label(form.label);
  }, [narrow, title, label, form]);
  const stage = stageOf(form);
  // The same is open while reading and while writing.
  const tab = useState<string>();
  const formId = useId();
  const remove = useRemove(form, record, onGone);

  function submit() {
    early.current = state.sure;
    if (state.sure) setEditing(false);
    void state.save();
  }
  function cancel() {
    state.drop();
    setEditing(false);
  }

  return (
    <div className="record">
      <header className="head">
        {tools}
        <h1 className="clip" title={title}>
          <span className="quiet kind">{label(form.label)}</span> {title || t('record.untitled')}
        </h1>
        <div className="end">
          {/* Keys of their own: a button that became another within a click would act as both. */}
          {editing ? (
            <Fragment key="editing">
              <button type="button" className="button" onClick={cancel}>
                {t('action.cancel')}
              </button>
              <button type="submit" form={formId} className="button primary" disabled={state.saving}>
                {state.saving ? t('record.saving') : t('action.save')}
              </button>
            </Fragment>
          ) : (
            <Fragment key="reading">
              {!record.deletedAt && !phone && <FollowButton form={form.key} id={record.id} />}
              {!record.deletedAt && <QuickActivity form={form} record={record} title={title} />}
              <RecordActions
                form={form}
                record={record}
                narrow={narrow}
                onRemove={remove}
                onMerge={() => setMerging(true)}
                onGone={onGone}
              />
              {underway && (
                <span className="quiet" role="status">
                  {t('record.saving')}
                </span>
              )}
              {record.rights.update && !underway && (
                <button type="button" className="button" onClick={() => setEditing(true)}>
                  <EditOutlined aria-hidden="true" /> {t('record.edit')}
                </button>
              )}
            </Fragment>
          )}
        </div>
      </header>
      {/* Where nothing in it takes the focus, it does itself: it must scroll by keys. */}
      <div
        className={narrow ? 'scroll record-body narrow' : 'scroll record-body'}
        role="region"
        aria-label={title}
        tabIndex={editing ? undefined : 0}
      >
        <div className="record-main">
          {stage && (
            <StageOf {...{ form, stage, record, state, editing }} disabled={underway} onEdit={() => setEditing(true)} />
          )}
          {!editing && <Standing form={form} record={record} title={title} />}
          {!editing && record.shared && <Guests form={form} record={record} shared={record.shared} onGone={onGone} />}
          <FormNotices state={state} editing={editing} onDrop={cancel} />
          {editing ? (
            <form
              id={formId}
              onSubmit={(event) => {
                event.preventDefault();
                submit();
              }}
            >
              <FormBody form={form} state={state} tab={tab} />
            </form>
          ) : (
            <Attributes form={form} record={record} tab={tab} />
          )}
        </div>
        <aside className="record-aside" aria-label={t('record.around')}>
          <Related form={form} record={record} title={title} />
          <Timeline key={comment} form={form} record={record} sought={comment} />
        </aside>
      </div>
      {merging && (
        <Suspense>
          <MergeDialog form={form} records={[record]} onClose={() => setMerging(false)} />
        </Suspense>
      )}
      {state.conflict && (
        <ConflictDialog
          form={form}
          conflict={state.conflict}
          saving={state.saving}
          onResolve={state.resolve}
          onClose={state.dismissConflict}
        />
      )}
    </div>
  );
}

/** The record as it is to be read: what is being saved already, or the server's answer before the page has it. */
function readable(form: Form, loaded: Loaded, base: Loaded | undefined, sent: Values | undefined): Loaded {
  if (sent) return { ...loaded, values: { ...loaded.values, ...readAs(form, sent) } };
  return base && base.version > loaded.version ? { ...loaded, ...base } : loaded;
}

function useRemove(form: Form, record: Loaded, onGone: () => void) {
  const { t } = useTranslation();
  const text = useFaultText();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['records'] });
  return async () => {
    try {
      await deleteRecord(form.key, record.id, record.version);
      const undo = () => restoreRecord(form.key, record.id).then(refresh);
      say({ text: t('list.deleted', { count: 1 }), action: { text: t('action.undo'), act: () => void undo() } });
      onGone();
      void refresh();
    } catch (error) {
      say({ text: text(error), bad: true });
    }
  };
}

const isGone = (error: unknown) => error instanceof ApiError && error.status === 404;

function RecordFault({ error, tools, onRetry }: { error: unknown; tools?: ReactNode; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="record">
      <header className="head">{tools}</header>
      <div className="empty">
        {isGone(error) ? (
          <>
            <h1>{t('notFound.title')}</h1>
            <p>{t('notFound.text')}</p>
          </>
        ) : (
          <Fault error={error} onRetry={onRetry} />
        )}
      </div>
    </div>
  );
}

function Waiting({ tools }: { tools?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="record" aria-busy="true">
      <header className="head">
        {tools}
        <span className="sr" role="status">
          {t('session.opening')}
        </span>
      </header>
      <div className="record-body late waiting" aria-hidden="true">
        <div className="skeleton" style={{ width: '60%' }} />
        <div className="skeleton" style={{ width: '80%' }} />
        <div className="skeleton" style={{ width: '45%' }} />
      </div>
    </div>
  );
}
