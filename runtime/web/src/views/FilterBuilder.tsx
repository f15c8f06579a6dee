// Conditions joined by and/or, in groups; what can be compared how depends on the field's kind.
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { registry } from '../form/fields/registry';
import { Select } from '../inputs';
import {
  anyField,
  type Condition,
  emptyFilter,
  type Form,
  type Group,
  isGroup,
  isStated,
  type Node,
  type Op,
  systemFields,
  useLabel,
  useWorld,
  valuesOf,
} from '../meta';
import { FilterValue } from './FilterValue';

interface Props {
  form: Form;
  filter: Group | undefined;
  onChange: (filter: Group | undefined) => void;
}

/** Groups within groups: two levels below the top are as many as people can read. */
const deepest = 2;

export default function FilterBuilder({ form, filter, onChange }: Props) {
  const { t } = useTranslation();
  const whole = filter ?? emptyFilter;
  return (
    <div className="menu-panel filter-panel">
      {whole.items.length === 0 && <p className="quiet">{t('filter.none')}</p>}
      <GroupEditor form={form} group={whole} depth={0} onChange={onChange} />
      {whole.items.length > 0 && (
        <button type="button" className="plain clear" onClick={() => onChange(undefined)}>
          {t('filter.clear')}
        </button>
      )}
    </div>
  );
}

interface GroupProps {
  form: Form;
  group: Group;
  depth: number;
  onChange: (group: Group) => void;
}

function useFilterFields(form: Form) {
  return [...form.fields, ...systemFields].filter(
    (field) =>
      !field.masked &&
      registry[field.definition['x-field']].ops.length > 0 &&
      !['address', 'table'].includes(field.definition['x-field']),
  );
}

function GroupEditor({ form, group, depth, onChange }: GroupProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = useFilterFields(form);
  const put = (index: number, node: Node | undefined) =>
    onChange({ ...group, items: group.items.flatMap((item, at) => (at !== index ? [item] : node ? [node] : [])) });
  const fresh = (): Condition => {
    const field = fields[0];
    return { field: field?.key ?? '', op: 'empty' };
  };
  const first = useFirstOp(form);
  const add = () => onChange({ ...group, items: [...group.items, first(fresh().field)] });
  return (
    <div className={depth ? 'filter-group' : ''} role="group" aria-label={t(`filter.${group.join}`)}>
      {group.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own
        <div key={index} className="filter-line">
          <span className="join">
            {index === 0 ? (
              t('filter.where')
            ) : index === 1 ? (
              <Select
                aria-label={t('filter.join')}
                value={group.join}
                options={[
                  { value: 'and', label: t('filter.and') },
                  { value: 'or', label: t('filter.or') },
                ]}
                onChange={(join) => onChange({ ...group, join })}
              />
            ) : (
              t(`filter.${group.join}`)
            )}
          </span>
          {isGroup(item) ? (
            <GroupEditor form={form} group={item} depth={depth + 1} onChange={(next) => put(index, next)} />
          ) : isStated(item) ? (
            <span className="filter-stated clip" title={item.expr}>
              {label(item.label)}
            </span>
          ) : (
            <ConditionEditor form={form} condition={item} onChange={(next) => put(index, next)} />
          )}
          <button
            type="button"
            className="plain icon"
            aria-label={t('filter.remove')}
            onClick={() => put(index, undefined)}
          >
            <CloseOutlined />
          </button>
        </div>
      ))}
      <div className="filter-add">
        <button type="button" className="plain" onClick={add}>
          <PlusOutlined aria-hidden="true" /> {t('filter.add')}
        </button>
        {depth < deepest && (
          <button
            type="button"
            className="plain"
            onClick={() =>
              onChange({ ...group, items: [...group.items, { join: 'or', items: [first(fresh().field)] }] })
            }
          >
            <PlusOutlined aria-hidden="true" /> {t('filter.addGroup')}
          </button>
        )}
      </div>
    </div>
  );
}

/** A condition on a field as it begins: with its kind's first comparison. */
function useFirstOp(form: Form) {
  const { catalog } = useWorld();
  return (key: string): Condition => {
    const field = anyField(form, key);
    const kind = field ? valuesOf(catalog, form, field.definition)['x-field'] : 'text';
    return { field: key, op: registry[kind].ops[0] as Op };
  };
}

function ConditionEditor({
  form,
  condition,
  onChange,
}: {
  form: Form;
  condition: Condition;
  onChange: (next: Condition) => void;
}) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const fields = useFilterFields(form);
  const first = useFirstOp(form);
  const field = anyField(form, condition.field);
  const def = field && valuesOf(catalog, form, field.definition);
  const ui = def && registry[def['x-field']];
  const said = (op: Op) => (ui?.opTexts?.[op] ? t(ui.opTexts[op]) : t(`op.${op}`));
  return (
    <>
      <Select
        className="filter-field"
        aria-label={t('filter.field')}
        value={condition.field}
        options={fields.map((one) => ({ value: one.key, label: label(one.definition['x-label']) }))}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(key) => onChange(first(key))}
      />
      <Select
        className="filter-op"
        aria-label={t('filter.op')}
        value={condition.op}
        options={(ui?.ops ?? []).map((op) => ({ value: op, label: said(op) }))}
        onChange={(op) => onChange({ ...condition, op, value: sameShape(condition, op) ? condition.value : undefined })}
      />
      <span className="filter-value">
        {def && <FilterValue def={def} condition={condition} onChange={(value) => onChange({ ...condition, value })} />}
      </span>
    </>
  );
}

const many: Op[] = ['in', 'nin', 'hasAll'];
const sameShape = (condition: Condition, op: Op) =>
  many.includes(condition.op) === many.includes(op) && condition.op !== 'during' && op !== 'during';
