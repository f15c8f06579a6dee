// Exact numbers. They come and go as decimal text; nothing here makes a float of them.
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../../api';
import { InputNumber, Switch } from '../../inputs';
import { type FieldDef, grouped, money, symbolOf } from '../../meta';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, orderedOps, type ShowProps } from './ui';

type Write = (value: Wire, def: FieldDef) => string;

const writeNumber: Write = (value) => (isEmpty(value) ? '' : grouped(String(value)));
const writeMoney: Write = (value, def) => (isEmpty(value) ? '' : money(value, def['x-currency']));
const writePercent: Write = (value) => (isEmpty(value) ? '' : `${grouped(String(value)).replace(/\.0+$/, '')}%`);

function show(write: Write) {
  return function ShowNumber({ value, def }: ShowProps) {
    const text = write(value, def);
    return text ? <span className="num clip">{text}</span> : <Nothing />;
  };
}

function edit(prefix: (def: FieldDef) => string | undefined, suffix?: string) {
  return function EditNumber(props: EditProps) {
    const { def, value, onChange, disabled, invalid, autoFocus } = props;
    return (
      <InputNumber<string>
        {...bound(props)}
        stringMode
        controls={false}
        className="full"
        prefix={prefix(def)}
        suffix={suffix}
        value={isEmpty(value) ? null : String(value)}
        onChange={(next) => onChange(next ?? null)}
        onKeyDown={(event) => (event.key === 'ArrowUp' || event.key === 'ArrowDown') && event.preventDefault()}
        keyboard={false}
        formatter={(text) => grouped(String(text ?? ''))}
        parser={(text) => (text ?? '').replace(/[,，\s¥$%]/g, '')}
        disabled={disabled}
        status={invalid ? 'error' : undefined}
        inputMode="decimal"
        autoFocus={autoFocus}
      />
    );
  };
}

const base = { ops: orderedOps, numeric: true as const, plain: 'figures' as const };

export const number: FieldUI = {
  ...base,
  Show: show(writeNumber),
  Edit: edit(() => undefined),
  text: writeNumber,
  width: 110,
};
export const currency: FieldUI = {
  ...base,
  Show: show(writeMoney),
  Edit: edit((def) => symbolOf(def['x-currency'])),
  text: writeMoney,
  width: 140,
};
export const percent: FieldUI = {
  ...base,
  Show: show(writePercent),
  Edit: edit(() => undefined, '%'),
  text: writePercent,
  width: 90,
};

function ShowBoolean({ value }: ShowProps) {
  const { t } = useTranslation();
  if (typeof value !== 'boolean') return <Nothing />;
  return <span className={value ? '' : 'quiet'}>{value ? t('value.yes') : t('value.no')}</span>;
}

function EditBoolean(props: EditProps) {
  const { value, onChange, disabled, autoFocus } = props;
  return (
    <Switch {...bound(props)} checked={value === true} onChange={onChange} disabled={disabled} autoFocus={autoFocus} />
  );
}

export const boolean: FieldUI = {
  Show: ShowBoolean,
  Edit: EditBoolean,
  text: (value) => (typeof value === 'boolean' ? i18next.t(value ? 'value.yes' : 'value.no') : ''),
  ops: ['eq', 'empty', 'notEmpty'],
  width: 80,
};
