// The rows of a record's tables: in which sheet they stand, by which column they find their record, and what the other
// columns become.
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { type FileLook, type ImportTable, lookAt } from '../api';
import { type Field, type Form, useLabel, useWorld } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { FileColumn, FileColumnsHead } from './FileColumn';
import { namedBy, type Settings } from './plan';
import { rowMapped, rowsFrom, rowTargetsOf, tablesOf } from './rowplan';

interface Props {
  form: Form;
  look: FileLook;
  /** Sheets that were looked at beside the records' own, by name. */
  seen: Record<string, FileLook>;
  onSeen: (look: FileLook) => void;
  tables: ImportTable[];
  onTables: (tables: ImportTable[]) => void;
  settings: Settings;
}

export function Tables(props: Props) {
  const { form, tables, onTables } = props;
  return tablesOf(form).map((field) => (
    <One
      key={field.key}
      {...props}
      field={field}
      table={tables.find((one) => one.field === field.key)}
      onTable={(table) => {
        const others = tables.filter((one) => one.field !== field.key);
        onTables(table ? [...others, table] : others);
      }}
    />
  ));
}

interface OneProps extends Props {
  field: Field;
  table: ImportTable | undefined;
  onTable: (table: ImportTable | undefined) => void;
}

function One({ form, look, seen, onSeen, settings, field, table, onTable }: OneProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const name = label(field.definition['x-label']);
  const own = look.sheet ?? '';
  const { send, sending, fault } = useSending(async (sheet: string) => {
    const rows = sheet === own ? look : (seen[sheet] ?? (await lookAt(form.key, look.request.file, { sheet })));
    if (sheet !== own) onSeen(rows);
    onTable(rowsFrom(catalog, field, look, rows));
  });
  const sheets = look.sheets?.length ? look.sheets : [own];
  const rows = table && ((table.sheet ?? own) === own ? look : seen[table.sheet ?? '']);
  return (
    <section className="import-table" aria-label={t('import.table', { name })}>
      <div className="how">
        <h2>{t('import.table', { name })}</h2>
        <label>
          <span className="quiet">{t('import.tableSheet')}</span>
          <select
            className="select-input"
            aria-label={t('import.tableSheetOf', { name })}
            disabled={sending}
            value={table ? `in ${table.sheet ?? own}` : ''}
            onChange={({ target }) => (target.value ? void send(target.value.slice(3)) : onTable(undefined))}
          >
            <option value="">{t('import.leftOut')}</option>
            {sheets.map((sheet) => (
              <option key={sheet} value={`in ${sheet}`}>
                {sheet === own ? t('import.sameSheet') : sheet}
              </option>
            ))}
          </select>
        </label>
        {table && rows && (
          <Ways look={look} rows={rows} field={field} table={table} onTable={onTable} settings={settings} own={own} />
        )}
      </div>
      <FaultNotice>{fault}</FaultNotice>
      {table && rows && <RowColumns rows={rows} field={field} table={table} onTable={onTable} />}
      {table && !rows && (
        <button type="button" className="button" disabled={sending} onClick={() => send(table.sheet ?? own)}>
          {t('import.tableOpen', { sheet: table.sheet })}
        </button>
      )}
    </section>
  );
}

interface Shown {
  rows: FileLook;
  field: Field;
  table: ImportTable;
  onTable: (table: ImportTable) => void;
}

function RowColumns({ rows, field, table, onTable }: Shown) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  return (
    <table className="brief mapping">
      <FileColumnsHead />
      <tbody>
        {rows.columns
          .filter((column) => column.name !== table.join)
          .map((column) => {
            const now = table.columns.find((one) => one.column === column.name);
            return (
              <tr key={column.name} className={now ? '' : 'unused'}>
                <FileColumn column={column} />
                <td>
                  <select
                    className="select-input"
                    aria-label={t('import.becomesOf', { name: column.name })}
                    value={now?.field ?? ''}
                    onChange={({ target }) => {
                      const def = field.definition.properties?.[target.value];
                      onTable(rowMapped(table, column.name, target.value, namedBy(catalog, def)));
                    }}
                  >
                    <option value="">{t('import.leftOut')}</option>
                    {now?.field === 'id' && <option value="id">id</option>}
                    {rowTargetsOf(field).map(({ key, definition }) => (
                      <option key={key} value={key}>
                        {label(definition['x-label'])}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
      </tbody>
    </table>
  );
}

/** How rows find their record, and where records are changed, how they find themselves. */
function Ways({
  look,
  rows,
  field,
  table,
  onTable,
  settings,
  own,
}: Shown & { look: FileLook; settings: Settings; own: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const isApart = (table.sheet ?? own) !== own;
  return (
    <>
      <label>
        <span className="quiet">{t('import.join')}</span>
        <select
          className="select-input"
          value={table.join}
          onChange={({ target }) => {
            const columns = table.columns.filter((one) => one.column !== target.value);
            onTable({ ...table, join: target.value, columns });
          }}
        >
          {!table.join && <option value="">—</option>}
          {rows.columns.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {isApart && (
        <label>
          <span className="quiet">{t('import.joinTo')}</span>
          <select
            className="select-input"
            value={table.to ?? table.join}
            onChange={({ target }) => onTable({ ...table, to: target.value })}
          >
            {!look.columns.some(({ name }) => name === (table.to ?? table.join)) && <option value="">—</option>}
            {look.columns.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      {settings.mode !== 'create' && (
        <label>
          <span className="quiet">{t('import.rowKey')}</span>
          <select
            className="select-input"
            value={table.key ?? ''}
            onChange={({ target }) => onTable({ ...table, key: target.value || undefined })}
          >
            <option value="">—</option>
            {table.columns.map(({ field: key }) => (
              <option key={key} value={key}>
                {key === 'id' ? key : label(field.definition.properties?.[key]?.['x-label'])}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
