// Files and pictures that a record holds.
import { DeleteOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Ref, uploadFile, type Wire } from '../../api';
import { isRef } from './reference';
import { Nothing } from './text';
import { type EditProps, type FieldUI, presenceOps, type ShowProps } from './ui';

type FileRef = Ref & { name?: string };
const filesOf = (value: Wire): FileRef[] => (Array.isArray(value) ? value.filter(isRef) : []);
const nameOf = (file: FileRef) => file.title ?? file.name ?? file.id;
const addressOf = (file: FileRef) => `/api/v1/files/${encodeURIComponent(file.id)}`;

function FileName({ file }: { file: FileRef }) {
  return (
    <a className="person" href={addressOf(file)} download onClick={(event) => event.stopPropagation()}>
      <PaperClipOutlined aria-hidden="true" />
      <span className="clip">{nameOf(file)}</span>
    </a>
  );
}

function ShowFiles({ value, full }: ShowProps) {
  const { t } = useTranslation();
  const files = filesOf(value);
  if (!files.length) return <Nothing />;
  if (!full) return <span>{t('file.count', { count: files.length })}</span>;
  return (
    <ul className="files">
      {files.map((file) => (
        <li key={file.id}>
          <FileName file={file} />
        </li>
      ))}
    </ul>
  );
}

function EditFiles({ id, def, value, onChange, disabled, describedBy }: EditProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const files = filesOf(value);
  const room = (def.maxItems ?? 200) - files.length;

  async function add(chosen: FileList | null) {
    setBusy(true);
    setFault('');
    try {
      const added = await Promise.all(
        Array.from(chosen ?? [])
          .slice(0, room)
          .map(uploadFile),
      );
      onChange([...files, ...added]);
    } catch (error) {
      setFault(error instanceof ApiError && error.message ? error.message : t('file.failed'));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="files-edit">
      {files.length > 0 && (
        <ul className="files">
          {files.map((file) => (
            <li key={file.id}>
              <FileName file={file} />
              <button
                type="button"
                className="plain icon"
                disabled={disabled}
                aria-label={t('file.remove', { name: nameOf(file) })}
                onClick={() => onChange(files.filter((other) => other.id !== file.id))}
              >
                <DeleteOutlined />
              </button>
            </li>
          ))}
        </ul>
      )}
      <label className="plain upload">
        <UploadOutlined aria-hidden="true" />
        <span>{busy ? t('file.sending') : t('file.add')}</span>
        <input
          id={id}
          type="file"
          className="sr"
          multiple={room > 1}
          accept={def['x-field'] === 'image' ? 'image/*' : undefined}
          disabled={disabled || busy || room < 1}
          aria-describedby={describedBy}
          onChange={(event) => add(event.target.files)}
        />
      </label>
      {fault && (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
    </div>
  );
}

export const attachment: FieldUI = {
  Show: ShowFiles,
  Edit: EditFiles,
  text: (value) => filesOf(value).map(nameOf).join(', '),
  ops: presenceOps,
  width: 110,
  wide: true,
};
export const image: FieldUI = { ...attachment };
