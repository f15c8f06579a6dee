// A link to another record. The pages below decide what following it means.
import { Link } from '@tanstack/react-router';
import type { Ref } from '../../api';
import { formOf, useWorld } from '../../meta';

export function RecordLink({ form, record }: { form: string; record: Ref }) {
  const { catalog } = useWorld();
  const title = record.title ?? record.id;
  if (!formOf(catalog, form)?.rights.read || record.title === undefined) return <span className="clip">{title}</span>;
  return (
    <Link className="clip" to="/f/$form/$id" params={{ form, id: record.id }}>
      {title}
    </Link>
  );
}
