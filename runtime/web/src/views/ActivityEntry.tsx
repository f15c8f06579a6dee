// A follow-up among what has happened to a record.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isRef, Person } from '../form/fields/reference';
import type { Making } from '../form/making';
import { useColumns } from '../grid/columns';
import { ago, columnsOf, minute, type Relation, useLabel, viewOf } from '../meta';
import { CardFace } from './CardList';
import { MakingCard } from './MakingCard';
import type { Activity } from './useActivities';

export function ActivityEntry({ activity }: { activity: Activity }) {
  const { i18n } = useTranslation();
  const label = useLabel();
  const { record, relation, at } = activity;
  const { form } = relation;
  const owner = form.owner ? record.values[form.owner] : undefined;
  const columns = useColumnsOf(relation);
  return (
    <li className="activity">
      <header>
        <Person person={isRef(owner) ? owner : record.createdBy} />
        <span>{label(form.label)}</span>
        <time className="quiet num" dateTime={at} title={minute(at)}>
          {ago(at, i18n.language)}
        </time>
      </header>
      <Link className="card-row" to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
        <CardFace record={record} columns={columns} />
      </Link>
    </li>
  );
}

/** Follow-ups that are being saved, above those that are. */
export function ActivitiesMaking({ relation, making }: { relation: Relation; making: Making[] }) {
  const columns = useColumnsOf(relation);
  return making.map((one) => <MakingCard key={one.key} making={one} columns={columns} className="activity" />);
}

/** What an entry does not say elsewhere. */
function useColumnsOf({ form, field }: Relation) {
  const known = new Set([field.key, form.happens, form.owner]);
  return useColumns(
    form,
    columnsOf(form, viewOf(form, undefined)).filter((column) => !known.has(column.key)),
  );
}
