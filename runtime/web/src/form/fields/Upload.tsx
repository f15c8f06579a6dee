// Brings files to the server. What does not go, and what there is no room for, is said.
import { UploadOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Ref, uploadFile } from '../../api';

interface Props {
  id?: string;
  /** How many more there may be. */
  room: number;
  accept?: string;
  disabled?: boolean;
  describedBy?: string;
  onAdded: (added: Ref[]) => void;
}

export function Upload({ id, room, accept, disabled, describedBy, onAdded }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');

  async function add(chosen: File[]) {
    if (chosen.length > room) {
      setFault(t('file.tooMany', { chosen: chosen.length, room }));
      return;
    }
    setBusy(true);
    setFault('');
    const sent = await Promise.allSettled(chosen.map(uploadFile));
    // What has come stays, also where another has not.
    onAdded(sent.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = sent.find((one) => one.status === 'rejected')?.reason;
    if (failed) setFault(failed instanceof ApiError && failed.message ? failed.message : t('file.failed'));
    setBusy(false);
  }

  return (
    <>
      <label className="plain upload">
        <UploadOutlined aria-hidden="true" />
        <span>{busy ? t('file.sending') : t('file.add')}</span>
        <input
          id={id}
          type="file"
          className="sr"
          multiple={room > 1}
          accept={accept}
          disabled={disabled || busy || room < 1}
          aria-describedby={describedBy}
          onChange={(event) => {
            const chosen = [...(event.target.files ?? [])];
            // The same file can be chosen again.
            event.target.value = '';
            void add(chosen);
          }}
        />
      </label>
      {fault && (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
    </>
  );
}
