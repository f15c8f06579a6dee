// When one is away, who stands in, and for whom one stands in oneself.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Absence, ApiError, absences, setAbsences } from '../api';
import { say } from '../shell/toast';
import { Fault, useFaultText } from '../views/Fault';
import { AbsenceForm, type Stretch } from './AbsenceForm';
import '../views/views.css';
import './people.css';

const key = ['absence'];

const stretchOf = ({ from, to, deputy }: Absence): Stretch => ({ from, to, deputy: deputy ?? undefined });

export function AbsencePage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const faultText = useFaultText();
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => absences(signal) });
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = t('absence.title');
  }, [t]);

  /** Whether it was kept. */
  async function keep(away: Stretch[]): Promise<boolean> {
    if (!query.data || busy) return false;
    setBusy(true);
    try {
      const sent = away.map(({ from, to, deputy }) => ({ from, to, deputy: deputy?.id }));
      client.setQueryData(key, await setAbsences(query.data.tag, sent));
      say({ text: t('absence.kept') });
      return true;
    } catch (error) {
      const first = error instanceof ApiError ? error.problem.errors?.[0]?.message : undefined;
      say({ text: first ?? faultText(error), bad: true });
      if (error instanceof ApiError && error.status === 409) await query.refetch();
      return false;
    } finally {
      setBusy(false);
    }
  }

  const found = query.data?.body;
  const own = found?.away.map(stretchOf) ?? [];
  return (
    <>
      <header className="head">
        <h1>{t('absence.title')}</h1>
      </header>
      <main className="scroll people-page" aria-busy={query.isPending}>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {found && (
          <>
            <section aria-label={t('absence.mine')}>
              <h2>{t('absence.mine')}</h2>
              {!found.away.length && <p className="quiet">{t('absence.none')}</p>}
              <ul className="absences">
                {found.away.map((one, at) => (
                  <li key={`${one.from} ${one.to}`}>
                    <Days absence={one} />
                    <span>
                      {one.deputy ? t('absence.deputyIs', { name: one.deputy.title }) : t('absence.nobodyStandsIn')}
                    </span>
                    <button
                      type="button"
                      className="button"
                      disabled={busy}
                      onClick={() => void keep(own.filter((_, n) => n !== at))}
                    >
                      {t('absence.remove')}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
            <AbsenceForm busy={busy} onAdd={(one) => keep([...own, one])} />
            <section aria-label={t('absence.standIn')}>
              <h2>{t('absence.standIn')}</h2>
              {!found.standsIn.length && <p className="quiet">{t('absence.forNobody')}</p>}
              <ul className="absences">
                {found.standsIn.map((one) => (
                  <li key={`${one.person.id} ${one.from}`}>
                    <Days absence={one} />
                    <span>{one.person.title}</span>
                  </li>
                ))}
              </ul>
            </section>
          </>
        )}
      </main>
    </>
  );
}

function Days({ absence }: { absence: Absence }) {
  const { t } = useTranslation();
  return <span className="num">{t('absence.days', { from: absence.from, to: absence.to })}</span>;
}
