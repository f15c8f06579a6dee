import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Form, useLabel } from '../meta';
import { FormIcon } from './icons';
import { Preferences } from './Preferences';
import { Sheet } from './Sheet';
import { SignOut } from './SignOut';

/** What has no tab of its own on a phone. */
export function MoreSheet({ forms, onClose }: { forms: Form[]; onClose: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Sheet title={t('shell.more')} onClose={onClose} kind="below">
      <nav className="more-menu" aria-label={t('shell.more')}>
        {forms.map((form) => (
          <Link key={form.key} to="/f/$form" params={{ form: form.key }} onClick={onClose}>
            <FormIcon form={form} /> {label(form.label)}
          </Link>
        ))}
      </nav>
      <Preferences />
      <SignOut />
    </Sheet>
  );
}
