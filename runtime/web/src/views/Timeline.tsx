// What has happened to a record, what people did about it and what they have said, the newest first.
import { UndoOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Comment, type FieldChange, type HistoryEntry, historyOf, type RecordView } from '../api';
import { Changed } from '../form/Changed';
import { Person } from '../form/fields/reference';
import { type ActionView, ago, type Form, fieldOf, type Label, minute, useLabel } from '../meta';
import { CommentEntry } from '../talk/CommentEntry';
import { FollowButton } from '../talk/FollowButton';
import { merge } from '../talk/merge';
import { useComments } from '../talk/useComments';
import { useSought } from '../talk/useSought';
import { usePhone } from '../theme/phone';
import { MoveWhy } from '../why/MoveWhy';
import { ActivitiesMaking, ActivityEntry } from './ActivityEntry';
import { Fault } from './Fault';
import { type Activity, useActivities } from './useActivities';
import { useRestore } from './useRestore';

// Written by some, read by all: what offers people comes later.
const CommentBox = lazy(async () => ({ default: (await import('../talk/CommentBox')).CommentBox }));

type Part = 'activities' | 'changes' | 'comments';

interface Props {
  form: Form;
  record: RecordView;
  /** The comment that somebody comes for: comments stand alone until they want to see the rest. */
  sought?: string;
}

export function Timeline({ form, record, sought }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const query = useInfiniteQuery({
    queryKey: ['history', form.key, record.id],
    queryFn: ({ pageParam }) => historyOf(form.key, record.id, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const [restore, dialog] = useRestore(form, record);
  const said = useComments(form.key, record.id);
  const done = useActivities(form, record.id);
  useSought(said.query, said.all, sought);
  const [only, setOnly] = useState<Part | undefined>(sought ? 'comments' : undefined);
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const parts = [
    { part: 'activities', items: done.all, query: done.query },
    { part: 'changes', items: entries, query },
    { part: 'comments', items: said.all, query: said.query },
  ] as const;
  const chosen = parts.filter(({ part }) => !only || part === only);
  const all = merge<Activity | HistoryEntry | Comment>(
    ...chosen.map(({ items, query: { hasNextPage } }) => ({ items: [...items], more: hasNextPage })),
  );
  const waiting = chosen.some((one) => one.query.isFetchingNextPage);
  function older() {
    for (const one of chosen) if (one.query.hasNextPage) void one.query.fetchNextPage();
  }
  return (
    <section className="timeline" aria-label={t('timeline.title')}>
      <header className="timeline-head">
        <h2>{t('timeline.title')}</h2>
        {phone && !record.deletedAt && <FollowButton form={form.key} id={record.id} />}
      </header>
      <Suspense>
        <CommentBox form={form.key} id={record.id} onSay={said.talk.say} />
      </Suspense>
      <div className="segments" role="group" aria-label={t('timeline.parts')}>
        {([undefined, ...parts.map(({ part }) => part)] as const)
          .filter((part) => part !== 'activities' || done.relation)
          .map((part) => (
            <button key={part ?? 'all'} type="button" aria-pressed={part === only} onClick={() => setOnly(part)}>
              {part === 'activities' ? label(done.relation?.form.label) : t(`timelinePart.${part ?? 'all'}`)}
            </button>
          ))}
      </div>
      {chosen.map(
        (one) =>
          one.query.isError && (
            <Fault key={one.part} error={one.query.error} onRetry={() => void one.query.refetch()} />
          ),
      )}
      <ol>
        {done.relation && (only ?? 'activities') === 'activities' && (
          <ActivitiesMaking relation={done.relation} making={done.making} />
        )}
        {all.map((one) =>
          'relation' in one ? (
            <ActivityEntry key={one.record.id} activity={one} />
          ) : 'text' in one ? (
            <CommentEntry
              key={one.id}
              form={form.key}
              id={record.id}
              comment={one}
              talk={said.talk}
              sought={one.id === sought}
            />
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
      {!all.length && !done.making.length && !chosen.some((one) => one.query.isPending && one.query.isFetching) && (
        <p className="quiet">{t('timeline.none')}</p>
      )}
      {chosen.some((one) => one.query.hasNextPage) && (
        <button type="button" className="plain" onClick={older} disabled={waiting}>
          {t('timeline.more')}
        </button>
      )}
      {dialog}
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
