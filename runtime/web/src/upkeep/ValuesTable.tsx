// The values of a document: of a table its rows with their conditions, of a pool its numbers by name.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Maintained } from '../api';
import { type Label, useLabel, useWorld } from '../meta';
import { conditionText, partsOf, placeOf, readPart, type Value, withPart } from './values';

interface Props {
  found: Maintained;
  changed: Record<string, Value>;
  /** isWrong: what was typed is no value. */
  onChange: (path: string, value: Value, isWrong: boolean) => void;
}

export function useReader() {
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  return { catalog, label, yes: t('values.yes'), no: t('values.no'), empty: t('values.empty') };
}

export function ValuesTable(props: Props) {
  return props.found.kind === 'table' ? <Rows {...props} /> : <Numbers {...props} />;
}

function Rows({ found, changed, onChange }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const reader = useReader();
  const inputs = found.inputs ?? [];
  const outputs = found.outputs ?? [];
  const cells = new Map((found.values ?? []).map((one) => [one.path, one.value]));
  const noted = (found.rows ?? []).some((row) => row.note);
  const cell = (row: number, part: 'when' | 'then', key: string, value: Value, name: string, of?: string) => {
    const path = `/rows/${row}/${part}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const text = conditionText(value, of, reader);
    return cells.has(path) && partsOf(value).length ? (
      <ValueInput path={path} was={value} value={changed[path] ?? value} name={name} onChange={onChange} />
    ) : (
      text || (part === 'when' ? t('values.any') : '—')
    );
  };
  return (
    <table className="brief values-table">
      <thead>
        <tr>
          {inputs.map((one) => (
            <th key={one.key}>{label(one.label as Label)}</th>
          ))}
          {outputs.map((one) => (
            <th key={one.key} className="right">
              {label(one.label as Label)}
            </th>
          ))}
          {noted && <th>{t('values.remark')}</th>}
        </tr>
      </thead>
      <tbody>
        {(found.rows ?? []).map(({ row, when, then, note }) => {
          const said = inputs.map((one) => conditionText(when?.[one.key], one.of, reader)).filter(Boolean);
          const name = (of: { label: Record<string, string> }) => [label(of.label as Label), ...said].join(' · ');
          return (
            <tr key={row}>
              {inputs.map((one) => (
                <td key={one.key}>{cell(row, 'when', one.key, when?.[one.key], name(one), one.of)}</td>
              ))}
              {outputs.map((one) => (
                <td key={one.key} className="right num">
                  {cell(row, 'then', one.key, then[one.key], name(one))}
                </td>
              ))}
              {noted && <td className="quiet">{label(note as Label | undefined)}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The name of a pool's number: by its place, without those of lists; a tier stands behind the name of its object. */
export function useNumberName() {
  const { t } = useTranslation();
  return (path: string) => {
    const keys = placeOf(path).keys.filter((key) => !/^\d+$/.test(key));
    const whole = t(`poolNumber.${keys.join('.')}`, { defaultValue: '' });
    if (whole) return whole;
    const home = t(`poolNumber.${keys.slice(0, -1).join('.')}`, { defaultValue: '' });
    return home ? `${home} · ${keys.at(-1)}` : keys.join(' / ');
  };
}

function Numbers({ found, changed, onChange }: Props) {
  const nameOf = useNumberName();
  return (
    <ul className="values-numbers">
      {(found.values ?? []).map(({ path, value }) => (
        <li key={path}>
          <span>{nameOf(path)}</span>
          <ValueInput path={path} was={value} value={changed[path] ?? value} name={nameOf(path)} onChange={onChange} />
        </li>
      ))}
    </ul>
  );
}

interface InputProps {
  path: string;
  was: Value;
  value: Value;
  name: string;
  onChange: Props['onChange'];
}

function ValueInput({ path, was, value, name, onChange }: InputProps) {
  return (
    <span className="value-parts">
      {partsOf(value).map(({ bound, sign, value: part }) => (
        <Part
          key={sign}
          sign={sign}
          name={sign ? `${name} ${sign}` : name}
          value={part}
          was={partsOf(was).find((one) => one.bound === bound)?.value}
          onChange={(next) => onChange(path, withPart(value, bound, next), next === undefined)}
        />
      ))}
    </span>
  );
}

interface PartProps {
  sign: string;
  name: string;
  value: Value;
  was: Value;
  onChange: (value: Value) => void;
}

function Part({ sign, name, value, was, onChange }: PartProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(value));
  const isWrong = readPart(typed, was) === undefined;
  if (typeof was === 'boolean') {
    return (
      <label className="choice-line">
        <input type="checkbox" aria-label={name} checked={value === true} onChange={() => onChange(value !== true)} />
        {value ? t('values.yes') : t('values.no')}
      </label>
    );
  }
  return (
    <span className={value === was ? undefined : 'changed'}>
      {value !== was && <del className="quiet num">{String(was)}</del>}
      {sign && <span className="quiet">{sign} </span>}
      <input
        className="text-input small num"
        inputMode={typeof was === 'number' ? 'decimal' : undefined}
        aria-label={name}
        aria-invalid={isWrong || undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(readPart(event.target.value, was));
        }}
      />
    </span>
  );
}
