import {
  BarChartOutlined,
  BellOutlined,
  ClockCircleOutlined,
  CommentOutlined,
  CompassOutlined,
  InboxOutlined,
  StarOutlined,
} from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Form, useLabel, useWorld } from '../meta';
import { ChangePassword } from './ChangePassword';
import { FormIcon } from './icons';
import { PeopleLinks } from './PeopleLinks';
import { Preferences } from './Preferences';
import { Sheet } from './Sheet';
import { SignOut } from './SignOut';
import { ValuesLink } from './ValuesLink';

/** What has no tab of its own on a phone. */
export function MoreSheet({ forms, onTour, onClose }: { forms: Form[]; onTour: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { me, catalog } = useWorld();
  return (
    <Sheet title={t('shell.more')} onClose={onClose} kind="below">
      <nav className="more-menu" aria-label={t('shell.more')}>
        {catalog.dashboards
          .filter((dashboard) => dashboard.key !== catalog.home)
          .map((dashboard) => (
            <Link key={dashboard.key} to="/d/$key" params={{ key: dashboard.key }} onClick={onClose}>
              <BarChartOutlined aria-hidden="true" /> {label(dashboard.label)}
            </Link>
          ))}
        {forms.map((form) => (
          <Link key={form.key} to="/f/$form" params={{ form: form.key }} onClick={onClose}>
            <FormIcon form={form} /> {label(form.label)}
          </Link>
        ))}
        {forms
          .filter((form) => form.pools?.length)
          .map((form) => (
            <Link key={form.key} to="/f/$form/pool" params={{ form: form.key }} onClick={onClose}>
              <InboxOutlined aria-hidden="true" /> {t('pool.title', { name: label(form.label) })}
            </Link>
          ))}
        <Link to="/jobs" onClick={onClose}>
          <ClockCircleOutlined aria-hidden="true" /> {t('jobs.title')}
        </Link>
        {!me.viewing && (
          <>
            <Link to="/followed" onClick={onClose}>
              <StarOutlined aria-hidden="true" /> {t('followed.title')}
            </Link>
            <Link to="/mentions" onClick={onClose}>
              <CommentOutlined aria-hidden="true" /> {t('mentions.title')}
            </Link>
          </>
        )}
        <ValuesLink onClick={onClose} />
        {!me.viewing && (
          <Link to="/notifications" onClick={onClose}>
            <BellOutlined aria-hidden="true" /> {t('notices.title')}
          </Link>
        )}
        <PeopleLinks onClick={onClose} />
        <button
          type="button"
          onClick={() => {
            onClose();
            onTour();
          }}
        >
          <CompassOutlined aria-hidden="true" /> {t('tour.title')}
        </button>
      </nav>
      <Preferences />
      {!me.viewing && <ChangePassword />}
      <SignOut />
    </Sheet>
  );
}
