// A record that is printed is kept in the log, however its reader has come to print it.
import { useEffect } from 'react';
import { notePrint } from '../api';
import { useWorld } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from './Fault';

export function usePrintNote(form: string, id: string) {
  const { me } = useWorld();
  const text = useFaultText();
  const looks = Boolean(me.viewing); // whoever looks as another person changes nothing, and no log
  useEffect(() => {
    if (looks) return;
    const note = () => {
      notePrint(form, id).catch((error: unknown) => say({ text: text(error), bad: true }));
    };
    window.addEventListener('beforeprint', note);
    return () => window.removeEventListener('beforeprint', note);
  }, [form, id, looks, text]);
}
