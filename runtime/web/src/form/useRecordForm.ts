// The life of a form on the page: draft, rules while typing, saving, and what can come of it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError, newKey, type RecordView, updateRecord, type Values, type Wire } from '../api';
import { type Form, useWorld } from '../meta';
import { type Conflict, isSaved, theirsOf } from './conflict';
import { type Draft, draftKey, dropDraft, readDraft, writeDraft } from './draft';
import { make } from './making';
import { useDuplicates } from './useDuplicates';
import { useEvaluation } from './useEvaluation';
import { changesToSend, issueMap, sameValue, shownValues } from './values';

interface Options {
  form: Form;
  record?: RecordView;
  /** What a new record is made for, where several may be begun: each keeps a draft of its own. */
  about?: string;
  /** Values that a new record begins with. */
  begin?: Values;
  active: boolean;
  onSaved: (record: RecordView) => void;
  /** It was not saved; what was typed stands as it did. */
  onRefused?: (error: unknown) => void;
}

export function useRecordForm({ form, record, about, begin, active, onSaved, onRefused }: Options) {
  const { me } = useWorld();
  const client = useQueryClient();
  const key = draftKey(me.user.id, form.key, record?.id ?? (about ? `new ${about}` : 'new'));
  const [kept] = useState(() => readDraft(key));
  const [changes, setChanges] = useState<Values>(() => ({ ...begin, ...kept?.changes }));
  const [restored, setRestored] = useState(Boolean(kept));
  const [base, setBase] = useState(() => groundOf(record, kept));
  const [touched, setTouched] = useState<Set<string>>(new Set());
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<ApiError>();
  /** What was refused, as it was sent. */
  const [refusedAs, setRefusedAs] = useState('');
  const [conflict, setConflict] = useState<Conflict>();
  const [saving, setSaving] = useState(false);
  const busy = useRef(false);
  const once = useRef({ question: '', key: '' });

  const sent = useMemo(() => changesToSend(form, changes), [form, changes]);
  const { asked, said, stale } = useEvaluation(form.key, base, sent, active);
  const alike = useDuplicates(form, base?.id, sent, active);
  const saved = base?.values ?? noValues;
  const values = useMemo(
    () => shownValues(form, saved, changes, said?.values, asked),
    [form, saved, changes, said, asked],
  );
  const wrong = useMemo(() => {
    const isRefusal = refused?.status === 422;
    // A save can be refused for what the rules alone do not know.
    const isOfThis = stale || refusedAs === JSON.stringify(sent);
    return issueMap(isRefusal && isOfThis ? refused.problem.errors : (said?.issues ?? refused?.problem.errors));
  }, [refused, refusedAs, sent, said, stale]);

  // What others save becomes the ground at once where nothing is typed; whoever has typed is told, and decides.
  const dirty = Object.keys(changes).some((field) => !sameValue(changes[field], saved[field]));
  const newer = record && base && record.version > base.version ? record : undefined;
  if (newer && !dirty && !saving) setBase(newer);

  useEffect(() => {
    if (active) writeDraft(key, { version: base?.version ?? 0, changes, at: Date.now() });
  }, [active, key, base, changes]);

  const set = useCallback((field: string, value: Wire) => {
    setChanges((now) => ({ ...now, [field]: value }));
    setRefused((now) => (now?.status === 422 ? now : undefined));
  }, []);
  const touch = useCallback(
    (field: string) => setTouched((now) => (now.has(field) ? now : new Set(now).add(field))),
    [],
  );

  const drop = useCallback(() => {
    dropDraft(key);
    setChanges({ ...begin });
    setRestored(false);
    setRefused(undefined);
    setAttempted(false);
    setTouched(new Set());
  }, [key, begin]);

  async function save(over?: { changes: Values; version: number }) {
    if (busy.current) return;
    busy.current = true;
    setSaving(true);
    setAttempted(true);
    try {
      const body = over ? changesToSend(form, over.changes) : sent;
      const answer = base
        ? await updateRecord(form.key, base.id, over?.version ?? base.version, body)
        : await create(body);
      done(answer);
    } catch (error) {
      onRefused?.(error);
      fail(error, over?.changes ?? changes);
    } finally {
      busy.current = false;
      setSaving(false);
    }
  }

  function done(answer: RecordView) {
    dropDraft(key);
    setChanges({});
    setRestored(false);
    setRefused(undefined);
    setConflict(undefined);
    setBase(answer);
    client.setQueryData(['record', form.key, answer.id], answer);
    void client.invalidateQueries({ queryKey: ['records'] });
    void client.invalidateQueries({ queryKey: ['history', form.key, answer.id] });
    void client.invalidateQueries({ queryKey: ['aggregate'] });
    onSaved(answer);
  }

  // The same draft keeps its key: however often it is sent, it makes one record.
  function create(body: Values) {
    const question = JSON.stringify(body);
    if (once.current.question !== question) once.current = { question, key: newKey() };
    return make(client, form.key, values, body, once.current.key);
  }

  function fail(error: unknown, yours: Values) {
    if (!(error instanceof ApiError)) throw error;
    const theirs = theirsOf(error);
    setRefusedAs(JSON.stringify(changesToSend(form, yours)));
    if (!theirs) setRefused(error);
    else if (isSaved(yours, theirs)) done(theirs);
    else setConflict({ yours, theirs });
  }

  /** Goes on with the other's version as the ground, and what was chosen of one's own on top. */
  function resolve(chosen: Values) {
    if (!conflict) return;
    setBase(conflict.theirs);
    setChanges(chosen);
    setConflict(undefined);
    if (Object.keys(chosen).length) void save({ changes: chosen, version: conflict.theirs.version });
    else onSaved(conflict.theirs);
  }

  return {
    values,
    changes,
    said,
    alike,
    wrong,
    touched,
    attempted,
    refused,
    conflict,
    saving,
    /** What the rules said last is of what is there now, and they have nothing against it: it will most likely be saved. */
    sure: Boolean(said) && !stale && Object.keys(wrong.fields).length === 0 && wrong.others.length === 0,
    restored,
    dirty,
    newer: dirty && !saving ? newer : undefined,
    base,
    set,
    touch,
    save: () => save(),
    drop,
    resolve,
    /** Both versions side by side before saving, where another has saved a newer one. */
    compare: () => newer && setConflict({ yours: changes, theirs: newer }),
    dismissConflict: () => setConflict(undefined),
  };
}

const noValues: Values = {};

/** What is typed goes on from the version that it was typed for: a draft that comes back to a newer one is compared. */
const groundOf = (record: RecordView | undefined, kept: Draft | undefined) =>
  record && kept && kept.version > 0 && kept.version < record.version ? { ...record, version: kept.version } : record;

export type RecordForm = ReturnType<typeof useRecordForm>;
