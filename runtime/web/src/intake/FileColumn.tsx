// A column of a file in a table of what becomes of it: its name and what stands in it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function FileColumnsHead() {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <th>{t('import.column')}</th>
        <th>{t('import.samples')}</th>
        <th>{t('import.becomes')}</th>
      </tr>
    </thead>
  );
}

interface Props {
  column: { name: string; samples: string[] };
  /** What is odd about its samples. */
  children?: ReactNode;
}

export function FileColumn({ column, children }: Props) {
  return (
    <>
      <td>
        <strong className="clip">{column.name}</strong>
      </td>
      <td>
        <span className="quiet clip samples">{column.samples.filter(Boolean).slice(0, 3).join(' · ') || '—'}</span>
        {children}
      </td>
    </>
  );
}
