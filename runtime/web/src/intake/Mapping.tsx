// What each column of the file becomes, with what stands in it; the guesses come from the server.
import { useTranslation } from 'react-i18next';
import { type FileLook, type ImportColumn, type ImportTable, lookAt } from '../api';
import { type Form, fieldOf, useLabel, useWorld } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from '../views/Fault';
import { FileColumn, FileColumnsHead } from './FileColumn';
import { keysOf, mapped, namedBy, type Settings, tableOfColumns, targetsOf } from './plan';

interface Props {
  form: Form;
  look: FileLook;
  columns: Record<string, ImportColumn>;
  tables: ImportTable[];
  onColumns: (columns: Record<string, ImportColumn>) => void;
  settings: Settings;
  onSettings: (settings: Settings) => void;
  /** Another sheet of the workbook was looked at. */
  onLook: (look: FileLook) => void;
}

const modes = ['create', 'update', 'upsert'] as const;

export function Mapping(props: Props) {
  const { form, look, columns, tables, onColumns } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const targets = targetsOf(form);
  const inTables = tableOfColumns(look, tables);
  const taken = look.columns.filter(({ name }) => columns[name] || inTables.has(name)).length;
  const marks = Object.entries(look.marks ?? {}).filter(([, count]) => count > 0);
  return (
    <>
      <How {...props} />
      {(look.merged ?? 0) > 0 && <p className="notice">{t('import.merged', { count: look.merged })}</p>}
      {marks.map(([mark, count]) => (
        <p key={mark} className="notice">
          {t(`importMark.${mark}`, { count })}
        </p>
      ))}
      <p className="quiet num" role="status">
        {t('import.mapped', { count: taken, of: look.columns.length })}
      </p>
      <table className="brief mapping">
        <FileColumnsHead />
        <tbody>
          {look.columns.map((column) => {
            const now = columns[column.name];
            const within = inTables.get(column.name);
            const odd = column.guess && now?.field === column.guess.field ? (column.unknown ?? []) : [];
            return (
              <tr key={column.name} className={now || within ? '' : 'unused'}>
                <FileColumn column={column}>
                  {odd.length > 0 && (
                    <small className="fault">{t('import.unknown', { values: odd.slice(0, 3).join('、') })}</small>
                  )}
                </FileColumn>
                <td>
                  <select
                    className="select-input"
                    aria-label={t('import.becomesOf', { name: column.name })}
                    value={now?.field ?? ''}
                    onChange={({ target: { value } }) => {
                      const by = namedBy(catalog, fieldOf(form, value)?.definition);
                      onColumns(mapped(columns, look, column.name, value, by));
                    }}
                  >
                    <option value="">
                      {within
                        ? t('import.inTable', { name: label(fieldOf(form, within)?.definition['x-label']) })
                        : t('import.leftOut')}
                    </option>
                    {now && !targets.some((field) => field.key === now.field) && (
                      <option value={now.field}>{now.field}</option>
                    )}
                    {targets.map((field) => (
                      <option key={field.key} value={field.key}>
                        {label(field.definition['x-label'])}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

/** Whether rows make records or change some, and how they find these. */
function How({ form, look, settings, onSettings, onLook }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const text = useFaultText();
  const keys = keysOf(form);
  const may = (mode: Settings['mode']) =>
    (mode === 'update' || form.rights.create) &&
    (mode === 'create' || form.rights.update) &&
    (mode === 'create' || keys.length > 0);
  const pools = form.pools?.filter((pool) => pool.place) ?? [];
  const other = (sheet: string) =>
    lookAt(form.key, look.request.file, { sheet }).then(onLook, (error) => say({ text: text(error), bad: true }));
  return (
    <div className="how">
      {(look.sheets?.length ?? 0) > 1 && (
        <label>
          <span className="quiet">{t('import.sheet')}</span>
          <select className="select-input" value={look.sheet} onChange={(event) => other(event.target.value)}>
            {look.sheets?.map((sheet) => (
              <option key={sheet}>{sheet}</option>
            ))}
          </select>
        </label>
      )}
      <div className="segments" role="group" aria-label={t('import.mode')}>
        {modes.filter(may).map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={mode === settings.mode}
            onClick={() => onSettings({ ...settings, mode, key: settings.key || (keys[0]?.key ?? '') })}
          >
            {t(`importMode.${mode}`)}
          </button>
        ))}
      </div>
      {settings.mode !== 'create' && (
        <>
          <label>
            <span className="quiet">{t('import.key')}</span>
            <select
              className="select-input"
              value={settings.key}
              onChange={(event) => onSettings({ ...settings, key: event.target.value })}
            >
              {keys.map((field) => (
                <option key={field.key} value={field.key}>
                  {label(field.definition['x-label'])}
                </option>
              ))}
            </select>
          </label>
          <label className="choice-line">
            <input
              type="checkbox"
              checked={settings.clear}
              onChange={(event) => onSettings({ ...settings, clear: event.target.checked })}
            />
            {t('import.clear')}
          </label>
        </>
      )}
      {settings.mode !== 'update' && pools.length > 0 && (
        <label>
          <span className="quiet">{t('import.pool')}</span>
          <select
            className="select-input"
            value={settings.pool}
            onChange={(event) => onSettings({ ...settings, pool: event.target.value })}
          >
            <option value="">{t('import.poolByRule')}</option>
            {pools.map((pool) => (
              <option key={pool.key} value={pool.key}>
                {label(pool.label)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
