// What somebody has written of a record and not said yet: kept in the browser as what is typed into a form is.
import { useState } from 'react';
import type { Comment, Ref } from '../api';
import { draftKey, dropDraft, readDraft, writeDraft } from '../form/draft';
import { isRef } from '../form/fields/reference';
import { useWorld } from '../meta';

export interface Unsaid {
  text: string;
  /** Who was chosen, mentioned as far as they are still named. */
  people: Ref[];
  /** What was brought to go with it. */
  files: Ref[];
}

const nothing: Unsaid = { text: '', people: [], files: [] };

const refsOf = (kept: unknown): Ref[] => (Array.isArray(kept) ? kept.filter(isRef) : []);

function kept(key: string): Unsaid | undefined {
  const changes = readDraft(key)?.changes;
  if (!changes) return undefined;
  return { text: String(changes.text ?? ''), people: refsOf(changes.people), files: refsOf(changes.files) };
}

type Next = Unsaid | undefined | ((now: Unsaid) => Unsaid);

/** What is written of a record, anew or of a comment that there is; undefined ends it. */
export function useUnsaid(form: string, id: string, of?: Comment) {
  const { me } = useWorld();
  const key = draftKey(me.user.id, form, `${id}#${of?.id ?? ''}`);
  const begin = of ? { text: of.text, people: of.mentions, files: [] } : nothing;
  const [unsaid, setUnsaid] = useState(() => kept(key) ?? begin);
  function set(next: Next) {
    setUnsaid((now) => {
      const then = typeof next === 'function' ? next(now) : next;
      if (!then || (!then.text && !then.files.length)) dropDraft(key);
      else writeDraft(key, { version: 0, changes: { ...then }, at: Date.now() });
      return then ?? nothing;
    });
  }
  return [unsaid, set] as const;
}
