// Actions below each other, for a panel or a sheet from below.
import type { ActionView } from '../meta';
import { useLabel } from '../meta';

interface Props {
  actions: ActionView[];
  busy?: string;
  onAct: (action: ActionView) => void;
  /** What stands below a line after them. */
  more?: { text: string; danger?: boolean; act: () => void }[];
}

export function ActionMenu({ actions, busy, onAct, more = [] }: Props) {
  const label = useLabel();
  return (
    <div className="action-menu">
      {actions.map((action) => (
        <button
          key={action.key}
          type="button"
          className={action.kind === 'danger' ? 'plain danger' : 'plain'}
          disabled={Boolean(busy)}
          onClick={() => onAct(action)}
        >
          {label(action.label)}
        </button>
      ))}
      {actions.length > 0 && more.length > 0 && <hr />}
      {more.map(({ text, danger, act }) => (
        <button key={text} type="button" className={danger ? 'plain danger' : 'plain'} onClick={act}>
          {text}
        </button>
      ))}
    </div>
  );
}
