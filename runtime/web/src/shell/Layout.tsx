// The frame around each page: the menu at the side, on a phone the tabs below.
import { BarChartOutlined, HomeOutlined, MoreOutlined, SearchOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchInputsWhenIdle } from '../inputs';
import { type Form, formOf, useLabel, useWorld } from '../meta';
import { usePhone } from '../theme/phone';
import { Bell } from './Bell';
import { BrandMark } from './BrandMark';
import { FormIcon } from './icons';
import { useLive } from './live';
import { MoreSheet } from './MoreSheet';
import { useOnline } from './online';
import { PersonMenu } from './PersonMenu';
import { isToured } from './toured';
import { useSeenFocus } from './useSeenFocus';
import { useShortcuts } from './useShortcuts';
import { ViewingBanner } from './ViewingBanner';

const Palette = lazy(() => import('./Palette'));
const Shortcuts = lazy(() => import('./Shortcuts'));
const Tour = lazy(() => import('./Tour'));

export function useMenu(): Form[] {
  const { catalog } = useWorld();
  return catalog.menu.map((key) => formOf(catalog, key)).filter((form) => form !== undefined);
}

export function Layout({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [searching, setSearching] = useState(false);
  const [explaining, setExplaining] = useState(false);
  const { me } = useWorld();
  const menu = useMenu();
  const [touring, setTouring] = useState(() => !isToured(me.user.id));
  const phone = usePhone();
  const online = useOnline();
  useLive();
  useEffect(fetchInputsWhenIdle, []);

  const toggle = useCallback(() => setSearching((open) => !open), []);
  const explain = useCallback(() => setExplaining(true), []);
  const tour = useCallback(() => setTouring(true), []);
  useShortcuts(toggle, explain);
  useSeenFocus();

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      {!phone && <Side onSearch={() => setSearching(true)} onExplain={explain} onTour={tour} />}
      <div className="main" id="main">
        <ViewingBanner />
        {!online && (
          <p className="offline" role="status">
            {t('shell.offline')}
          </p>
        )}
        <div className="page">{children}</div>
      </div>
      {phone && <Tabs onSearch={() => setSearching(true)} onTour={tour} />}
      {searching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} onExplain={explain} />
        </Suspense>
      )}
      {touring && (
        <Suspense>
          <Tour menu={menu} onClose={() => setTouring(false)} />
        </Suspense>
      )}
      {explaining && (
        <Suspense>
          <Shortcuts onClose={() => setExplaining(false)} />
        </Suspense>
      )}
    </div>
  );
}

interface SideProps {
  onSearch: () => void;
  onExplain: () => void;
  onTour: () => void;
}

function Side({ onSearch, onExplain, onTour }: SideProps) {
  const { t } = useTranslation();
  const { me, catalog } = useWorld();
  const label = useLabel();
  const menu = useMenu();
  return (
    <aside className="side">
      <div className="brand">
        <BrandMark brand={catalog.brand} />
        <span className="quiet clip">{me.tenant}</span>
      </div>
      <button type="button" className="find" onClick={onSearch}>
        <SearchOutlined aria-hidden="true" /> {t('palette.open')} <kbd>{t('palette.key')}</kbd>
      </button>
      <nav aria-label={t('shell.menu')}>
        <ul>
          <li>
            <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
              <HomeOutlined aria-hidden="true" /> {t('shell.home')}
            </Link>
          </li>
          {catalog.dashboards
            .filter((dashboard) => dashboard.key !== catalog.home)
            .map((dashboard) => (
              <li key={dashboard.key}>
                <Link to="/d/$key" params={{ key: dashboard.key }} activeOptions={{ includeSearch: false }}>
                  <BarChartOutlined aria-hidden="true" /> {label(dashboard.label)}
                </Link>
              </li>
            ))}
          {menu.map((form) => (
            <li key={form.key}>
              <Link to="/f/$form" params={{ form: form.key }} activeOptions={{ includeSearch: false }}>
                <FormIcon form={form} /> {label(form.label)}
              </Link>
              {form.pools?.length ? (
                <Link
                  className="under"
                  to="/f/$form/pool"
                  params={{ form: form.key }}
                  activeOptions={{ includeSearch: false }}
                >
                  {t('shell.pool')}
                </Link>
              ) : null}
            </li>
          ))}
        </ul>
      </nav>
      <footer>
        <PersonMenu onExplain={onExplain} onTour={onTour} />
        <Bell />
      </footer>
    </aside>
  );
}

/** How many forms have a tab of their own on a phone. */
const tabs = 2;

function Tabs({ onSearch, onTour }: { onSearch: () => void; onTour: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const menu = useMenu();
  const [more, setMore] = useState(false);
  return (
    <>
      <nav className="tabs-bottom" aria-label={t('shell.menu')}>
        <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
          <HomeOutlined aria-hidden="true" />
          <span>{t('shell.home')}</span>
        </Link>
        {menu.slice(0, tabs).map((form) => (
          <Link key={form.key} to="/f/$form" params={{ form: form.key }} activeOptions={{ includeSearch: false }}>
            <FormIcon form={form} />
            <span>{label(form.label)}</span>
          </Link>
        ))}
        <button type="button" onClick={onSearch} aria-keyshortcuts="Control+K">
          <SearchOutlined aria-hidden="true" />
          <span>{t('palette.open')}</span>
        </button>
        <Bell named />
        <button type="button" onClick={() => setMore(true)} aria-haspopup="dialog">
          <MoreOutlined aria-hidden="true" />
          <span>{t('shell.more')}</span>
        </button>
      </nav>
      {more && <MoreSheet forms={menu} onTour={onTour} onClose={() => setMore(false)} />}
    </>
  );
}
