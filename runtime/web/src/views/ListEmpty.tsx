// What an empty or failed list says: what to do next.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Form, useLabel } from '../meta';
import { Fault } from './Fault';
import type { ListControl, ListState } from './listState';
import { toView } from './otherView';
import { useAskAgain } from './useRecords';

/** What a list of only some says where there are none. */
const emptyOf = {
  me: { none: 'share.none', text: 'share.noneText' },
  followed: { none: 'followed.none', text: 'followed.noneText' },
} as const;

export function ListEmpty({ form, control }: { form: Form; control: ListControl }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { state, set } = control;
  const words = useWords(form, state);
  const narrowed = isNarrowed(state);
  const whole = partOf(state) && form.views.find(({ filter }) => !filter);
  return (
    <div className="empty">
      <svg viewBox="0 0 56 56" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
        <rect x="8" y="10" width="40" height="36" rx="5" />
        <path d="M8 20h40M20 20v26" />
      </svg>
      <h2>{words.title}</h2>
      <p>{words.text}</p>
      {narrowed && (
        <button type="button" className="button" onClick={() => set({ f: undefined, q: undefined })}>
          {t('list.clear')}
        </button>
      )}
      {whole && (
        <button type="button" className="button" onClick={() => set(toView(whole.key, state))}>
          {t('list.showView', { view: label(whole.label) })}
        </button>
      )}
      {!narrowed && !state.with && form.rights.create && (
        <Link className="button primary" to="/f/$form/new" params={{ form: form.key }}>
          {t('list.newOne', { name: label(form.label) })}
        </Link>
      )}
    </div>
  );
}

const isNarrowed = ({ wire, q }: ListState) => Boolean(wire || q);

/** The view, where it is what shows only a part. */
const partOf = (state: ListState) => (!isNarrowed(state) && !state.with && state.view?.filter ? state.view : undefined);

/** Nothing is said to be empty that only shows a part. */
function useWords(form: Form, state: ListState): { title: string; text: string } {
  const { t } = useTranslation();
  const label = useLabel();
  const name = label(form.label);
  if (isNarrowed(state)) return { title: t('list.noneFound'), text: t('list.noneFoundText') };
  if (state.with) return { title: t(emptyOf[state.with].none), text: t(emptyOf[state.with].text) };
  const part = partOf(state);
  if (part) return { title: t('list.noneInView', { view: label(part.label) }), text: t('list.noneInViewText') };
  return {
    title: t('list.none', { name }),
    text: form.rights.create ? t('list.noneText', { name }) : t('list.noneRead'),
  };
}

export function ListFault({ error, form }: { error: unknown; form: Form }) {
  const again = useAskAgain(form.key);
  return (
    <div className="empty">
      <Fault error={error} onRetry={again} />
    </div>
  );
}

/** A view that cannot be drawn for the reader, such as one by a field that they do not see. */
export function ListStuck({ text, onLeave }: { text: string; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <p>{text}</p>
      <button type="button" className="button" onClick={onLeave}>
        {t('list.defaultView')}
      </button>
    </div>
  );
}
