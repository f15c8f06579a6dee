// That a record is shared, in a list: with whoever looks, or by them with others.
import { TeamOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { SharedWith } from '../api';

export function SharedMark({ shared }: { shared: SharedWith }) {
  const { t } = useTranslation();
  const { mine, for: absent, with: guests } = shared;
  const text = absent
    ? t('share.standsIn', { name: absent.title })
    : mine
      ? t(`shareMine.${mine}`)
      : t('share.count', { count: guests.length });
  return (
    <span className="shared-mark" role="img" aria-label={text} title={text}>
      <TeamOutlined />
    </span>
  );
}
