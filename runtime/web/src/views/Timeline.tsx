// What has happened to a record and what people have said about it, the newest first.
import { UndoOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldChange, type HistoryEntry, historyOf, type RecordView } from '../api';
import { Changed } from '../form/Changed';
import { Person } from '../form/fields/reference';
import { type ActionView, ago, type Form, fieldOf, type Label, minute, useLabel } from '../meta';
import { CommentEntry } from '../talk/CommentEntry';
import { merge } from '../talk/merge';
import { useComments } from '../talk/useComments';
import { MoveWhy } from '../why/MoveWhy';
import { Fault } from './Fault';
import { useRestore } from './useRestore';

// Written by some, read by all: what offers people comes later.
const CommentBox = lazy(async () => ({ default: (await import('../talk/CommentBox')).CommentBox }));

export function Timeline({ form, record }: { form: Form; record: RecordView }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ['history', form.key, record.id],
    queryFn: ({ pageParam }) => historyOf(form.key, record.id, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const restore = useRestore(form, record);
  const talk = useComments(form.key, record.id);
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const all = merge({ items: entries, more: query.hasNextPage }, { items: talk.all, more: talk.query.hasNextPage });
  function older() {
    if (query.hasNextPage) query.fetchNextPage();
    if (talk.query.hasNextPage) talk.query.fetchNextPage();
  }
  return (
    <section className="timeline" aria-label={t('timeline.title')}>
      <h2>{t('timeline.title')}</h2>
      <Suspense>
        <CommentBox send={talk.send} />
      </Suspense>
      {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
      {talk.query.isError && <Fault error={talk.query.error} onRetry={() => talk.query.refetch()} />}
      <ol>
        {all.map((one) =>
          'text' in one ? (
            <CommentEntry key={one.id} comment={one} onDrop={() => talk.drop.mutate(one.id)} />
          ) : (
            <Entry
              key={`${one.version}-${one.at}-${one.op}`}
              form={form}
              entry={one}
              onRestore={record.rights.update ? restore : undefined}
            />
          ),
        )}
      </ol>
      {(query.hasNextPage || talk.query.hasNextPage) && (
        <button
          type="button"
          className="plain"
          onClick={older}
          disabled={query.isFetchingNextPage || talk.query.isFetchingNextPage}
        >
          {t('timeline.more')}
        </button>
      )}
    </section>
  );
}

/** Kinds whose former value cannot be sent as it was. */
const unrestored = new Set(['table', 'attachment', 'image', 'signature', 'autonumber']);

/** How many changes an entry shows before it asks. */
const shown = 6;

type Restore = (change: FieldChange) => void;

function Entry({ form, entry, onRestore }: { form: Form; entry: HistoryEntry; onRestore?: Restore }) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const action = form.actions?.find((one) => one.key === entry.action);
  const merged = entry.action === 'merge';
  const ruled = Boolean(entry.action && !action && !merged && entry.detail);
  const isMade = entry.op.endsWith('reated');
  const changes = isMade ? [] : entry.changes.filter((change) => fieldOf(form, change.field));
  return (
    <li>
      <header>
        <Person person={entry.actor} />
        <span>
          {action ? label(action.label) : t(`timeline.${merged ? 'merged' : ruled ? 'byRule' : kindOf(entry.op)}`)}
        </span>
        <time className="quiet num" dateTime={entry.at} title={minute(entry.at)}>
          {ago(entry.at, i18n.language)}
        </time>
      </header>
      {entry.reason && <p className="lines">{reasonOf(action, entry.reason, label)}</p>}
      {ruled && <MoveWhy form={form} detail={entry.detail ?? {}} />}
      {changes.length > 0 && (
        <ul className="changes">
          {changes.slice(0, shown).map((change) => (
            <Change key={change.field} form={form} change={change} onRestore={onRestore} />
          ))}
          {changes.length > shown && (
            <li className="quiet">{t('timeline.others', { count: changes.length - shown })}</li>
          )}
        </ul>
      )}
    </li>
  );
}

/** A reason that was chosen is stored by its value; people read its label. */
function reasonOf(action: ActionView | undefined, reason: string, label: (of: Label | undefined) => string): string {
  const asked = action ? [action.ask, ...Object.values(action.byPool ?? {})] : [];
  const chosen = asked.flatMap((ask) => ask.reasons ?? []).find((one) => one.value === reason);
  return chosen ? label(chosen.label) : reason;
}

const kinds = ['created', 'changed', 'deleted', 'restored', 'purged'] as const;

function kindOf(op: string): (typeof kinds)[number] {
  return kinds.find((kind) => op.toLowerCase().endsWith(kind)) ?? 'changed';
}

function Change({ form, change, onRestore }: { form: Form; change: FieldChange; onRestore?: Restore }) {
  const { t } = useTranslation();
  const label = useLabel();
  const field = fieldOf(form, change.field);
  if (!field) return null;
  return (
    <li>
      <Changed form={form} change={change} />
      {onRestore && !field.readOnly && !field.computed && !unrestored.has(field.definition['x-field']) && (
        <button
          type="button"
          className="plain icon restore"
          aria-label={t('timeline.restore', { name: label(field.definition['x-label']) })}
          title={t('timeline.restore', { name: label(field.definition['x-label']) })}
          onClick={() => onRestore(change)}
        >
          <UndoOutlined />
        </button>
      )}
    </li>
  );
}
