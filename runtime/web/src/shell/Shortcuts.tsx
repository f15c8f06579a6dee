// Which keys do what.
import { useTranslation } from 'react-i18next';
import { Sheet } from './Sheet';

/** Each with its keys: "mod" is the command key, as the machine calls it. */
const groups = {
  everywhere: { palette: 'mod K', sheet: 'mod /', make: 'Alt N', search: 'Alt /' },
  list: {
    move: '↑ ↓ ← →',
    open: 'Enter',
    edit: 'F2',
    copy: 'mod C',
    select: 'Space',
    menu: 'Shift F10',
    paste: 'mod V',
    ends: 'Home End',
  },
  cell: { keep: 'Enter', next: 'Tab', leave: 'Esc' },
  beside: { walk: 'Alt ↑ ↓', shut: 'Esc' },
  rows: { down: 'Enter', up: 'Shift Enter', shift: 'Alt ↑ ↓', pasteRows: 'mod V' },
} as const;

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const nameOf = (key: string) => (key === 'mod' ? (isMac() ? '⌘' : 'Ctrl') : key);
  return (
    <Sheet title={t('keys.title')} kind="wide" onClose={onClose}>
      <div className="sheet-content keys">
        {Object.entries(groups).map(([group, keys]) => (
          <section key={group}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl>
              {Object.entries(keys).map(([what, pressed]) => (
                <div key={what}>
                  <dt>{t(`key.${what}`)}</dt>
                  <dd>
                    {pressed.split(' ').map((one) => (
                      <kbd key={one}>{nameOf(one)}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}
