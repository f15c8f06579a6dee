// What went wrong, what is safe, what to do.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api';

/** The words for a failure: the server's own where it said some. */
export function useFaultText(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error) => {
      if (!(error instanceof ApiError)) return t('fault.unknown');
      if (error.offline) return t('fault.offline');
      if (error.status === 429) return t('fault.busy', { seconds: Math.max(1, error.retryAfter) });
      if (error.status >= 500) return t('fault.server', { trace: error.problem.instance?.split(':').pop() ?? '' });
      return error.message || t('fault.unknown');
    },
    [t],
  );
}

export function Fault({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const text = useFaultText();
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
