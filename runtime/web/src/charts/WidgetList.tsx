// The first records of a view, on a dashboard.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { listRecords, type RecordView } from '../api';
import { isEmpty } from '../form/fields/ui';
import { type Column, useColumns, valueIn } from '../grid/columns';
import { anyField, columnsOf, type Form, formOf, useWorld, type View, viewOf, type Widget } from '../meta';
import { usePhone } from '../theme/phone';
import { CardFace } from '../views/CardList';
import { Fault } from '../views/Fault';
import { searchBehind } from './behind';
import { expressionOf, type Scope } from './scope';

export function WidgetList({ widget, scope }: { widget: Widget; scope: Scope }) {
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const form = formOf(catalog, widget.form) as Form;
  const view = viewOf(form, widget.view);
  const wanted = widget.columns?.map((key) => anyField(form, key)).filter((field) => field !== undefined);
  const columns = useColumns(form, wanted?.length ? wanted : columnsOf(form, view).slice(0, 4));
  const filter = expressionOf(form, widget, scope);
  const question = { view: view?.key, filter, limit: widget.limit ?? 10 };
  const query = useQuery({
    queryKey: ['records', form.key, 'widget', question],
    queryFn: ({ signal }) => firstOf(form, view, question, signal),
  });
  const phone = usePhone();
  const records = query.data?.records ?? [];
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  if (query.data?.records.length === 0) return <p className="quiet none">{t('chart.emptyList')}</p>;
  return (
    <>
      {phone ? (
        <ul className="cards">
          {records.map((record) => (
            <li key={record.id}>
              <Link className="card-row" to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
                <CardFace record={record} columns={columns} />
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        <RecordTable form={form} records={records} columns={columns} />
      )}
      {query.data?.next && (
        <Link className="all" to="/f/$form" params={{ form: form.key }} search={searchBehind(form, widget, scope, [])}>
          {t('chart.all')}
        </Link>
      )}
    </>
  );
}

interface Question {
  view: string | undefined;
  filter: string | undefined;
  limit: number;
}

/** Of an agenda those with a time come first, however late; what has none comes after them. */
async function firstOf(form: Form, view: View | undefined, question: Question, signal: AbortSignal) {
  if (view?.kind !== 'agenda' || !view.group) return listRecords(form.key, question, signal);
  const also = (condition: string) => (question.filter ? `${question.filter} and ${condition}` : condition);
  const timed = await listRecords(form.key, { ...question, filter: also(`${view.group} != nil`) }, signal);
  if (timed.next) return timed;
  const rest = await listRecords(form.key, { ...question, filter: also(`${view.group} == nil`) }, signal);
  const records = [...timed.records, ...rest.records];
  return { records: records.slice(0, question.limit), next: rest.next ?? records[question.limit]?.id };
}

/** The first filled cell of a row leads to its record. */
function RecordTable({ form, records, columns }: { form: Form; records: RecordView[]; columns: Column[] }) {
  return (
    <table className="brief">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} className={column.ui.numeric ? 'right' : ''}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {records.map((record) => {
          const lead = columns.find((column) => !isEmpty(valueIn(record, column.key)));
          return (
            <tr key={record.id}>
              {columns.map((column) => {
                const cell = <column.ui.Show def={column.def} value={valueIn(record, column.key)} />;
                return (
                  <td key={column.key} className={column.ui.numeric ? 'right' : ''}>
                    {column === lead ? (
                      <Link to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
                        {cell}
                      </Link>
                    ) : (
                      cell
                    )}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
