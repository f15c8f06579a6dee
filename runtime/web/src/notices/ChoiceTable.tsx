// A row for each kind of notification, a column for the app and for each channel; on a phone a card for each kind.
import { useTranslation } from 'react-i18next';
import type { ChosenChannel, NoticeChoices, NoticeWay } from '../api';

interface Props {
  chosen: NoticeChoices;
  onChoose: (next: NoticeChoices) => void;
}

const ways: NoticeWay[] = ['now', 'digest', 'never'];

export function ChoiceTable({ chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const turn = (kind: string, on: boolean) =>
    onChoose({ ...chosen, kinds: chosen.kinds.map((one) => (one.kind === kind ? { ...one, on } : one)) });
  return (
    <table className="choices">
      <thead>
        <tr>
          <th scope="col">{t('notices.kind')}</th>
          <th scope="col">{t('notices.inApp')}</th>
          {chosen.channels.map((channel) => (
            <th key={channel.channel} scope="col">
              {channel.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {chosen.kinds.map(({ kind, label, on }) => (
          <tr key={kind}>
            <th scope="row">{label}</th>
            <td data-name={t('notices.inApp')}>
              <label className="choice-tick">
                <input
                  type="checkbox"
                  aria-label={t('notices.of', { kind: label, channel: t('notices.inApp') })}
                  checked={on}
                  onChange={(event) => turn(kind, event.target.checked)}
                />
              </label>
            </td>
            {chosen.channels.map((channel) => (
              <td key={channel.channel} data-name={channel.label}>
                <WaySelect
                  channel={channel}
                  name={t('notices.of', { kind: label, channel: channel.label })}
                  way={channel.ways[kind]}
                  disabled={!on}
                  onChoose={(way) => onChoose(withWay(chosen, channel.channel, kind, way))}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** withWay has a kind go another way by a channel; undefined: as is usual there. */
function withWay(chosen: NoticeChoices, channel: string, kind: string, way?: NoticeWay): NoticeChoices {
  const changed = (one: ChosenChannel) => {
    const { [kind]: _, ...others } = one.ways;
    return { ...one, ways: way ? { ...others, [kind]: way } : others };
  };
  return { ...chosen, channels: chosen.channels.map((one) => (one.channel === channel ? changed(one) : one)) };
}

interface WayProps {
  channel: ChosenChannel;
  name: string;
  way?: NoticeWay;
  disabled: boolean;
  onChoose: (way?: NoticeWay) => void;
}

function WaySelect({ channel, name, way, disabled, onChoose }: WayProps) {
  const { t } = useTranslation();
  return (
    <select
      className="select-input"
      aria-label={name}
      value={way ?? ''}
      disabled={disabled}
      onChange={(event) => onChoose((event.target.value || undefined) as NoticeWay | undefined)}
    >
      <option value="">{t('notices.usual', { way: t(`noticeWay.${channel.usual}`) })}</option>
      {ways.map((one) => (
        <option key={one} value={one}>
          {t(`noticeWay.${one}`)}
        </option>
      ))}
    </select>
  );
}
