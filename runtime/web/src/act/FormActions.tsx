// What can be done with a form as a whole, about none of its records.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../api';
import { type ActionView, type Form, useLabel } from '../meta';
import { say } from '../shell/toast';
import { usePhone } from '../theme/phone';
import { useFaultText } from '../views/Fault';
import { ActionDialog } from './ActionDialog';
import { ActionMenu } from './ActionMenu';
import { asksNothing } from './asking';
import { MenuPop } from './MenuPop';
import { useOnForm } from './useOnForm';

/** How many have a button of their own on a desk. */
const buttons = 2;

export function FormActions({ form }: { form: Form }) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const text = useFaultText();
  const carryOut = useOnForm(form);
  const [asked, setAsked] = useState<ActionView>();
  const [busy, setBusy] = useState('');
  const under = useRef(false);
  const all = (form.actions ?? []).filter((action) => action.onForm);
  const shown = phone ? [] : all.slice(0, buttons);
  const hidden = all.slice(shown.length);

  async function begin(action: ActionView) {
    if (under.current) return;
    if (!asksNothing(action, action.ask)) {
      setAsked(action);
      return;
    }
    under.current = true;
    setBusy(action.key);
    try {
      await carryOut(action, {}, newKey());
    } catch (error) {
      say({ text: text(error), bad: true });
    } finally {
      under.current = false;
      setBusy('');
    }
  }

  return (
    <>
      {shown.map((action) => (
        <button
          key={action.key}
          type="button"
          className={action.kind === 'danger' ? 'plain danger' : 'plain'}
          disabled={Boolean(busy)}
          aria-busy={busy === action.key || undefined}
          onClick={() => void begin(action)}
        >
          {label(action.label)}
        </button>
      ))}
      {hidden.length > 0 && (
        <MenuPop label={t('act.more')}>
          {(shut) => (
            <ActionMenu
              actions={hidden}
              busy={busy}
              onAct={(action) => {
                shut();
                void begin(action);
              }}
            />
          )}
        </MenuPop>
      )}
      {asked && (
        <ActionDialog
          form={form}
          action={asked}
          records={[]}
          onForm={(input, key) => carryOut(asked, input, key)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
