// Places: a division of the country by its code, and a postal address.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listRegions, type Wire } from '../../api';
import { Cascader, Input } from '../../inputs';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, presenceOps, type ShowProps } from './ui';

export interface Division {
  value: string;
  label: string;
  children?: Division[];
}

/** The code of the division above: 310104 → 310000 where there is no 310100. */
function above(code: string, known: Map<string, Division>): string | undefined {
  const levels = [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`];
  return levels.find((level) => level !== code && known.has(level));
}

export function treeOf(regions: [string, string][]): { top: Division[]; known: Map<string, Division> } {
  const known = new Map(regions.map(([value, label]) => [value, { value, label } as Division]));
  const top: Division[] = [];
  for (const division of known.values()) {
    const parent = known.get(above(division.value, known) ?? '');
    if (!parent) top.push(division);
    else parent.children = [...(parent.children ?? []), division];
  }
  return { top, known };
}

export function pathOf(code: string, known: Map<string, Division>): Division[] {
  const division = known.get(code);
  if (!division) return [];
  const parent = above(code, known);
  return parent ? [...pathOf(parent, known), division] : [division];
}

function useRegions() {
  const { data } = useQuery({ queryKey: ['regions'], queryFn: listRegions, staleTime: Number.POSITIVE_INFINITY });
  return useMemo(() => treeOf(data?.regions ?? []), [data]);
}

const codeOf = (value: Wire) => (typeof value === 'string' ? value : '');

function ShowRegion({ value }: ShowProps) {
  const { known } = useRegions();
  const code = codeOf(value);
  if (!code) return <Nothing />;
  const names = pathOf(code, known).map((division) => division.label);
  return <span className="clip">{names.join(' ') || code}</span>;
}

function EditRegion(props: EditProps) {
  const { value, onChange, disabled, invalid, autoFocus } = props;
  const { top, known } = useRegions();
  const path = pathOf(codeOf(value), known).map((division) => division.value);
  return (
    <Cascader
      {...bound(props)}
      className="full"
      value={path.length ? path : undefined}
      onChange={(next) => onChange(next?.at(-1) ?? null)}
      options={top}
      changeOnSelect
      showSearch={{ limit: 30 }}
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoFocus={autoFocus}
    />
  );
}

export const region: FieldUI = {
  Show: ShowRegion,
  Edit: EditRegion,
  text: codeOf,
  ops: ['prefix', ...presenceOps],
  width: 160,
};

type Address = { region?: Wire; detail?: Wire; postcode?: Wire };
const addressOf = (value: Wire): Address => (typeof value === 'object' && value !== null ? (value as Address) : {});

function ShowAddress({ def, value }: ShowProps) {
  const { region: code, detail, postcode } = addressOf(value);
  if (isEmpty(code) && isEmpty(detail) && isEmpty(postcode)) return <Nothing />;
  return (
    <span className="clip">
      {!isEmpty(code) && <ShowRegion def={def} value={code} />} {String(detail ?? '')}{' '}
      {!isEmpty(postcode) && <span className="quiet num">{String(postcode)}</span>}
    </span>
  );
}

function EditAddress(props: EditProps) {
  const { id, value, onChange, disabled } = props;
  const { t } = useTranslation();
  const address = addressOf(value);
  const set = (change: Address) => onChange({ ...address, ...change });
  return (
    <div className="address">
      <EditRegion
        {...props}
        value={address.region}
        onChange={(next) => set({ region: next })}
        label={t('address.region')}
      />
      <Input
        id={`${id}-detail`}
        aria-label={t('address.detail')}
        placeholder={t('address.detail')}
        value={String(address.detail ?? '')}
        onChange={(event) => set({ detail: event.target.value })}
        disabled={disabled}
      />
      <Input
        id={`${id}-postcode`}
        aria-label={t('address.postcode')}
        placeholder={t('address.postcode')}
        inputMode="numeric"
        value={String(address.postcode ?? '')}
        onChange={(event) => set({ postcode: event.target.value })}
        disabled={disabled}
      />
    </div>
  );
}

export const address: FieldUI = {
  Show: ShowAddress,
  Edit: EditAddress,
  text: (value) => String(addressOf(value).detail ?? ''),
  ops: presenceOps,
  width: 220,
  wide: true,
  group: true,
};
