// A link to another record. The pages below decide what following it means.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Ref } from '../../api';
import { formOf, useWorld } from '../../meta';

export function RecordLink({ form, record }: { form: string; record: Ref }) {
  const { catalog } = useWorld();
  const opens = formOf(catalog, form)?.rights.read && record.title !== undefined && !record.unseen;
  if (!opens) return <RecordTitle record={record} />;
  return (
    <Link className="clip" to="/f/$form/$id" params={{ form, id: record.id }}>
      {record.title}
    </Link>
  );
}

/** What another record is called, or that it is out of the reader's sight. */
export function RecordTitle({ record }: { record: Ref }) {
  const { t } = useTranslation();
  if (record.title !== undefined) return <span className="clip">{record.title}</span>;
  return <span className="clip quiet">{t('reference.unseen')}</span>;
}
