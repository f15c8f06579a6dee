// A draw dealt again by the server from its seed, and held against the histories of its records.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { getDraw, listRecords, type Pool } from '../api';
import { Person } from '../form/fields/reference';
import { useTitle } from '../form/title';
import type { Form } from '../meta';
import { More } from '../shell/More';
import { Sheet } from '../shell/Sheet';
import { usePhone } from '../theme/phone';
import { Fault } from '../views/Fault';

interface Props {
  form: Form;
  pool: Pool;
  job: string;
  onClose: () => void;
}

export function DrawSheet({ form, pool, job, onClose }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const query = useInfiniteQuery({
    queryKey: ['pools', form.key, pool.key, 'draw', job],
    queryFn: ({ pageParam }) => getDraw(form.key, pool.key, job, pageParam || undefined),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    retry: false,
  });
  const [draw] = query.data?.pages ?? [];
  const hands = query.data?.pages.flatMap((page) => page.hands) ?? [];
  const names = useNames(
    form,
    hands.map((hand) => hand.id),
  );
  const differ = hands.filter((hand) => !hand.told).length;
  return (
    <Sheet title={t('pool.verifyTitle')} kind={phone ? 'below' : 'wide'} onClose={onClose}>
      <div className="sheet-content" aria-busy={query.isPending}>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {draw && (
          <>
            <p className={differ ? 'notice' : 'notice good'} role="status">
              {differ ? t('pool.differs', { count: differ }) : t('pool.agrees', { count: hands.length })}
            </p>
            <dl className="draw-facts">
              <Fact name={t('pool.mode')} value={t(`dealMode.${draw.mode}`)} />
              <Fact name={t('pool.seed')} value={draw.seed} />
              <Fact name={t('pool.candidates')} value={String(draw.candidates)} />
              <Fact name={t('pool.dealtCount')} value={String(draw.dealt)} />
              <Fact name={t('pool.leftCount')} value={String(draw.left)} />
            </dl>
            <p className="quiet">{t('pool.verifyText')}</p>
            <table className="brief">
              <thead>
                <tr>
                  <th>{t('pool.person')}</th>
                  <th className="right">{t('pool.before')}</th>
                  <th className="right">{t('pool.load')}</th>
                  <th className="right">{t('pool.got')}</th>
                </tr>
              </thead>
              <tbody>
                {draw.people.map((share) => (
                  <tr key={share.user.id}>
                    <td>
                      <Person person={share.user} />
                    </td>
                    <td className="right num">{share.before}</td>
                    <td className="right num">{share.load}</td>
                    <td className="right num">
                      <strong>{share.got}</strong>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <ul className="hands">
              {hands.map((hand) => (
                <li key={hand.id}>
                  <Link className="clip" to="/f/$form/$id" params={{ form: form.key, id: hand.id }}>
                    {names.get(hand.id) ?? t('job.record')}
                  </Link>
                  <Person person={hand.to} />
                  <span className={hand.told ? 'quiet' : 'fault'}>
                    {hand.told ? t('pool.told') : t('pool.notTold')}
                  </span>
                </li>
              ))}
            </ul>
            <More query={query} />
          </>
        )}
      </div>
    </Sheet>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="quiet">{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

/** The titles of records that the reader may see, by id. */
function useNames(form: Form, ids: string[]): Map<string, string> {
  const title = useTitle(form);
  const query = useQuery({
    queryKey: ['records', form.key, 'names', ids],
    queryFn: ({ signal }) =>
      listRecords(
        form.key,
        { filter: JSON.stringify({ field: 'id', op: 'in', value: ids }), fields: form.title, limit: 200 },
        signal,
      ),
    enabled: ids.length > 0,
    retry: false,
  });
  return new Map(query.data?.records.map((record) => [record.id, title(record)]));
}
