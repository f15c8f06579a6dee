// Rows within a record, edited like a spreadsheet.
import { PlusOutlined } from '@ant-design/icons';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, rowFields, useLabel } from '../../meta';
import { usePhone } from '../../theme/phone';
import { RowsSheet } from './RowsSheet';
import { Cell, type LayoutProps, RowTools, Totals, uiOf } from './rowParts';
import { changeCell, keyOf, newRow, type Row, rowsOf, standing, totalsOf } from './rows';
import { Sideways } from './Sideways';
import { Nothing } from './text';
import { type EditProps, type FieldUI, isEmpty, presenceOps, type ShowProps } from './ui';

function ShowTable({ def, value, full }: ShowProps) {
  const { t } = useTranslation();
  const rows = standing(rowsOf(value));
  if (!rows.length) return <Nothing />;
  if (!full) return <span>{t('table.count', { count: rows.length })}</span>;
  return <ShowFull fields={rowFields(def)} rows={rows} />;
}

interface RowsProps {
  fields: Field[];
  rows: Row[];
}

function ShowFull(props: RowsProps) {
  const Layout = usePhone() ? ReadCards : ShowRows;
  return <Layout {...props} />;
}

/** On a phone: what a row is of and what it comes to, the rest below; the sums after the last. */
function ReadCards({ fields, rows }: RowsProps) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const totals = totalsOf(fields, rows, (def) => def);
  const [lead, ...others] = fields;
  const sum = others.find((field) => totals.has(field.key));
  const rest = others.filter((field) => field !== sum);
  if (!lead) return null;
  const show = (field: Field, row: Row) => {
    const { Show } = uiOf(field);
    return <Show def={field.definition} value={row[field.key]} />;
  };
  return (
    <ol className="row-cards read">
      {rows.map((row, index) => (
        <li key={keyOf(row, index)}>
          {show(lead, row)}
          <span className="sum">{sum && show(sum, row)}</span>
          <p>
            {rest
              .filter((field) => !isEmpty(row[field.key]))
              .map((field) => (
                <span key={field.key}>
                  <span className="quiet">{label(field.definition['x-label'])}</span> {show(field, row)}
                </span>
              ))}
          </p>
        </li>
      ))}
      {totals.size > 0 && (
        <li>
          <strong>{t('table.total')}</strong>
          <span className="sum num">{sum && uiOf(sum).text(totals.get(sum.key), sum.definition, i18n.language)}</span>
          <p>
            {rest
              .filter((field) => totals.has(field.key))
              .map((field) => (
                <span key={field.key} className="num">
                  <span className="quiet">{label(field.definition['x-label'])}</span>{' '}
                  {uiOf(field).text(totals.get(field.key), field.definition, i18n.language)}
                </span>
              ))}
          </p>
        </li>
      )}
    </ol>
  );
}

function ShowRows({ fields, rows }: RowsProps) {
  const label = useLabel();
  const totals = totalsOf(fields, rows, (def) => def);
  return (
    <Sideways role="region" aria-label={fields.map((f) => label(f.definition['x-label'])).join(', ')} tabIndex={0}>
      <table className="rows">
        <thead>
          <tr>
            <th className="no">#</th>
            {fields.map((field) => (
              <th key={field.key} className={uiOf(field).numeric ? 'right' : ''}>
                {label(field.definition['x-label'])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              <td className="no num">{index + 1}</td>
              {fields.map((field) => {
                const { Show, numeric } = uiOf(field);
                return (
                  <td key={field.key} className={numeric ? 'right' : ''}>
                    <Show def={field.definition} value={row[field.key]} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <Totals fields={fields} totals={totals} any={rows.length > 0} />
      </table>
    </Sideways>
  );
}

function EditTable(props: EditProps) {
  const { def, value, onChange, disabled } = props;
  const { t } = useTranslation();
  const phone = usePhone();
  const fields = rowFields(def);
  const rows = rowsOf(value);
  const most = def.maxItems ?? 500;
  const full = standing(rows).length >= most;
  const Layout = phone ? Cards : RowsSheet;
  return (
    <div className="rows-edit">
      <Layout {...props} fields={fields} rows={rows} most={most} />
      <button
        type="button"
        className="plain add"
        disabled={disabled || full}
        onClick={() => onChange([...rows, newRow()])}
      >
        <PlusOutlined aria-hidden="true" /> {t('table.add')}
      </button>
    </div>
  );
}

function Cards(props: LayoutProps) {
  const { fields, rows, onChange, disabled, issues } = props;
  const label = useLabel();
  return (
    <ol className="row-cards">
      {standing(rows).map((row, index) => (
        <li key={keyOf(row, index)}>
          <header>
            <span className="num">{index + 1}</span>
            <RowTools {...props} index={index} row={row} />
          </header>
          {fields.map((field) => (
            <Fragment key={field.key}>
              <span className="quiet">{label(field.definition['x-label'])}</span>
              <Cell
                field={field}
                row={row}
                place={index}
                disabled={disabled}
                issue={issues?.[`${index}/${field.key}`]}
                onChange={(next) => onChange(changeCell(rows, keyOf(row, rows.indexOf(row)), field.key, next))}
              />
            </Fragment>
          ))}
        </li>
      ))}
    </ol>
  );
}

export const table: FieldUI = {
  Show: ShowTable,
  Edit: EditTable,
  text: (value) => String(standing(rowsOf(value)).length),
  ops: presenceOps,
  width: 80,
  wide: true,
  group: true,
};
