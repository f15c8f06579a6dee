// What went wrong, what is safe, what to do.
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api';

/** The words for a failure: the server's own where it said some. What was only to be read says nothing of saving. */
export function useFaultText(reading = false): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback((error) => words(t, error, reading), [t, reading]);
}

function words(t: TFunction, error: unknown, reading: boolean): string {
  if (!(error instanceof ApiError)) return t('fault.unknown');
  const { offline, status, problem, message } = error;
  const seconds = Math.max(1, error.retryAfter);
  if (offline) return t(reading ? 'fault.offlineRead' : 'fault.offline');
  if (status === 429) return t('fault.busy', { seconds });
  if (error.unsure && !reading) return t('fault.unsure', { status });
  if (status === 503) return t(reading ? 'fault.awayRead' : 'fault.away', { seconds });
  if (status < 500) return message || t('fault.unknown');
  const trace = problem.instance?.split(':').pop() ?? `HTTP ${status}`;
  return t(reading ? 'fault.serverRead' : 'fault.server', { trace });
}

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** What failed was to be saved, not only shown. */
  saving?: boolean;
}

export function Fault({ error, onRetry, saving = false }: Props) {
  const { t } = useTranslation();
  const text = useFaultText(!saving);
  return (
    <div className="notice bad" role="alert">
      <span>{text(error)}</span>
      {onRetry && (
        <button type="button" className="plain" onClick={onRetry}>
          {t('action.retry')}
        </button>
      )}
    </div>
  );
}
