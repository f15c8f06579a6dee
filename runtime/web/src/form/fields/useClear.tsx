// What empties a list of choices, by its name in the reader's language.
import { CloseCircleFilled } from '@ant-design/icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export function useClear() {
  const { t } = useTranslation();
  return useMemo(() => ({ clearIcon: <CloseCircleFilled aria-hidden="true" />, label: t('picker.clear') }), [t]);
}
