import { SlidersOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMaintained } from '../upkeep/useMaintained';

/** The way to the values that the reader keeps up; nothing for those who keep none. */
export function ValuesLink({ className, onClick }: { className?: string; onClick: () => void }) {
  const { t } = useTranslation();
  const { data } = useMaintained();
  if (!data?.documents.length) return null;
  return (
    <Link className={className} to="/values" onClick={onClick}>
      <SlidersOutlined aria-hidden="true" /> {t('values.title')}
    </Link>
  );
}
