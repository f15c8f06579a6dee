// Files and pictures that a record holds.
import { DeleteOutlined, PaperClipOutlined } from '@ant-design/icons';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileAt, thumbnailAt, type Wire } from '../../api';
import { type FileRef, isPicture, isShown, nameOf } from './files';
import { isRef } from './reference';
import { Nothing } from './text';
import { Upload } from './Upload';
import { type EditProps, type FieldUI, presenceOps, type ShowProps } from './ui';

const FilePreview = lazy(() => import('./FilePreview').then((all) => ({ default: all.FilePreview })));

const filesOf = (value: Wire): FileRef[] => (Array.isArray(value) ? value.filter(isRef) : []);

interface NameProps {
  file: FileRef;
  /** What can be looked at here is; the rest is fetched. */
  onLook: () => void;
}

/** A thumbnail's longer side, px: twice what it is shown at, for fine screens. */
const thumb = 96;

function FileName({ file, onLook }: NameProps) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const name = nameOf(file);
  const face = (
    <>
      {isPicture(name) && !broken ? (
        <img
          className="thumb"
          src={thumbnailAt(file.id, thumb)}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
        />
      ) : (
        <PaperClipOutlined aria-hidden="true" />
      )}
      <span className="clip">{name}</span>
    </>
  );
  if (!isShown(name)) {
    return (
      <a className="person" href={fileAt(file.id)} download onClick={(event) => event.stopPropagation()}>
        {face}
      </a>
    );
  }
  return (
    <button type="button" className="plain person look" title={t('file.look', { name })} onClick={onLook}>
      {face}
    </button>
  );
}

export function FileList({
  files,
  onRemove,
  disabled,
}: {
  files: FileRef[];
  onRemove?: (id: string) => void;
  disabled?: boolean;
}) {
  const { t } = useTranslation();
  const [looked, setLooked] = useState<string>();
  return (
    <>
      <ul className="files">
        {files.map((file) => (
          <li key={file.id}>
            <FileName file={file} onLook={() => setLooked(file.id)} />
            {onRemove && (
              <button
                type="button"
                className="plain icon"
                disabled={disabled}
                aria-label={t('file.remove', { name: nameOf(file) })}
                onClick={() => onRemove(file.id)}
              >
                <DeleteOutlined />
              </button>
            )}
          </li>
        ))}
      </ul>
      {looked && (
        <Suspense>
          <FilePreview files={files} id={looked} onMove={setLooked} onClose={() => setLooked(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function ShowFiles({ value, full }: ShowProps) {
  const { t } = useTranslation();
  const files = filesOf(value);
  if (!files.length) return <Nothing />;
  if (!full) return <span>{t('file.count', { count: files.length })}</span>;
  return <FileList files={files} />;
}

function EditFiles({ id, def, value, onChange, disabled, describedBy }: EditProps) {
  const files = filesOf(value);

  return (
    <div className="files-edit">
      {files.length > 0 && (
        <FileList
          files={files}
          disabled={disabled}
          onRemove={(gone) => onChange(files.filter((other) => other.id !== gone))}
        />
      )}
      <Upload
        id={id}
        room={(def.maxItems ?? 200) - files.length}
        accept={def['x-field'] === 'image' ? 'image/*' : undefined}
        disabled={disabled}
        describedBy={describedBy}
        onAdded={(added) => onChange([...files, ...added])}
      />
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
