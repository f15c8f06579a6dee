// Asks the server what a save of the draft would say, once typing has paused. A later question cancels an earlier one.
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Evaluation, evaluate, type Values } from '../api';

/** How long typing must pause before the server is asked, ms. */
const pause = 160;

export interface Asked {
  /** The values that the answer is about. */
  asked: Values;
  said: Evaluation | undefined;
  /** The answer is to an earlier draft. */
  stale: boolean;
}

type Ground = { id: string; version: number } | undefined;

export function useEvaluation(form: string, ground: Ground, values: Values, active: boolean): Asked {
  const question = JSON.stringify(values);
  const { id, version } = ground ?? {};
  const [answer, setAnswer] = useState<{ said: Evaluation; question: string }>();
  const first = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rules say something else of another version.
  useEffect(() => {
    if (!active) return;
    const abort = new AbortController();
    const wait = first.current ? 0 : pause;
    first.current = false;
    const timer = setTimeout(() => {
      evaluate(form, JSON.parse(question) as Values, id, abort.signal)
        .then((said) => setAnswer({ said, question }))
        // Without an answer the last one stands: rules keep their last word, and saving asks again.
        .catch(() => undefined);
    }, wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [form, id, version, question, active]);

  const asked = useMemo(() => JSON.parse(answer?.question ?? '{}') as Values, [answer]);
  return { asked, said: answer?.said, stale: answer?.question !== question };
}
