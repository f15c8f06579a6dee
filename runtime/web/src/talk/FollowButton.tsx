// Whether I follow a record, and how many do; one tap changes it.
import { StarFilled, StarOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { followingOf, setFollowing } from '../api';
import { say } from '../shell/toast';
import { useFaultText } from '../views/Fault';

export function FollowButton({ form, id }: { form: string; id: string }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const client = useQueryClient();
  const key = ['following', form, id];
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => followingOf(form, id, signal) });
  const change = useMutation({
    mutationFn: (follows: boolean) => setFollowing(form, id, follows),
    onSuccess: (now) => {
      client.setQueryData(key, now);
      say({ text: t(now.following ? 'follow.begun' : 'follow.ended') });
    },
    onError: (refused) => say({ text: faultText(refused), bad: true }),
  });
  if (!data) return null;
  const count = data.exact ? String(data.followers) : `${data.followers}+`;
  return (
    <button
      type="button"
      className="button follow"
      aria-pressed={data.following}
      aria-label={t('follow.name', { count: data.followers })}
      title={t(data.following ? 'follow.end' : 'follow.begin')}
      disabled={change.isPending}
      onClick={() => change.mutate(!data.following)}
    >
      {data.following ? <StarFilled aria-hidden="true" /> : <StarOutlined aria-hidden="true" />}
      {data.followers > 0 && <span className="num">{count}</span>}
    </button>
  );
}
