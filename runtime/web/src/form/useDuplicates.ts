// Asks who holds a record already that the draft may be the same as, once a field that tells has been typed.
import { useEffect, useMemo, useState } from 'react';
import { type Duplicate, findDuplicates, type Values } from '../api';
import type { Form } from '../meta';

/** How long typing must pause, ms: a number is worth asking about when it is whole, and each is counted. */
const pause = 600;

export function useDuplicates(form: Form, id: string | undefined, sent: Values, active: boolean): Duplicate[] {
  const watched = useMemo(() => new Set((form.duplicates ?? []).flatMap((rule) => rule.fields)), [form]);
  const question = useMemo(() => {
    const told = Object.entries(sent).filter(([field, value]) => watched.has(field) && value !== null && value !== '');
    return told.length ? JSON.stringify(Object.fromEntries(told)) : '';
  }, [sent, watched]);
  const [answer, setAnswer] = useState<{ question: string; found: Duplicate[] }>();

  useEffect(() => {
    if (!active || !question) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      findDuplicates(form.key, JSON.parse(question) as Values, id, abort.signal)
        .then(({ duplicates }) => setAnswer({ question, found: duplicates }))
        // Without an answer nothing is told here; saving asks again.
        .catch(() => undefined);
    }, pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [form.key, id, question, active]);

  return answer && answer.question === question ? answer.found : none;
}

const none: Duplicate[] = [];
