// The way to another password for somebody who works.
import { KeyOutlined } from '@ant-design/icons';
import { useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorld } from '../meta';
import { Entered } from './entered';
import { PasswordForm } from './PasswordForm';
import { Sheet } from './Sheet';
import { say } from './toast';

export function ChangePassword() {
  const { t } = useTranslation();
  const { me } = useWorld();
  const entered = useContext(Entered);
  const [open, setOpen] = useState(false);

  async function changed() {
    setOpen(false);
    say({ text: t('password.changed') });
    await entered();
  }

  return (
    <>
      <button type="button" className="plain" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <KeyOutlined aria-hidden="true" /> {t('password.change')}
      </button>
      {open && (
        <Sheet title={t('password.change')} onClose={() => setOpen(false)}>
          <div className="sheet-content">
            <PasswordForm me={me} onChanged={changed} />
          </div>
        </Sheet>
      )}
    </>
  );
}
