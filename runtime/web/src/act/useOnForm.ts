// Doing what is about no record of a form.
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type ActInput, actOnForm } from '../api';
import { type ActionView, type Form, useLabel } from '../meta';
import { say } from '../shell/toast';
import { useRefresh } from './useAct';

/** Carries such an action out and says what came of it, with a way to the record that it has made, where that is one. */
export function useOnForm(form: Form) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const refresh = useRefresh(form.key);
  return useCallback(
    async (action: ActionView, input: ActInput, key: string) => {
      const { records } = await actOnForm(form.key, action.key, input, key);
      const made = records.filter((record) => record.created);
      const [one] = made.length > 0 ? made : records;
      const alone = made.length === 1 || (made.length === 0 && records.length === 1);
      const name = label(action.label);
      const open = () => void navigate({ to: '/f/$form/$id', params: { form: one?.form ?? '', id: one?.id ?? '' } });
      say({
        text: records.length ? t('act.doneTo', { name, count: records.length }) : t('act.done', { name }),
        ...(alone ? { action: { text: t('act.open'), act: open } } : {}),
      });
      refresh();
    },
    [t, label, navigate, form, refresh],
  );
}
