// What the person hears of, and how: in the app, by the company's channels at once or once a day, and when nothing is sent.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseNotifications, type NoticeChoices, notificationChoices } from '../api';
import { useWorld } from '../meta';
import { say } from '../shell/toast';
import { Fault, useFaultText } from '../views/Fault';
import { ChoiceTable } from './ChoiceTable';
import { Hours } from './Hours';
import '../views/views.css';
import './choices.css';

const key = ['notificationChoices'];

/** Each choice is kept at once; one after another, so that the last one stands. */
function useChoices() {
  const client = useQueryClient();
  const faultText = useFaultText();
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => notificationChoices(signal) });
  const keep = useMutation({
    mutationFn: chooseNotifications,
    scope: { id: 'notificationChoices' },
    onError: (refused) => {
      say({ text: faultText(refused), bad: true });
      return client.invalidateQueries({ queryKey: key });
    },
  });
  function choose(next: NoticeChoices) {
    void client.cancelQueries({ queryKey: key }); // an answer on its way knows nothing of this
    client.setQueryData(key, next);
    keep.mutate(next);
  }
  return { query, choose };
}

export function ChoicesPage() {
  const { t } = useTranslation();
  const { me } = useWorld();
  const { query, choose } = useChoices();
  const chosen = query.data;
  useEffect(() => {
    document.title = t('notices.title');
  }, [t]);
  return (
    <>
      <header className="head">
        <h1>{t('notices.title')}</h1>
      </header>
      <main className="scroll choices-page" aria-busy={query.isPending}>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {chosen && (
          <>
            <p className="quiet">{chosen.channels.length ? t('notices.intro') : t('notices.noChannel')}</p>
            {chosen.channels
              .filter((channel) => !channel.reaches)
              .map((channel) => (
                <p key={channel.channel} className="notice">
                  {t('notices.noAddress', { channel: channel.label })}
                </p>
              ))}
            <ChoiceTable chosen={chosen} onChoose={choose} />
            {chosen.channels.length > 0 && <Hours chosen={chosen} zone={me.zone} onChoose={choose} />}
          </>
        )}
      </main>
    </>
  );
}
