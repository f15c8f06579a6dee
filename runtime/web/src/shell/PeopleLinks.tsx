// The ways to what one says of oneself, to the app as others see it, and for administrators to people and the log.
import { AuditOutlined, CalendarOutlined, EyeOutlined, TeamOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorld } from '../meta';

const ViewAs = lazy(() => import('../people/ViewAs').then((all) => ({ default: all.ViewAs })));

export function PeopleLinks({ className, onClick }: { className?: string; onClick: () => void }) {
  const { t } = useTranslation();
  const { me } = useWorld();
  const [asking, setAsking] = useState(false);
  if (me.viewing) return null;
  return (
    <>
      <Link className={className} to="/me" onClick={onClick}>
        <CalendarOutlined aria-hidden="true" /> {t('absence.title')}
      </Link>
      {me.mayView && (
        <button type="button" className={className ?? 'plain'} aria-haspopup="dialog" onClick={() => setAsking(true)}>
          <EyeOutlined aria-hidden="true" /> {t('viewAs.title')}
        </button>
      )}
      {me.user.admin && (
        <>
          <Link className={className} to="/staff" onClick={onClick}>
            <TeamOutlined aria-hidden="true" /> {t('staff.title')}
          </Link>
          <Link className={className} to="/log" onClick={onClick}>
            <AuditOutlined aria-hidden="true" /> {t('log.title')}
          </Link>
        </>
      )}
      {asking && (
        <Suspense>
          <ViewAs onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
