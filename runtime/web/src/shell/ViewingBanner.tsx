// Says, as long as somebody sees the app as another person, whom, until when, and how to be oneself again.
import { EyeOutlined } from '@ant-design/icons';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endViewing, whoAmI } from '../api';
import { minute, useWorld } from '../meta';
import { useFaultText } from '../views/Fault';
import { say } from './toast';

/** How long to wait, at least, before the server is asked whether it is over, ms. */
const soon = 20_000;

/** Everything is shown anew: what was on the pages is another person's. */
const anew = () => window.location.assign('/');

export function ViewingBanner() {
  const { t } = useTranslation();
  const { me } = useWorld();
  const text = useFaultText();
  const [busy, setBusy] = useState(false);
  const until = me.viewing?.until;
  useEffect(() => {
    if (!until) return;
    // The server's clock decides, which need not be the one here.
    async function ask() {
      const now = await whoAmI().catch(() => undefined);
      if (now && !now.viewing) anew();
      else timer = window.setTimeout(ask, soon);
    }
    let timer = window.setTimeout(ask, Math.max(soon, Date.parse(until) - Date.now() + 1000));
    return () => window.clearTimeout(timer);
  }, [until]);
  if (!me.viewing) return null;

  async function end() {
    setBusy(true);
    try {
      await endViewing();
      anew();
    } catch (error) {
      setBusy(false);
      say({ text: text(error), bad: true });
    }
  }

  return (
    <div className="viewing" role="status">
      <EyeOutlined aria-hidden="true" />
      <span>{t('viewAs.banner', { name: me.user.name, until: minute(until) })}</span>
      <button type="button" className="button" disabled={busy} onClick={() => void end()}>
        {t('viewAs.end')}
      </button>
    </div>
  );
}
