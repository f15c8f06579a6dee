// A record's pictures, texts and PDFs, looked at where they are, one after the other.
import { DownloadOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { fileAt, paperAt, textOf } from '../../api';
import { Sheet } from '../../shell/Sheet';
import { Fault } from '../../views/Fault';
import { type FileRef, isPaper, isPicture, isShown, nameOf } from './files';

interface Props {
  files: FileRef[];
  id: string;
  onMove: (id: string) => void;
  onClose: () => void;
}

export function FilePreview({ files, id, onMove, onClose }: Props) {
  const { t } = useTranslation();
  const shown = files.filter((file) => isShown(nameOf(file)));
  const at = shown.findIndex((file) => file.id === id);
  const file = shown[at];
  if (!file) return null;
  const name = nameOf(file);
  const step = (by: -1 | 1) => {
    const to = shown[at + by];
    if (to) onMove(to.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // What is below does not hear what is meant for the pictures.
    event.stopPropagation();
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
  };
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the dialog within
    <div role="presentation" onKeyDown={onKeyDown} onClick={(event) => event.stopPropagation()}>
      <Sheet title={name} kind="wide" onClose={onClose}>
        <div className="preview">
          {isPicture(name) ? (
            <Picture key={id} id={id} name={name} />
          ) : isPaper(name) ? (
            <iframe key={id} src={paperAt(id)} title={name} />
          ) : (
            <Text key={id} id={id} />
          )}
        </div>
        <footer className="preview-foot">
          {shown.length > 1 && (
            <>
              <button
                type="button"
                className="plain icon"
                disabled={at === 0}
                aria-label={t('file.before')}
                onClick={() => step(-1)}
              >
                <LeftOutlined />
              </button>
              <span className="num quiet">
                {at + 1} / {shown.length}
              </span>
              <button
                type="button"
                className="plain icon"
                disabled={at === shown.length - 1}
                aria-label={t('file.after')}
                onClick={() => step(1)}
              >
                <RightOutlined />
              </button>
            </>
          )}
          {isPaper(name) && (
            <a className="button" href={paperAt(id)} target="_blank" rel="noreferrer">
              {t('file.alone')}
            </a>
          )}
          <a className="button" href={fileAt(id)} download>
            <DownloadOutlined aria-hidden="true" /> {t('file.fetch')}
          </a>
        </footer>
      </Sheet>
    </div>,
    document.body,
  );
}

function Picture({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  if (broken) return <p className="quiet">{t('file.noPicture')}</p>;
  return <img src={fileAt(id)} alt={name} onError={() => setBroken(true)} />;
}

function Text({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['file', id],
    queryFn: ({ signal }) => textOf(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <p role="status">{t('picker.loading')}</p>;
  return (
    <>
      <pre tabIndex={0}>{query.data.text}</pre>
      {!query.data.whole && <p className="quiet">{t('file.cut')}</p>}
    </>
  );
}
