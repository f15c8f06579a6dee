// Records that the one being written may be the same as: whose they are, and where one may read them, which.
import { CopyOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Duplicate } from '../api';
import { type Form, formOf, useLabel, useWorld } from '../meta';

export function Duplicates({ form, found }: { form: Form; found: Duplicate[] }) {
  const { t } = useTranslation();
  if (!found.length) return null;
  return (
    <aside className="notice alike" role="status" aria-label={t('duplicate.title')}>
      <CopyOutlined aria-hidden="true" />
      <ul>
        {found.map((one) => (
          <li key={`${one.rule} ${one.form} ${one.id ?? one.owner?.id}`}>
            <Alike form={form} one={one} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

/** What one is alike by, which it is as far as one may know, and whose. */
export function Alike({ form, one }: { form: Form; one: Duplicate }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const home = formOf(catalog, one.form);
  const kind = home ? label(home.label) : t('duplicate.record');
  const pool = home?.pools?.find(({ key }) => key === one.pool);
  const how = one.blocks ? 'blocks' : one.near ? 'near' : 'same';
  const holder = one.owner
    ? t('duplicate.held', { name: one.owner.title })
    : pool && t('duplicate.pooled', { pool: label(pool.label) });
  return (
    <>
      {t(`duplicate.${how}`, { rule: ruleName(form, one.rule, label) })}{' '}
      {one.id ? (
        <Link to="/f/$form/$id" params={{ form: one.form, id: one.id }} target="_blank">
          {one.title || kind}
        </Link>
      ) : (
        kind
      )}{' '}
      {holder && <span className="quiet">{holder}</span>}
    </>
  );
}

/** What people call a rule. */
export function ruleName(form: Form, key: string, label: ReturnType<typeof useLabel>): string {
  const rule = form.duplicates?.find((one) => one.key === key);
  return rule ? label(rule.label) : key;
}
