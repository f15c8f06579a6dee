import { LogoutOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { logout } from '../api';

export function SignOut() {
  const { t } = useTranslation();
  async function leave() {
    // Whatever the server says, whoever leaves wants to see the door.
    await logout().catch(() => undefined);
    window.location.assign('/');
  }
  return (
    <button type="button" className="plain" onClick={leave}>
      <LogoutOutlined aria-hidden="true" /> {t('session.leave')}
    </button>
  );
}
