// Parts of rows within a record that all ways to show them have: cells, totals, what can be done to a row.
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Field, useLabel } from '../../meta';
import { registry } from './registry';
import { keyOf, moveRow, type Row, removeRow, standing } from './rows';
import type { EditProps } from './ui';

export type LayoutProps = EditProps & {
  fields: Field[];
  rows: Row[];
  /** How many rows there may be. */
  most: number;
};

export const uiOf = (field: Field) => registry[field.definition['x-field']];

export function Totals({
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

interface CellProps {
  field: Field;
  row: Row;
  place: number;
  disabled?: boolean;
  issue?: string;
  onChange: (value: unknown) => void;
}

export function Cell({ field, row, place, disabled, issue, onChange }: CellProps) {
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

export function RowTools({ rows, onChange, disabled, index, row }: LayoutProps & { index: number; row: Row }) {
  const { t } = useTranslation();
  const tool = (name: string, icon: ReactNode, act: () => void, off = false) => (
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
