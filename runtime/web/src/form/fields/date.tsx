// Days and instants. Instants are shown and typed as a clock of the tenant shows them.
import type { KeyboardEvent, MouseEvent } from 'react';
import { DatePicker } from '../../inputs';
import { day, instantOf, minute, wallOf, wallTime } from '../../meta';
import { usePhone, useTouch } from '../../theme/phone';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, type ShowProps, timeOps, timeTexts } from './ui';

function ShowDay({ value }: ShowProps) {
  return isEmpty(value) ? <Nothing /> : <span className="num clip">{day(value)}</span>;
}

function ShowMinute({ value }: ShowProps) {
  return isEmpty(value) ? <Nothing /> : <span className="num clip">{minute(value)}</span>;
}

/** What a kind's values are on a clock of the tenant, and back; both "" for nothing. */
interface Clock {
  type: 'date' | 'datetime-local';
  wall: (value: unknown) => string;
  value: (wall: string) => string;
  shown: string;
}

const days: Clock = { type: 'date', wall: day, value: (wall) => wall.slice(0, 10), shown: 'YYYY-MM-DD' };
const instants: Clock = {
  type: 'datetime-local',
  wall: (value) => (isEmpty(value) ? '' : wallOf(String(value)).slice(0, 16)),
  value: instantOf,
  shown: 'YYYY-MM-DD HH:mm',
};

/**
 * A phone brings a better picker than any page can. It would show the day in its own manner, so that what it shows is
 * covered with ours.
 */
function Native(props: EditProps & { clock: Clock }) {
  const { clock, value, onChange, disabled } = props;
  const wall = clock.wall(value);
  return (
    <span className="native-input" data-invalid={props.invalid || undefined}>
      <input
        {...bound(props)}
        type={clock.type}
        value={wall}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value ? clock.value(event.target.value) : null)}
        onClick={(event: MouseEvent<HTMLInputElement>) => event.currentTarget.showPicker?.()}
      />
      <span className={wall ? 'num' : 'num quiet'} aria-hidden="true">
        {wall ? wall.replace('T', ' ') : clock.shown}
      </span>
    </span>
  );
}

/** Enter takes the day that was typed or picked: it must not send the whole form as well. */
function takeOnly(event: KeyboardEvent) {
  if (event.key === 'Enter') event.preventDefault();
}

function edit(clock: Clock, formats: string[], withTime: boolean) {
  return function EditTime(props: EditProps) {
    const { value, onChange, disabled, invalid, autoFocus } = props;
    const touch = useTouch();
    const phone = usePhone();
    if (touch && phone) return <Native {...props} clock={clock} />;
    const wall = clock.wall(value);
    return (
      <DatePicker
        {...bound(props)}
        className="full"
        showTime={withTime && { format: 'HH:mm' }}
        value={wall ? wallTime(wall) : null}
        onChange={(next) => onChange(next ? clock.value(next.format('YYYY-MM-DDTHH:mm:ss')) : null)}
        format={formats}
        disabled={disabled}
        status={invalid ? 'error' : undefined}
        autoFocus={autoFocus}
        onKeyDown={takeOnly}
      />
    );
  };
}

const written = ['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/MM/DD', 'YYYY/M/D', 'YYYY-M-D'];

export const date: FieldUI = {
  Show: ShowDay,
  Edit: edit(days, written, false),
  text: day,
  plain: 'figures',
  ops: timeOps,
  opTexts: timeTexts,
  width: 110,
};
export const datetime: FieldUI = {
  Show: ShowMinute,
  Edit: edit(instants, [instants.shown], true),
  text: (value) => (isEmpty(value) ? '' : minute(value)),
  plain: 'figures',
  ops: timeOps.filter((op) => op !== 'eq'),
  opTexts: timeTexts,
  width: 150,
};
