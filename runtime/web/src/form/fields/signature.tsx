// A signature: drawn with a pointer, or a picture of one chosen with the keyboard.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Ref, uploadFile, type Wire } from '../../api';
import { isRef } from './reference';
import { Nothing } from './text';
import { type EditProps, type FieldUI, presenceOps, type ShowProps } from './ui';

const fileOf = (value: Wire): (Ref & { name?: string }) | undefined =>
  Array.isArray(value) ? value.find(isRef) : undefined;
const nameOf = (file: Ref & { name?: string }) => file.title ?? file.name ?? file.id;

function Picture({ file }: { file: Ref }) {
  const { t } = useTranslation();
  return (
    <img
      className="signature"
      src={`/api/v1/files/${encodeURIComponent(file.id)}/thumbnail`}
      alt={t('signature.name')}
    />
  );
}

function ShowSignature({ value, full }: ShowProps) {
  const { t } = useTranslation();
  const file = fileOf(value);
  if (!file) return <Nothing />;
  if (!full) return <span>{t('signature.signed')}</span>;
  return (
    <span>
      <Picture file={file} />
      <span className="sr">{nameOf(file)}</span>
    </span>
  );
}

const size = { width: 480, height: 160 };

function EditSignature({ id, value, onChange, disabled, invalid, describedBy, label }: EditProps) {
  const { t } = useTranslation();
  const page = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const file = fileOf(value);

  async function keep(picture: File | undefined) {
    if (!picture) return;
    setBusy(true);
    setFault('');
    try {
      onChange([await uploadFile(picture)]);
      setDrawn(false);
    } catch (error) {
      setFault(error instanceof ApiError && error.message ? error.message : t('file.failed'));
    } finally {
      setBusy(false);
    }
  }
  const done = () => {
    const pen = page.current?.getContext('2d');
    if (!page.current || !pen) return;
    pen.globalCompositeOperation = 'destination-over'; // paper under the ink, for pictures made smaller lose what is clear
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, size.width, size.height);
    pen.globalCompositeOperation = 'source-over';
    page.current.toBlob((blob) => blob && keep(new File([blob], 'signature.png', { type: 'image/png' })), 'image/png');
  };
  const clear = () => {
    page.current?.getContext('2d')?.clearRect(0, 0, size.width, size.height);
    setDrawn(false);
  };

  return (
    <div className="signature-edit" aria-invalid={invalid || undefined}>
      {file ? (
        <Picture file={file} />
      ) : (
        <canvas
          ref={page}
          {...size}
          className="signature"
          role="img"
          aria-label={`${label ? `${label} ` : ''}${t('signature.page')}`}
          onPointerDown={(event) => !disabled && begin(event)}
          onPointerMove={(event) => {
            if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
            go(event);
            setDrawn(true);
          }}
        />
      )}
      <div className="tools">
        {file ? (
          <button type="button" className="plain" disabled={disabled} onClick={() => onChange(null)}>
            {t('signature.again')}
          </button>
        ) : (
          <>
            <button type="button" className="plain" disabled={disabled || busy || !drawn} onClick={done}>
              {busy ? t('file.sending') : t('signature.done')}
            </button>
            <button type="button" className="plain" disabled={disabled || busy || !drawn} onClick={clear}>
              {t('signature.clear')}
            </button>
          </>
        )}
        <label className="plain upload">
          <span>{t('signature.upload')}</span>
          <input
            id={id}
            type="file"
            className="sr"
            accept="image/png,image/jpeg"
            disabled={disabled || busy}
            aria-describedby={describedBy}
            onChange={(event) => keep(event.target.files?.[0])}
          />
        </label>
      </div>
      {fault && (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
    </div>
  );
}

type Stroke = React.PointerEvent<HTMLCanvasElement>;

/** The place of a pointer on the page, whatever size the page is shown in. */
function at({ currentTarget: page, clientX, clientY }: Stroke): [number, number] {
  const box = page.getBoundingClientRect();
  return [((clientX - box.left) * page.width) / box.width, ((clientY - box.top) * page.height) / box.height];
}

function begin(event: Stroke) {
  event.currentTarget.setPointerCapture(event.pointerId);
  const pen = event.currentTarget.getContext('2d');
  if (!pen) return;
  pen.lineWidth = 3;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.strokeStyle = '#16213a'; // ink: a picture is the same by day and by night
  pen.beginPath();
  pen.moveTo(...at(event));
}

function go(event: Stroke) {
  const pen = event.currentTarget.getContext('2d');
  pen?.lineTo(...at(event));
  pen?.stroke();
}

export const signature: FieldUI = {
  Show: ShowSignature,
  Edit: EditSignature,
  text: (value) => {
    const file = fileOf(value);
    return file ? nameOf(file) : '';
  },
  ops: presenceOps,
  width: 90,
  wide: true,
  group: true,
};
