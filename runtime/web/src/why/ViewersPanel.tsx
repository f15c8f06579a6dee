// Who sees a record, or one field of it, and what lets each of them.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RecordView, type Viewer, viewersOf } from '../api';
import { Person } from '../form/fields/reference';
import { isEmpty } from '../form/fields/ui';
import { type Form, useLabel } from '../meta';
import { Sheet } from '../shell/Sheet';
import { usePhone } from '../theme/phone';
import { Fault } from '../views/Fault';
import { Step } from './WhyPanel';
import './why.css';

interface Props {
  form: Form;
  record: RecordView;
  onClose: () => void;
}

export function ViewersPanel({ form, record, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const [field, setField] = useState('');
  const query = useInfiniteQuery({
    queryKey: ['record', form.key, record.id, 'viewers', field],
    queryFn: ({ pageParam, signal }) =>
      viewersOf(form.key, record.id, field || undefined, pageParam || undefined, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const viewers = query.data?.pages.flatMap((page) => page.viewers) ?? [];
  // Only what whoever asks sees whole can be asked about.
  const fields = form.fields.filter((one) => !isEmpty(record.values[one.key]) && !record.masked?.includes(one.key));
  return (
    <Sheet title={t('viewers.title')} onClose={onClose} kind={phone ? 'below' : 'wide'}>
      <div className="sheet-content why" aria-busy={query.isPending}>
        <label className="viewers-field">
          <span className="name">{t('viewers.what')}</span>
          <select className="text-input" value={field} onChange={(event) => setField(event.target.value)}>
            <option value="">{t('viewers.record')}</option>
            {fields.map((one) => (
              <option key={one.key} value={one.key}>
                {label(one.definition['x-label'])}
              </option>
            ))}
          </select>
        </label>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.isPending && <div className="skeleton late" style={{ height: 80 }} />}
        <ul className="viewers">
          {viewers.map((viewer) => (
            <One key={viewer.person.id} viewer={viewer} />
          ))}
        </ul>
        {query.hasNextPage && (
          <button
            type="button"
            className="plain"
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('viewers.more')}
          </button>
        )}
      </div>
    </Sheet>
  );
}

function One({ viewer }: { viewer: Viewer }) {
  const { t } = useTranslation();
  return (
    <li>
      <details>
        <summary>
          <span className="why-line">
            <Person person={viewer.person} />
            {viewer.masked && <span className="quiet">{t('viewers.masked')}</span>}
            {viewer.update && <span className="quiet">{t('viewers.update')}</span>}
          </span>
        </summary>
        <ul className="why-tree">
          <Step step={viewer.why} depth={0} />
        </ul>
      </details>
    </li>
  );
}
