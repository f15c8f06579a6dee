// Sending what people ask for once, with what was refused of it.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, newKey } from '../api';
import { useFaultText } from '../views/Fault';
import { issuesOf } from './asking';

/** Sends once, however often it is asked to: a repeated one has the same key. What is refused is told. */
export function useSending<T>(act: (input: T, key: string) => Promise<void>) {
  const { t } = useTranslation();
  const text = useFaultText();
  const [sending, setSending] = useState(false);
  const [fault, setFault] = useState('');
  const [issues, setIssues] = useState<Record<string, string>>({});
  const key = useRef(newKey());
  const under = useRef(false);
  async function send(input: T, missing: string[] = []) {
    if (under.current) return;
    setFault('');
    setIssues(Object.fromEntries(missing.map((name) => [name, t('act.missing')])));
    if (missing.length) return;
    under.current = true;
    setSending(true);
    try {
      await act(input, key.current);
      key.current = newKey();
    } catch (error) {
      const at = error instanceof ApiError ? issuesOf(error.problem.errors) : {};
      setIssues(at);
      const rest = error instanceof ApiError ? (error.problem.errors ?? []) : [];
      const more = rest.map((one) => one.message).join(' ');
      setFault(Object.keys(at).length ? '' : [text(error), more].filter(Boolean).join(' '));
      // Where nothing was heard it may have been done: only then the next try is the same one.
      if (!(error instanceof ApiError && error.unsure)) key.current = newKey();
    } finally {
      under.current = false;
      setSending(false);
    }
  }
  return { send, sending, fault, issues };
}
