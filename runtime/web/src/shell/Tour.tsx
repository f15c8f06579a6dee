// The first look around, for whoever comes in for the first time: told from what this person's catalog has.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Form, useLabel, useWorld } from '../meta';
import { endTour } from './toured';

interface Step {
  key: string;
  text: string;
  /** What it speaks of, on the page. */
  at: string;
}

interface Props {
  menu: Form[];
  onClose: () => void;
}

/** How many names stand in one sentence. */
const named = 3;

function useSteps(menu: Form[]): Step[] {
  const { t, i18n } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  return useMemo(() => {
    const join = new Intl.ListFormat(i18n.language, { type: 'conjunction' });
    const names = (forms: Form[]) =>
      join.format(forms.slice(0, named).map((form) => t('tour.named', { name: label(form.label) })));
    const links = (forms: Form[], end = '') =>
      forms
        .slice(0, named)
        .map((form) => `nav a[href="/f/${form.key}${end}"]`)
        .join(', ');
    const home = catalog.dashboards.find((one) => one.key === catalog.home);
    const pools = menu.filter((form) => form.pools?.length);
    const making = menu.filter((form) => form.rights.create);
    const steps: (Step | false | undefined)[] = [
      home && {
        key: 'home',
        text: t('tour.home', { name: label(home.label), about: label(home.description) }),
        at: 'nav a[href="/"]',
      },
      menu.length > 0 && { key: 'lists', text: t('tour.lists', { names: names(menu) }), at: links(menu) },
      pools.length > 0 && {
        key: 'pools',
        text: t('tour.pools', { names: names(pools) }),
        at: links(pools, '/pool'),
      },
      making.length > 0 && { key: 'make', text: t('tour.make', { names: names(making) }), at: links(making) },
      { key: 'search', text: t('tour.search'), at: '.find, .tabs-bottom [aria-keyshortcuts]' },
      { key: 'bell', text: t('tour.bell'), at: '.bell-button' },
    ];
    return steps.filter((step) => typeof step === 'object');
  }, [menu, catalog, label, t, i18n.language]);
}

export default function Tour({ menu, onClose }: Props) {
  const { t } = useTranslation();
  const { me } = useWorld();
  const steps = useSteps(menu);
  const [place, setPlace] = useState(0);
  const step = steps[place];
  const isLast = place === steps.length - 1;

  function close() {
    endTour(me.user.id);
    onClose();
  }

  useEffect(() => {
    const spoken = step ? document.querySelectorAll(step.at) : [];
    for (const one of spoken) one.classList.add('tour-on');
    return () => {
      for (const one of spoken) one.classList.remove('tour-on');
    };
  }, [step]);

  // Whoever does not want it leaves it by Escape at once.
  const frame = useRef<HTMLElement>(null);
  useEffect(() => frame.current?.focus(), []);

  if (!step) return null;
  return (
    <section
      ref={frame}
      className="tour"
      role="dialog"
      tabIndex={-1}
      aria-label={t('tour.title')}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <h2>{place === 0 ? t('tour.welcome', { name: me.user.name }) : t('tour.title')}</h2>
      <p aria-live="polite">{step.text}</p>
      <footer>
        <span className="quiet num">
          {place + 1} / {steps.length}
        </span>
        <button type="button" className="plain" onClick={close}>
          {t(isLast ? 'tour.close' : 'tour.skip')}
        </button>
        {place > 0 && (
          <button type="button" className="button" onClick={() => setPlace(place - 1)}>
            {t('tour.back')}
          </button>
        )}
        {!isLast && (
          <button type="button" className="button primary" onClick={() => setPlace(place + 1)}>
            {t('tour.next')}
          </button>
        )}
      </footer>
    </section>
  );
}
