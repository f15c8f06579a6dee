// Where the short words stand, at the foot of every page.
import { CloseOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { unsay, useToasts } from './toast';

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useToasts();
  return (
    <ul className="toasts" aria-live="polite" aria-label={t('shell.toasts')}>
      {toasts.map(({ id, text, bad, action }) => (
        <li key={id} className={bad ? 'bad' : ''}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                action.act();
                unsay(id);
              }}
            >
              {action.text}
            </button>
          )}
          <button type="button" className="plain icon" aria-label={t('action.close')} onClick={() => unsay(id)}>
            <CloseOutlined />
          </button>
        </li>
      ))}
    </ul>
  );
}
