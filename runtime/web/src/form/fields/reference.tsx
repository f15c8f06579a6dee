// Kinds whose values name something elsewhere: people, departments, zones, records.
import { Select } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, Wire } from '../../api';
import { hueOf } from '../../theme/palette';
import { RecordLink } from './link';
import { type Source, useFound, useSource } from './source';
import { Nothing } from './text';
import { bound, choiceOps, type EditProps, type FieldUI, manyOps, type ShowProps } from './ui';

export const isRef = (value: Wire): value is Ref => typeof value === 'object' && value !== null && 'id' in value;
const refsOf = (value: Wire): Ref[] => (Array.isArray(value) ? value.filter(isRef) : isRef(value) ? [value] : []);
const titleOf = (ref: Ref) => ref.title ?? ref.id;
const text = (value: Wire) => refsOf(value).map(titleOf).join(', ');

/** The last letter of a Chinese name tells people apart better than the first, which is the family's. */
const initial = (name: string) => (/^[一-鿿]{2,4}$/.test(name) ? name.slice(0, 1) : name.slice(0, 1).toUpperCase());

export function Person({ person, bare }: { person: Ref; bare?: boolean }) {
  const name = titleOf(person);
  return (
    <span className="person" title={bare ? name : undefined}>
      <span className="badge" style={{ background: hueOf(person.id) }} data-letter={initial(name)} aria-hidden="true" />
      {bare ? <span className="sr">{name}</span> : <span className="clip">{name}</span>}
    </span>
  );
}

function show(one: (ref: Ref, props: ShowProps) => ReactNode) {
  return function ShowRefs(props: ShowProps) {
    const refs = refsOf(props.value);
    if (!refs.length) return <Nothing />;
    if (!Array.isArray(props.value)) return one(refs[0] as Ref, props);
    return (
      <span className={props.full ? 'chips wrap' : 'chips'}>
        {refs.map((ref) => (
          <span key={ref.id}>{one(ref, props)}</span>
        ))}
      </span>
    );
  };
}

const showPerson = show((ref) => <Person person={ref} />);
const showName = show((ref) => <span className="clip">{titleOf(ref)}</span>);
const showRecord = show((ref, { def, full }) =>
  full ? <RecordLink form={def['x-ref'] ?? ''} record={ref} /> : <span className="clip">{titleOf(ref)}</span>,
);

function edit(many: boolean) {
  return function EditRefs(props: EditProps) {
    const source = useSource(props.def);
    return <Picker {...props} source={source} many={many} />;
  };
}

/** Chooses among what the server finds for the words typed; what is chosen already stays on offer. */
export function Picker(props: EditProps & { source: Source; many: boolean }) {
  const { source, many, value, onChange, disabled, invalid, autoFocus } = props;
  const { t } = useTranslation();
  const chosen = refsOf(value);
  const found = useFound(source);
  const status = useId();
  const known = new Map([...found.refs, ...chosen].map((ref) => [ref.id, ref]));
  const options = [...known.values()].map((ref) => ({ value: ref.id, label: titleOf(ref) }));
  const take = (ids: string[]) => ids.map((id) => known.get(id) ?? { id });
  return (
    <>
      <Select
        {...bound(props)}
        className="full"
        mode={many ? 'multiple' : undefined}
        value={many ? chosen.map((ref) => ref.id) : (chosen[0]?.id ?? undefined)}
        onChange={(next: string | string[] | undefined) =>
          onChange(Array.isArray(next) ? take(next) : next ? take([next])[0] : null)
        }
        options={options}
        showSearch={{ filterOption: source.local ? byLabel : false, onSearch: found.search }}
        onOpenChange={(open) => open && found.open()}
        loading={found.loading}
        notFoundContent={found.loading ? t('picker.loading') : t('picker.nothing')}
        allowClear
        disabled={disabled}
        status={invalid ? 'error' : undefined}
        autoFocus={autoFocus}
      />
      <span id={status} className="sr" role="status">
        {found.loading ? t('picker.loading') : ''}
      </span>
    </>
  );
}

const byLabel = (typed: string, option?: { label?: ReactNode }) =>
  String(option?.label ?? '')
    .toLowerCase()
    .includes(typed.toLowerCase());

export const member: FieldUI = { Show: showPerson, Edit: edit(false), text, ops: choiceOps, width: 120 };
export const members: FieldUI = { Show: showPerson, Edit: edit(true), text, ops: manyOps, width: 180 };
export const orgunit: FieldUI = { Show: showName, Edit: edit(false), text, ops: choiceOps, width: 130 };
export const orgunits: FieldUI = { Show: showName, Edit: edit(true), text, ops: manyOps, width: 180 };
export const zone: FieldUI = { Show: showName, Edit: edit(false), text, ops: choiceOps, width: 120 };
export const reference: FieldUI = { Show: showRecord, Edit: edit(false), text, ops: choiceOps, width: 190 };
export const references: FieldUI = { Show: showRecord, Edit: edit(true), text, ops: manyOps, width: 220 };
