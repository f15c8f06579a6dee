// JSON of another program: its text as it is, checked while it is typed. Nothing here makes numbers of it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../../api';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, presenceOps, type ShowProps } from './ui';

const plain = (value: Wire) => (isEmpty(value) ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** JSON text with line ends and blanks, and nothing else changed: reading and writing it would round its numbers. */
export function indented(text: string): string {
  let out = '';
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (quoted) {
      out += c;
      if (c === '\\') out += text.charAt(++at);
      else if (c === '"') quoted = false;
    } else if (c === '"') {
      quoted = true;
      out += c;
    } else if (c === '{' || c === '[') {
      const closed = /^\s*[}\]]/.exec(text.slice(at + 1));
      if (closed) {
        out += c + text.charAt(at + closed[0].length);
        at += closed[0].length;
      } else out += `${c}\n${'  '.repeat(++depth)}`;
    } else if (c === '}' || c === ']') out += `\n${'  '.repeat(Math.max(0, --depth))}${c}`;
    else if (c === ',') out += `,\n${'  '.repeat(depth)}`;
    else if (c === ':') out += ': ';
    else if (!/\s/.test(c)) out += c;
  }
  return out;
}

export function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function ShowJSON({ value, full }: ShowProps) {
  const text = plain(value);
  if (!text) return <Nothing />;
  return full ? <pre className="code-block">{indented(text)}</pre> : <code className="clip">{text}</code>;
}

function EditJSON(props: EditProps) {
  const { id, value, onChange, disabled, invalid, describedBy, autoFocus } = props;
  const { t } = useTranslation();
  const [text, setText] = useState(() => indented(plain(value)));
  const [sent, setSent] = useState(plain(value));
  if (plain(value) !== sent) {
    setSent(plain(value)); // it was set from elsewhere: taken back, or saved and tidied by the server
    setText(indented(plain(value)));
  }
  const wrong = text.trim() !== '' && !isJSON(text);
  return (
    <>
      <textarea
        {...bound({ ...props, invalid: invalid || wrong, describedBy: wrong ? `${id}-json` : describedBy })}
        className="text-area mono"
        rows={4}
        spellCheck={false}
        value={text}
        disabled={disabled}
        autoFocus={autoFocus}
        onChange={(event) => {
          setText(event.target.value);
          setSent(event.target.value);
          onChange(event.target.value);
        }}
      />
      {wrong && (
        <small id={`${id}-json`} className="fault" role="status">
          {t('json.wrong')}
        </small>
      )}
    </>
  );
}

export const json: FieldUI = { Show: ShowJSON, Edit: EditJSON, text: plain, ops: presenceOps, width: 180, wide: true };
