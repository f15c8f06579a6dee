// Which cell of a grid is being edited. What was refused is there again to be mended, with what was typed.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView, Wire } from '../api';
import { say } from '../shell/toast';
import type { CellEditing } from './CellEditor';
import type { Column } from './columns';

export interface Edited {
  id: string;
  key: string;
  /** What was typed already, in place of what is there. */
  begun?: { value: Wire };
  /** What is wrong with it. */
  fault?: string;
}

export function useEdited(editing: CellEditing) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Edited>();
  const busy = useRef(false);
  busy.current = edited !== undefined;
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);

  async function keep(record: RecordView, column: Column, value: Wire) {
    const fault = await editing.save(record, column, value);
    if (!fault) return;
    const again = { id: record.id, key: column.key, begun: { value }, fault };
    const text = `${column.title}: ${fault}`;
    // Whoever edits another cell by now is not torn away from it.
    if (left.current) say({ text, bad: true });
    else if (busy.current) say({ text, bad: true, action: { text: t('cell.again'), act: () => setEdited(again) } });
    else setEdited(again);
  }

  return { edited, setEdited, keep };
}
