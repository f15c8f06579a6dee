import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Select } from '../inputs';
import { type Form, systemFields, useLabel } from '../meta';
import { isSortable, parseSort, type SortKey, writeSort } from './listState';

/** The store orders by three fields at most. */
const most = 3;

export function SortMenu({ form, sort, onChange }: { form: Form; sort: string; onChange: (sort: string) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const keys = parseSort(sort);
  const fields = [...form.fields, ...systemFields].filter((field) => isSortable(form, field.key));
  const options = fields.map((field) => ({ value: field.key, label: label(field.definition['x-label']) }));
  const free = options.find((option) => !keys.some((key) => key.field === option.value));
  const put = (index: number, change: Partial<SortKey>) =>
    onChange(writeSort(keys.map((key, at) => (at === index ? { ...key, ...change } : key))));
  return (
    <div className="menu-panel">
      {keys.map((key, index) => (
        <div key={key.field} className="menu-line">
          <Select
            className="menu-field"
            aria-label={t('sort.field')}
            value={key.field}
            options={options}
            onChange={(field) => put(index, { field })}
            showSearch={{ optionFilterProp: 'label' }}
          />
          <div className="segments" role="group" aria-label={t('sort.direction')}>
            <button type="button" aria-pressed={!key.down} onClick={() => put(index, { down: false })}>
              {t('sort.up')}
            </button>
            <button type="button" aria-pressed={key.down} onClick={() => put(index, { down: true })}>
              {t('sort.down')}
            </button>
          </div>
          <button
            type="button"
            className="plain icon"
            aria-label={t('sort.remove')}
            onClick={() => onChange(writeSort(keys.filter((_, at) => at !== index)))}
          >
            <CloseOutlined />
          </button>
        </div>
      ))}
      {free && keys.length < most && (
        <button
          type="button"
          className="plain"
          onClick={() => onChange(writeSort([...keys, { field: free.value, down: false }]))}
        >
          <PlusOutlined aria-hidden="true" /> {t('sort.add')}
        </button>
      )}
    </div>
  );
}
