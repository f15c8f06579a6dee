// Kinds whose values name something elsewhere: people, departments, zones, records.
import { PlusOutlined } from '@ant-design/icons';
import { lazy, type ReactNode, Suspense, useContext, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, Wire } from '../../api';
import { Select } from '../../inputs';
import { formOf, type Label, useLabel, useWorld } from '../../meta';
import { hueOf } from '../../theme/palette';
import { Inline } from '../inline';
import { RecordLink, RecordTitle } from './link';
import { noteRecent } from './recent';
import { type Source, useFound, useSource } from './source';
import { Nothing } from './text';
import { bound, choiceOps, type EditProps, type FieldUI, manyOps, type ShowProps } from './ui';
import { useClear } from './useClear';

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
  full ? <RecordLink form={def['x-ref'] ?? ''} record={ref} /> : <RecordTitle record={ref} />,
);

function edit(many: boolean) {
  return function EditRefs(props: EditProps) {
    const source = useSource(props.def);
    return <Picker {...props} source={source} many={many} />;
  };
}

// It has fields itself, and so pickers.
const Making = lazy(() => import('../Making').then((all) => ({ default: all.Making })));

function editRecords(many: boolean) {
  return function EditRecords(props: EditProps) {
    const { def, value, onChange } = props;
    const { catalog, me } = useWorld();
    const source = useSource(def);
    const [making, setMaking] = useState<string>();
    const form = formOf(catalog, def['x-ref'] ?? '');
    const can = useContext(Inline) && form?.rights.create;
    const take = (next: Wire) => {
      const last = refsOf(next).at(-1);
      if (form && last && !refsOf(value).some((ref) => ref.id === last.id)) noteRecent(me.user.id, form.key, last.id);
      onChange(next);
    };
    return (
      <>
        <Picker
          {...props}
          onChange={take}
          source={source}
          many={many}
          make={can ? { name: form.label, start: setMaking } : undefined}
        />
        {form && making !== undefined && (
          <Suspense>
            <Making
              form={form}
              title={making}
              onClose={() => setMaking(undefined)}
              onMade={(made) => take(many ? [...refsOf(value), made] : made)}
            />
          </Suspense>
        )}
      </>
    );
  };
}

interface PickerProps extends EditProps {
  source: Source;
  many: boolean;
  /** How what is not there yet is made, with the words typed. */
  make?: { name: Label; start: (words: string) => void };
}

/** Chooses among what the server finds for the words typed; what is chosen already stays on offer. */
export function Picker(props: PickerProps) {
  const { source, many, value, onChange, disabled, invalid, autoFocus, make } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const chosen = refsOf(value);
  const found = useFound(source);
  const clear = useClear();
  const status = useId();
  const [open, setOpen] = useState(false);
  const recent = found.recent.map((ref) => ref.id);
  const known = new Map([...found.recent, ...found.refs, ...chosen].map((ref) => [ref.id, ref]));
  const choice = (ref: Ref) => ({ value: ref.id, label: titleOf(ref) });
  const rest = [...known.values()].filter((ref) => !recent.includes(ref.id)).map(choice);
  const options = recent.length
    ? [
        { label: t('picker.recent'), options: found.recent.map(choice) },
        { label: t('picker.others'), options: rest },
      ]
    : rest;
  const take = (ids: string[]) => ids.map((id) => known.get(id) ?? { id });
  const name = make && t('list.newOne', { name: label(make.name) });
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
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (next) found.open();
        }}
        popupRender={(list) => (
          <>
            {list}
            {make && (
              <button
                type="button"
                className="plain pick-new"
                // The focus stays in the input until the choice is made: leaving it would shut the list first.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  setOpen(false);
                  make.start(found.typed.trim());
                }}
              >
                <PlusOutlined aria-hidden="true" /> {name}
                {found.typed.trim() && <strong className="clip">{found.typed.trim()}</strong>}
              </button>
            )}
          </>
        )}
        loading={found.loading}
        notFoundContent={found.loading ? t('picker.loading') : t('picker.nothing')}
        allowClear={clear}
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
export const orgunit: FieldUI = { Show: showName, Edit: edit(false), text, plain: 'words', ops: choiceOps, width: 130 };
export const orgunits: FieldUI = { Show: showName, Edit: edit(true), text, ops: manyOps, width: 180 };
export const zone: FieldUI = { Show: showName, Edit: edit(false), text, plain: 'words', ops: choiceOps, width: 120 };
export const reference: FieldUI = { Show: showRecord, Edit: editRecords(false), text, ops: choiceOps, width: 190 };
export const references: FieldUI = { Show: showRecord, Edit: editRecords(true), text, ops: manyOps, width: 220 };
