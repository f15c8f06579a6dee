// Short words about what has happened, with a way back where there is one.
import { CloseOutlined } from '@ant-design/icons';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

export interface Toast {
  text: string;
  bad?: boolean;
  action?: { text: string; act: () => void };
}

type Standing = Toast & { id: number };

/** How long words stand, ms; those with a way back stand longer. */
const standing = { plain: 3_500, action: 8_000 };

const store = { toasts: [] as Standing[], next: 1 };
const listeners = new Set<() => void>();

function put(toasts: Standing[]) {
  store.toasts = toasts;
  for (const listener of listeners) listener();
}

const remove = (id: number) => put(store.toasts.filter((toast) => toast.id !== id));

export function say(toast: Toast): void {
  const id = store.next++;
  put([...store.toasts.slice(-3), { ...toast, id }]);
  if (!toast.bad) setTimeout(() => remove(id), toast.action ? standing.action : standing.plain);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const { t } = useTranslation();
  const toasts = useSyncExternalStore(subscribe, () => store.toasts);
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
                remove(id);
              }}
            >
              {action.text}
            </button>
          )}
          <button type="button" className="plain icon" aria-label={t('action.close')} onClick={() => remove(id)}>
            <CloseOutlined />
          </button>
        </li>
      ))}
    </ul>
  );
}
