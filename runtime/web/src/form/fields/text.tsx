// Kinds whose values are text.
import type { InputHTMLAttributes } from 'react';
import { Input } from '../../inputs';
import { bound, type EditProps, type FieldUI, isEmpty, presenceOps, type ShowProps, textOps } from './ui';

export const Nothing = () => <span className="quiet">—</span>;

const plain = (value: unknown) => (isEmpty(value) ? '' : String(value));

function ShowText({ value }: ShowProps) {
  const text = plain(value);
  return text ? <span className="clip">{text}</span> : <Nothing />;
}

function ShowLines({ value, full }: ShowProps) {
  const text = plain(value);
  if (!text) return <Nothing />;
  return full ? <span className="lines">{text}</span> : <span className="clip">{text}</span>;
}

type Mode = InputHTMLAttributes<HTMLInputElement>['inputMode'];

// None of them has a maxLength of the browser's: it would cut what is pasted in silence. The rules say how much is too much.
function editText(mode: Mode, type = 'text', autoComplete = 'off') {
  return function EditText(props: EditProps) {
    const { value, onChange, disabled, invalid, autoFocus } = props;
    return (
      <Input
        {...bound(props)}
        value={plain(value)}
        onChange={(event) => onChange(event.target.value)}
        disabled={disabled}
        status={invalid ? 'error' : undefined}
        inputMode={mode}
        type={type}
        autoComplete={autoComplete}
        autoFocus={autoFocus}
      />
    );
  };
}

function EditLines(props: EditProps) {
  const { value, onChange, disabled, autoFocus } = props;
  return (
    <textarea
      {...bound(props)}
      className="text-area"
      rows={2}
      value={plain(value)}
      onChange={(event) => onChange(event.target.value)}
      disabled={disabled}
      autoFocus={autoFocus}
    />
  );
}

/** Links that open nothing but what they say: mail, telephone and pages of the web. */
function showLink(address: (text: string) => string | undefined) {
  return function ShowLink({ value, full }: ShowProps) {
    const text = plain(value);
    if (!text) return <Nothing />;
    const href = address(text);
    if (!href) return <span className="clip">{text}</span>;
    const away = href.startsWith('http');
    return (
      <a
        className="clip"
        href={href}
        // A list would have a stop for Tab in each of its rows; its keys lead to the record, where there is one.
        tabIndex={full ? undefined : -1}
        target={away ? '_blank' : undefined}
        rel={away ? 'noreferrer noopener' : undefined}
        onClick={(event) => event.stopPropagation()}
      >
        {text}
      </a>
    );
  };
}

const webOnly = (text: string) => (/^https?:\/\//i.test(text) ? text : undefined);
const masked = (text: string) => text.includes('*');

const base = { text: plain, ops: textOps, width: 180 };

export const text: FieldUI = { ...base, plain: 'words', Show: ShowText, Edit: editText('text') };
export const multiline: FieldUI = {
  ...base,
  Show: ShowLines,
  Edit: EditLines,
  ops: ['contains', ...presenceOps],
  width: 240,
  wide: true,
};
export const autonumber: FieldUI = { ...base, plain: 'words', Show: ShowText, Edit: editText('text'), width: 150 };
export const idcard: FieldUI = { ...base, plain: 'words', Show: ShowText, Edit: editText('text'), width: 170 };
export const phone: FieldUI = {
  ...base,
  Show: showLink((text) => (masked(text) ? undefined : `tel:${text.replace(/[^\d+]/g, '')}`)),
  Edit: editText('tel', 'tel'),
  width: 130,
};
export const email: FieldUI = {
  ...base,
  Show: showLink((text) => (masked(text) ? undefined : `mailto:${text}`)),
  Edit: editText('email', 'email'),
};
export const url: FieldUI = { ...base, Show: showLink(webOnly), Edit: editText('url', 'url') };
