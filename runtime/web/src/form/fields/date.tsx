// Days and instants.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { day, minute } from '../../meta';
import { usePhone } from '../../theme/phone';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, type ShowProps, timeOps } from './ui';

function ShowDay({ value }: ShowProps) {
  return isEmpty(value) ? <Nothing /> : <span className="num clip">{day(value)}</span>;
}

function ShowMinute({ value }: ShowProps) {
  return isEmpty(value) ? <Nothing /> : <span className="num clip">{minute(value)}</span>;
}

const parsed = (value: unknown) => (isEmpty(value) || !dayjs(String(value)).isValid() ? null : dayjs(String(value)));

// A phone brings a better picker than any page can.
function Native(props: EditProps & { type: 'date' | 'datetime-local' }) {
  const { type, value, onChange, disabled } = props;
  const at = parsed(value);
  const shown = at ? at.format(type === 'date' ? 'YYYY-MM-DD' : 'YYYY-MM-DDTHH:mm') : '';
  const write = (text: string) => (type === 'date' ? text : dayjs(text).toISOString());
  return (
    <input
      {...bound(props)}
      className="native-input"
      type={type}
      value={shown}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value ? write(event.target.value) : null)}
    />
  );
}

function EditDay(props: EditProps) {
  const { value, onChange, disabled, invalid, autoFocus } = props;
  if (usePhone()) return <Native {...props} type="date" />;
  return (
    <DatePicker
      {...bound(props)}
      className="full"
      value={parsed(value)}
      onChange={(next) => onChange(next ? next.format('YYYY-MM-DD') : null)}
      format={['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/MM/DD', 'YYYY/M/D', 'YYYY-M-D']}
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoFocus={autoFocus}
    />
  );
}

function EditMinute(props: EditProps) {
  const { value, onChange, disabled, invalid, autoFocus } = props;
  if (usePhone()) return <Native {...props} type="datetime-local" />;
  return (
    <DatePicker
      {...bound(props)}
      className="full"
      showTime={{ format: 'HH:mm' }}
      value={parsed(value)}
      onChange={(next) => onChange(next ? next.toISOString() : null)}
      format="YYYY-MM-DD HH:mm"
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoFocus={autoFocus}
    />
  );
}

export const date: FieldUI = { Show: ShowDay, Edit: EditDay, text: day, ops: timeOps, width: 110 };
export const datetime: FieldUI = {
  Show: ShowMinute,
  Edit: EditMinute,
  text: (value) => (isEmpty(value) ? '' : minute(value)),
  ops: timeOps.filter((op) => op !== 'eq'),
  width: 150,
};
