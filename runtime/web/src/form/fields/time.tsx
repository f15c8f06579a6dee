// Times of day, lengths of time and ranges of days.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../../api';
import { Input } from '../../inputs';
import { readSpell, writeSpell } from './spell';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, orderedOps, type ShowProps, timeTexts } from './ui';

const plain = (value: Wire) => (isEmpty(value) ? '' : String(value));

function ShowTime({ value }: ShowProps) {
  return isEmpty(value) ? <Nothing /> : <span className="num clip">{plain(value)}</span>;
}

// The browser's own input can be typed into and used by keys, and a phone brings its wheel.
function EditTime(props: EditProps) {
  const { value, onChange, disabled, autoFocus } = props;
  return (
    <input
      {...bound(props)}
      className="native-input clock"
      type="time"
      value={plain(value)}
      disabled={disabled}
      autoFocus={autoFocus}
      onChange={(event) => onChange(event.target.value || null)}
    />
  );
}

export const time: FieldUI = {
  Show: ShowTime,
  Edit: EditTime,
  text: plain,
  ops: orderedOps,
  opTexts: timeTexts,
  width: 90,
};

function ShowSpell({ value }: ShowProps) {
  useTranslation(); // drawn anew in another language
  return isEmpty(value) ? <Nothing /> : <span className="num clip">{writeSpell(value)}</span>;
}

// What is typed stays as typed until the field is left; what cannot be read is sent as it is, for the server says why.
function EditSpell(props: EditProps) {
  const { value, onChange, disabled, invalid, autoFocus } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const leave = () => {
    if (typed !== undefined) onChange(typed.trim() === '' ? null : (readSpell(typed) ?? typed.trim()));
    setTyped(undefined);
  };
  return (
    <Input
      {...bound(props)}
      value={typed ?? writeSpell(value)}
      placeholder={t('spell.example')}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={leave}
      onPressEnter={leave}
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoComplete="off"
      autoFocus={autoFocus}
    />
  );
}

export const duration: FieldUI = {
  Show: ShowSpell,
  Edit: EditSpell,
  text: writeSpell,
  ops: orderedOps,
  width: 110,
  numeric: true,
};

interface Range {
  start?: string | null;
  end?: string | null;
}
const rangeOf = (value: Wire): Range =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Range) : {};

function writeRange(value: Wire): string {
  const { start, end } = rangeOf(value);
  if (!start && !end) return '';
  return start === end ? String(start) : `${start ?? '…'} ~ ${end ?? '…'}`;
}

function ShowRange({ value, full }: ShowProps) {
  const text = writeRange(value);
  return text ? <span className={full ? 'num' : 'num clip'}>{text}</span> : <Nothing />;
}

// Two inputs of the browser: each can be typed into, and leaving one keeps what was typed.
function EditRange(props: EditProps) {
  const { id, value, onChange, disabled, invalid, describedBy, label, autoFocus, issues } = props;
  const { t } = useTranslation();
  const range = rangeOf(value);
  const wrong = invalid || Boolean(issues?.start || issues?.end);
  const set = (next: Range) => onChange(next.start || next.end ? next : null);
  const part = (key: 'start' | 'end') => (
    <input
      id={key === 'start' ? id : undefined}
      className="native-input"
      type="date"
      aria-label={`${label ? `${label} ` : ''}${t(`range.${key}`)}`}
      aria-invalid={wrong || undefined}
      aria-describedby={describedBy}
      value={range[key] ?? ''}
      disabled={disabled}
      autoFocus={autoFocus && key === 'start'}
      onChange={(event) => set({ ...range, [key]: event.target.value || null })}
    />
  );
  const fault = issues?.start || issues?.end;
  return (
    <>
      <span className="range-native">
        {part('start')}
        <span aria-hidden="true">~</span>
        {part('end')}
      </span>
      {fault && (
        <small className="fault" role="alert">
          {fault}
        </small>
      )}
    </>
  );
}

export const daterange: FieldUI = {
  Show: ShowRange,
  Edit: EditRange,
  text: writeRange,
  ops: ['overlaps', 'covers', 'within', 'empty', 'notEmpty'],
  width: 190,
};
