// Records of a pool: a table on a desk, cards on a phone, each with what can be done to it.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { useTitle } from '../form/title';
import { useColumns, valueIn } from '../grid/columns';
import { toggled } from '../grid/Grid';
import type { Form } from '../meta';
import { usePhone } from '../theme/phone';
import { CardFace } from '../views/CardList';
import type { useRecords } from '../views/useRecords';
import { poolColumns } from './useMembers';

interface Props {
  form: Form;
  records: RecordView[];
  list: ReturnType<typeof useRecords>;
  selected?: Set<string>;
  onSelect?: (selected: Set<string>) => void;
  extra: { title: string; text: (record: RecordView) => ReactNode };
  tools: (record: RecordView) => ReactNode;
  empty: string;
}

const shownColumns = 6;

export function Members(props: Props) {
  const { records, list, empty } = props;
  const { t } = useTranslation();
  const phone = usePhone();
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isPending, isError } = list.query;
  if (isPending) return <div className="skeleton late pool-waiting" aria-hidden="true" />;
  if (isError) return null;
  if (!records.length) {
    return (
      <div className="empty">
        <h2>{empty}</h2>
      </div>
    );
  }
  return (
    <>
      {phone ? <Cards {...props} /> : <Table {...props} />}
      {hasNextPage && (
        <button
          type="button"
          className="button pool-more"
          disabled={isFetchingNextPage}
          onClick={() => fetchNextPage()}
        >
          {t('board.moreCards')}
        </button>
      )}
    </>
  );
}

function Table({ form, records, selected, onSelect, extra, tools }: Props) {
  const { t } = useTranslation();
  const columns = useColumns(form, poolColumns(form, shownColumns));
  const title = useTitle(form);
  const all = records.length > 0 && records.every((record) => selected?.has(record.id));
  return (
    <table className="brief members">
      <thead>
        <tr>
          {onSelect && (
            <th className="check">
              <input
                type="checkbox"
                checked={all}
                aria-label={t('list.selectAll')}
                onChange={() => onSelect(new Set(all ? [] : records.map((record) => record.id)))}
              />
            </th>
          )}
          {columns.map((column) => (
            <th key={column.key} className={column.ui.numeric ? 'right' : ''}>
              {column.title}
            </th>
          ))}
          <th>{extra.title}</th>
          <th>
            <span className="sr">{t('table.tools')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {records.map((record, index) => (
          <tr key={record.id}>
            {onSelect && (
              <td className="check">
                <input
                  type="checkbox"
                  checked={selected?.has(record.id) ?? false}
                  aria-label={t('list.select', { number: index + 1 })}
                  onChange={() => onSelect(toggled(selected ?? new Set(), record.id))}
                />
              </td>
            )}
            {columns.map((column) => (
              <td key={column.key} className={column.ui.numeric ? 'right' : ''}>
                {column.key === form.title ? (
                  <Link to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
                    {title(record) || t('record.untitled')}
                  </Link>
                ) : (
                  <column.ui.Show def={column.def} value={valueIn(record, column.key)} />
                )}
              </td>
            ))}
            <td className="num">{extra.text(record)}</td>
            <td>
              <span className="tools">{tools(record)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards({ form, records, extra, tools }: Props) {
  const columns = useColumns(form, poolColumns(form, shownColumns));
  return (
    <ul className="cards">
      {records.map((record) => (
        <li key={record.id} className="member-card">
          <Link className="card-row" to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
            <CardFace record={record} columns={columns} />
          </Link>
          <div className="member-tools">
            <span className="quiet num">
              {extra.title} {extra.text(record)}
            </span>
            <span className="tools">{tools(record)}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
