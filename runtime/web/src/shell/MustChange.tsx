// The door of somebody whose password was made by somebody else: nothing but choosing one of their own is open to them.
import { useTranslation } from 'react-i18next';
import type { Me } from '../api';
import { Languages } from './Languages';
import { PasswordForm } from './PasswordForm';
import { SignOut } from './SignOut';

export function MustChange({ me, onChanged }: { me: Me; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const head = (
    <>
      <h1>
        <img src="/icon.svg" alt="" />
        {t('password.choose')}
      </h1>
      <p>{t('password.must', { name: me.user.name })}</p>
    </>
  );
  const foot = (
    <div className="langs">
      <Languages />
      <SignOut />
    </div>
  );
  return (
    <main className="door">
      <PasswordForm me={me} onChanged={onChanged} head={head} foot={foot} />
    </main>
  );
}
