// What is being saved, in its place among the others: there to be seen, not yet to be opened.
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import type { Making } from '../form/making';
import type { Column } from '../grid/columns';
import { CardFace } from './CardList';

export function MakingCard({ making, columns, className }: { making: Making; columns: Column[]; className?: string }) {
  const { t } = useTranslation();
  const record = making.record ?? ({ values: making.values } as RecordView);
  return (
    <li className={className} aria-busy={!making.record}>
      <span className="card-row making">
        <CardFace record={record} columns={columns} />
        {!making.record && <small className="quiet">{t('record.saving')}</small>}
      </span>
    </li>
  );
}
