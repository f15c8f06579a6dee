// Rows within a record, edited like a spreadsheet.
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { type ClipboardEvent, Fragment, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, rowFields, useLabel } from '../../meta';
import { usePhone } from '../../theme/phone';
import { registry } from './registry';
import {
  cellsOf,
  changeCell,
  keyOf,
  moveRow,
  newRow,
  paste,
  type Row,
  removeRow,
  rowsOf,
  standing,
  totalsOf,
} from './rows';
import { Nothing } from './text';
import { type EditProps, type FieldUI, presenceOps, type ShowProps } from './ui';

const uiOf = (field: Field) => registry[field.definition['x-field']];

function ShowTable({ def, value, full }: ShowProps) {
  const { t } = useTranslation();
  const rows = standing(rowsOf(value));
  if (!rows.length) return <Nothing />;
  if (!full) return <span>{t('table.count', { count: rows.length })}</span>;
  return <ShowRows fields={rowFields(def)} rows={rows} />;
}

function ShowRows({ fields, rows }: { fields: Field[]; rows: Row[] }) {
  const label = useLabel();
  const totals = totalsOf(fields, rows, (def) => def);
  return (
    <div
      className="rows-scroll"
      role="region"
      aria-label={fields.map((f) => label(f.definition['x-label'])).join(', ')}
      tabIndex={0}
    >
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
    </div>
  );
}

function Totals({
  fields,
  totals,
  any,
  tail = 0,
}: {
  fields: Field[];
  totals: Map<string, string>;
  any: boolean;
  tail?: number;
}) {
  const { t, i18n } = useTranslation();
  if (!totals.size || !any) return null;
  return (
    <tfoot>
      <tr>
        <th colSpan={2} scope="row">
          {t('table.total')}
        </th>
        {fields.slice(1).map((field) => (
          <td key={field.key} className="right num">
            {totals.has(field.key) && uiOf(field).text(totals.get(field.key), field.definition, i18n.language)}
          </td>
        ))}
        {tail > 0 && <td />}
      </tr>
    </tfoot>
  );
}

function EditTable(props: EditProps) {
  const { def, value, onChange, disabled } = props;
  const { t } = useTranslation();
  const phone = usePhone();
  const fields = rowFields(def);
  const rows = rowsOf(value);
  const full = standing(rows).length >= (def.maxItems ?? 500);
  const Layout = phone ? Cards : Sheet;
  return (
    <div className="rows-edit">
      <Layout {...props} fields={fields} rows={rows} />
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

type LayoutProps = EditProps & { fields: Field[]; rows: Row[] };

function Sheet(props: LayoutProps) {
  const { id, def, fields, rows, onChange, disabled, issues } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const shown = standing(rows);
  const totals = totalsOf(fields, rows, (one) => one);
  const required = new Set(def.required);

  function onPaste(event: ClipboardEvent, row: number, column: number) {
    const cells = cellsOf(event.clipboardData.getData('text/plain'));
    if (cells.length < 2 && (cells[0]?.length ?? 0) < 2) return;
    event.preventDefault();
    onChange(paste(rows, fields, { row, column }, cells));
  }

  return (
    <div className="rows-scroll">
      <table className="rows editing" id={id} aria-label={label(def['x-label'])}>
        <thead>
          <tr>
            <th className="no">#</th>
            {fields.map((field) => (
              <th key={field.key} className={uiOf(field).numeric ? 'right' : ''}>
                {label(field.definition['x-label'])}
                {required.has(field.key) && <span className="must"> *</span>}
              </th>
            ))}
            <th className="tools">
              <span className="sr">{t('table.tools')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={keyOf(row, index)}>
              <td className="no num">{index + 1}</td>
              {fields.map((field, column) => (
                <td
                  key={field.key}
                  className={uiOf(field).numeric ? 'right' : ''}
                  style={{ minWidth: Math.min(uiOf(field).width, 150) }}
                  onPaste={(event) => onPaste(event, index, column)}
                >
                  <Cell
                    field={field}
                    row={row}
                    place={index}
                    disabled={disabled}
                    issue={issues?.[`${index}/${field.key}`]}
                    onChange={(next) => onChange(changeCell(rows, keyOf(row, rows.indexOf(row)), field.key, next))}
                  />
                </td>
              ))}
              <td className="tools">
                <RowTools {...props} index={index} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
        <Totals fields={fields} totals={totals} any={shown.length > 0} tail={1} />
      </table>
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

interface CellProps {
  field: Field;
  row: Row;
  place: number;
  disabled?: boolean;
  issue?: string;
  onChange: (value: unknown) => void;
}

function Cell({ field, row, place, disabled, issue, onChange }: CellProps) {
  const label = useLabel();
  const id = useId();
  const { Show, Edit } = uiOf(field);
  if (field.computed || field.readOnly) return <Show def={field.definition} value={row[field.key]} />;
  return (
    <>
      <Edit
        id={id}
        def={field.definition}
        value={row[field.key]}
        onChange={onChange}
        disabled={disabled}
        invalid={Boolean(issue)}
        describedBy={issue ? `${id}-fault` : undefined}
        label={`${label(field.definition['x-label'])} ${place + 1}`}
      />
      {issue && (
        <small className="fault" id={`${id}-fault`}>
          {issue}
        </small>
      )}
    </>
  );
}

function RowTools({ rows, onChange, disabled, index, row }: LayoutProps & { index: number; row: Row }) {
  const { t } = useTranslation();
  const tool = (name: string, icon: React.ReactNode, act: () => void, off = false) => (
    <button
      type="button"
      className="plain icon"
      disabled={disabled || off}
      aria-label={name}
      title={name}
      onClick={act}
    >
      {icon}
    </button>
  );
  const last = standing(rows).length - 1;
  const number = index + 1;
  return (
    <span className="row-tools">
      {tool(
        t('table.up', { number }),
        <ArrowUpOutlined />,
        () => onChange(moveRow(rows, index, index - 1)),
        index === 0,
      )}
      {tool(
        t('table.down', { number }),
        <ArrowDownOutlined />,
        () => onChange(moveRow(rows, index, index + 1)),
        index === last,
      )}
      {tool(t('table.remove', { number }), <DeleteOutlined />, () =>
        onChange(removeRow(rows, keyOf(row, rows.indexOf(row)))),
      )}
    </span>
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
