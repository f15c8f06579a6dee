// Which columns are shown, in what order, and which stay in sight.
import { ArrowDownOutlined, ArrowUpOutlined, PushpinFilled, PushpinOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { pinnedOtherwise, staying } from '../grid/layout';
import { type Form, systemFields, useLabel } from '../meta';
import type { ListColumns } from './listColumns';

interface Props {
  form: Form;
  columns: ListColumns;
}

export function ColumnMenu({ form, columns }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { layout, change, reset, said: fields } = columns;
  const shown = columns.shown.map((field) => field.key);
  const stay = staying(layout, shown);
  const shownByView = fields.map((field) => field.key);
  const all = [
    ...fields,
    ...form.fields.filter((f) => !shownByView.includes(f.key)),
    ...systemFields.filter((f) => !shownByView.includes(f.key)),
  ];
  const place = (key: string) => layout.order.indexOf(key);
  const ordered = layout.order.length ? [...all].sort((a, b) => rank(place(a.key)) - rank(place(b.key))) : all;
  const isShown = (key: string) =>
    !layout.hidden.includes(key) && (shownByView.includes(key) || layout.added.includes(key));

  function toggle(key: string) {
    if (isShown(key)) {
      change({ hidden: [...layout.hidden, key], added: layout.added.filter((one) => one !== key) });
    } else {
      change({
        hidden: layout.hidden.filter((one) => one !== key),
        added: shownByView.includes(key) ? layout.added : [...layout.added, key],
      });
    }
  }

  function move(key: string, by: number) {
    const keys = ordered.map((field) => field.key);
    const at = keys.indexOf(key);
    const other = keys[at + by];
    if (other === undefined) return;
    keys[at] = other;
    keys[at + by] = key;
    change({ order: keys });
  }

  return (
    <div className="menu-panel columns-menu">
      <ul>
        {ordered.map((field, index) => {
          const name = label(field.definition['x-label']);
          return (
            <li key={field.key} className="menu-line">
              <label>
                <input type="checkbox" checked={isShown(field.key)} onChange={() => toggle(field.key)} /> {name}
              </label>
              <button
                type="button"
                className="plain icon"
                aria-pressed={stay.includes(field.key)}
                aria-label={t('columns.pin', { name })}
                title={t('columns.pin', { name })}
                onClick={() => change(pinnedOtherwise(layout, shown, field.key))}
              >
                {stay.includes(field.key) ? <PushpinFilled /> : <PushpinOutlined />}
              </button>
              <button
                type="button"
                className="plain icon"
                disabled={index === 0}
                aria-label={t('columns.up', { name })}
                onClick={() => move(field.key, -1)}
              >
                <ArrowUpOutlined />
              </button>
              <button
                type="button"
                className="plain icon"
                disabled={index === ordered.length - 1}
                aria-label={t('columns.down', { name })}
                onClick={() => move(field.key, 1)}
              >
                <ArrowDownOutlined />
              </button>
            </li>
          );
        })}
      </ul>
      <button type="button" className="plain" disabled={!columns.touched} onClick={reset}>
        {t('columns.reset')}
      </button>
    </div>
  );
}

const rank = (place: number) => (place < 0 ? Number.MAX_SAFE_INTEGER : place);
