// Below records that stand in groups: how many there are and what they come to, all together.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { aggregate } from '../api';
import { type Field, type Form, fieldOf, useLabel } from '../meta';
import { figure, useSums } from './groups';
import type { ListQuestion } from './useRecords';

interface Props {
  form: Form;
  fields: Field[];
  question: ListQuestion;
}

export function GroupTotal({ form, fields, question }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const sums = useSums(form, fields);
  const { data } = useQuery({
    queryKey: ['records', form.key, 'total', sums.map((sum) => sum.key), question.view, question.filter],
    queryFn: ({ signal }) =>
      aggregate(
        form.key,
        {
          view: question.view,
          filter: question.filter ? (JSON.parse(question.filter) as unknown) : undefined,
          metrics: [{ op: 'count' }, ...sums.map(({ key }) => ({ op: 'sum', field: key }))],
        },
        signal,
      ),
  });
  const [row] = data?.rows ?? [];
  if (!row) return null;
  return (
    <footer className="group-total">
      <strong>{t('table.total')}</strong>
      <span className="num">{t('list.count', { count: Number(row.metrics[0]) })}</span>
      {sums.map(({ key, def }, index) => (
        <span key={key} className="num">
          <span className="quiet">{label(fieldOf(form, key)?.definition['x-label'])}</span>{' '}
          {figure(row, index + 1, def)}
        </span>
      ))}
    </footer>
  );
}
