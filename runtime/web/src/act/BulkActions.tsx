// What can be done to the records that are selected in a list.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { type ActionView, type Form, useLabel } from '../meta';
import { ActionDialog } from './ActionDialog';
import { ActionMenu } from './ActionMenu';
import { offered } from './asking';
import type { AllThatMatch } from './chosen';
import { MenuPop } from './MenuPop';
import { useAct } from './useAct';

interface Props {
  form: Form;
  records: RecordView[];
  /** Not those alone, but all that the list finds. */
  all?: AllThatMatch;
  /** They are done with: the selection can go. */
  onDone: () => void;
}

/** How many actions have a button of their own. */
const buttons = 4;

export function BulkActions({ form, records, all, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { begin, busy, asked, close } = useAct(form);
  const done = useRef(false);
  const actions = offered(form, records, true);
  const start = (action: ActionView) => void begin(action, records).then((came) => came === 'done' && onDone());
  return (
    <>
      {actions.slice(0, buttons).map((action) => (
        <button
          key={action.key}
          type="button"
          className={action.kind === 'danger' ? 'button danger' : 'button'}
          disabled={Boolean(busy)}
          onClick={() => start(action)}
        >
          {label(action.label)}
        </button>
      ))}
      {actions.length > buttons && (
        <MenuPop label={t('act.more')}>
          {(shut) => (
            <ActionMenu
              actions={actions.slice(buttons)}
              busy={busy}
              onAct={(action) => {
                shut();
                start(action);
              }}
            />
          )}
        </MenuPop>
      )}
      {asked && (
        <ActionDialog
          {...asked}
          all={all}
          form={form}
          onClose={() => {
            close();
            // Not before the report has been read: with the selection goes the bar that this stands in.
            if (done.current) onDone();
          }}
          onDone={() => {
            done.current = true;
          }}
        />
      )}
    </>
  );
}
