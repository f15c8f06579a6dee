import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLabel, useWorld } from '../meta';
import { hueOf } from '../theme/palette';
import { ChangePassword } from './ChangePassword';
import { PeopleLinks } from './PeopleLinks';
import { Pop } from './Pop';
import { Preferences } from './Preferences';
import { SignOut } from './SignOut';
import { ValuesLink } from './ValuesLink';

export function PersonMenu({ onExplain, onTour }: { onExplain: () => void; onTour: () => void }) {
  const { t } = useTranslation();
  const { me } = useWorld();
  const label = useLabel();
  const content = (close: () => void) => (
    <div className="person-menu">
      <p>
        <strong>{me.user.name}</strong>
        <br />
        <span className="quiet">{[label(me.unit?.name), me.user.username].filter(Boolean).join(' · ')}</span>
      </p>
      <Link className="plain" to="/jobs" onClick={close}>
        {t('jobs.title')}
      </Link>
      {!me.viewing && (
        <>
          <Link className="plain" to="/followed" onClick={close}>
            {t('followed.title')}
          </Link>
          <Link className="plain" to="/mentions" onClick={close}>
            {t('mentions.title')}
          </Link>
        </>
      )}
      <ValuesLink className="plain" onClick={close} />
      {!me.viewing && (
        <Link className="plain" to="/notifications" onClick={close}>
          {t('notices.title')}
        </Link>
      )}
      <PeopleLinks className="plain" onClick={close} />
      <button
        type="button"
        className="plain"
        onClick={() => {
          close();
          onExplain();
        }}
      >
        {t('keys.title')}
      </button>
      <button
        type="button"
        className="plain"
        onClick={() => {
          close();
          onTour();
        }}
      >
        {t('tour.title')}
      </button>
      <Preferences />
      {!me.viewing && <ChangePassword />}
      <SignOut />
    </div>
  );
  const button = (
    <>
      <span
        className="badge"
        style={{ background: hueOf(me.user.id) }}
        data-letter={me.user.name.slice(0, 1)}
        aria-hidden="true"
      />
      <span className="clip">{me.user.name}</span>
    </>
  );
  return (
    <Pop button={button} label={t('shell.person', { name: me.user.name })}>
      {content}
    </Pop>
  );
}
