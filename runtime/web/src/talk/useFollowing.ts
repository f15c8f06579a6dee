// Whether I follow a record, and changing it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Following, followingOf, setFollowing } from '../api';
import { say } from '../shell/toast';
import { useFaultText } from '../views/Fault';
import { type ListQuestion, listKey } from '../views/useRecords';

/** Whether a list asks for what is followed alone. */
const isFollowed = (question: unknown) => (question as Partial<ListQuestion> | undefined)?.with === 'followed';

/** known: how it stands where that need not be asked for. */
export function useFollowing(form: string, id: string, known?: Following) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const client = useQueryClient();
  const key = ['following', form, id];
  const { data: standing = known } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => followingOf(form, id, signal),
    enabled: !known,
  });
  const change = useMutation({
    mutationFn: (follows: boolean) => setFollowing(form, id, follows),
    onSuccess: (now) => {
      client.setQueryData(key, now);
      // What is shown of all that is followed stays until it is looked at anew: a line can be taken back where it stands.
      void client.invalidateQueries({ queryKey: ['followed'], refetchType: 'none' });
      void client.invalidateQueries({ queryKey: listKey(form), predicate: ({ queryKey }) => isFollowed(queryKey[2]) });
      say({ text: t(now.following ? 'follow.begun' : 'follow.ended') });
    },
    onError: (refused) => say({ text: faultText(refused), bad: true }),
  });
  return { standing, change };
}
