// Kinds of text that has headings, lists and links. The editor is fetched when somebody writes.
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../../api';
import { Marked, Rich, wordsOf } from './rich';
import { Nothing } from './text';
import { bound, type EditProps, type FieldUI, isEmpty, presenceOps, type ShowProps } from './ui';

const RichEditor = lazy(() => import('./RichEditor'));
const plain = (value: Wire) => (isEmpty(value) ? '' : String(value));

function ShowRich({ value, full }: ShowProps) {
  const markup = plain(value);
  if (!markup) return <Nothing />;
  return full ? <Rich markup={markup} /> : <span className="clip">{wordsOf(markup)}</span>;
}

function EditRich(props: EditProps) {
  return (
    <Suspense fallback={<textarea id={props.id} className="text-area" disabled aria-label={props.label} rows={4} />}>
      <RichEditor {...props} />
    </Suspense>
  );
}

export const richtext: FieldUI = {
  Show: ShowRich,
  Edit: EditRich,
  text: (value) => wordsOf(plain(value)),
  ops: presenceOps,
  width: 240,
  wide: true,
  group: true,
};

function ShowMarked({ value, full }: ShowProps) {
  const text = plain(value);
  if (!text) return <Nothing />;
  return full ? <Marked text={text} /> : <span className="clip">{text}</span>;
}

function EditMarked(props: EditProps) {
  const { id, value, onChange, disabled, autoFocus } = props;
  const { t } = useTranslation();
  const [seen, setSeen] = useState(false);
  const text = plain(value);
  return (
    <div className="marked-edit">
      <div className="tools">
        <button type="button" className="plain" aria-pressed={seen} disabled={!text} onClick={() => setSeen(!seen)}>
          {seen ? t('marked.write') : t('marked.preview')}
        </button>
        <span className="quiet">{t('marked.hint')}</span>
      </div>
      {seen && text ? (
        <section id={id} className="preview" aria-label={t('marked.preview')}>
          <Marked text={text} />
        </section>
      ) : (
        <textarea
          {...bound(props)}
          className="text-area"
          rows={4}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      )}
    </div>
  );
}

export const markdown: FieldUI = {
  Show: ShowMarked,
  Edit: EditMarked,
  text: plain,
  ops: ['contains', ...presenceOps],
  width: 240,
  wide: true,
};
