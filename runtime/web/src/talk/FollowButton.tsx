// Whether I follow a record, and how many do; one tap changes it.
import { StarFilled, StarOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useFollowing } from './useFollowing';

export function FollowButton({ form, id }: { form: string; id: string }) {
  const { t } = useTranslation();
  const { standing, change } = useFollowing(form, id);
  if (!standing) return null;
  const count = standing.exact ? String(standing.followers) : `${standing.followers}+`;
  return (
    <button
      type="button"
      className="button follow"
      aria-pressed={standing.following}
      aria-label={t('follow.name', { count: standing.followers })}
      title={t(standing.following ? 'follow.end' : 'follow.begin')}
      disabled={change.isPending}
      onClick={() => change.mutate(!standing.following)}
    >
      {standing.following ? <StarFilled aria-hidden="true" /> : <StarOutlined aria-hidden="true" />}
      {standing.followers > 0 && <span className="num">{count}</span>}
    </button>
  );
}
