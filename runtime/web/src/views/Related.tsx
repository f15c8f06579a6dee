// Records of other forms that refer to this one.
import { PlusOutlined } from '@ant-design/icons';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listRecords, type Page, type RecordView } from '../api';
import { beginningOf } from '../form/beginning';
import { isNamed, useMaking } from '../form/making';
import { useColumns } from '../grid/columns';
import {
  columnsOf,
  type Form,
  type Group,
  namedIn,
  type Relation,
  relationsTo,
  useLabel,
  useWorld,
  viewOf,
} from '../meta';
import { CardFace } from './CardList';
import { Fault } from './Fault';
import { MakingCard } from './MakingCard';
import { QuickCreate } from './QuickCreate';

/** How many of each are shown here; the rest is a list of its own. */
const few = 4;

interface Props {
  form: Form;
  record: RecordView;
  title: string;
}

const filterOf = (relation: Relation, form: string, id: string) => {
  const many = relation.field.definition['x-field'] === 'references';
  const named = namedIn(relation, form, id);
  return JSON.stringify({ field: relation.field.key, op: many ? 'in' : 'eq', value: many ? [named] : named });
};

export function Related({ form, record, title }: Props) {
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const relations = relationsTo(catalog, form.key);
  const pages = useQueries({
    queries: relations.map((relation) => ({
      queryKey: ['records', relation.form.key, 'related', relation.field.key, record.id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        listRecords(
          relation.form.key,
          { filter: filterOf(relation, form.key, record.id), limit: few, count: 'capped' },
          signal,
        ),
      staleTime: 15_000,
    })),
  });
  if (!relations.length) return null;
  return (
    <section className="related" aria-label={t('related.title')}>
      {relations.map((relation, index) => (
        <RelatedList
          key={`${relation.form.key}.${relation.field.key}`}
          relation={relation}
          page={pages[index]?.data}
          error={pages[index]?.error}
          at={pages[index]?.dataUpdatedAt ?? 0}
          onRetry={() => pages[index]?.refetch()}
          from={form}
          record={record}
          title={title}
        />
      ))}
    </section>
  );
}

interface ListProps {
  relation: Relation;
  page?: Page;
  error?: unknown;
  /** When it was asked for, ms. */
  at: number;
  onRetry: () => void;
  from: Form;
  record: RecordView;
  title: string;
}

function RelatedList({ relation, page, error, at, onRetry, from, record, title }: ListProps) {
  const { id } = record;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const label = useLabel();
  const { form, field } = relation;
  const all = columnsOf(form, viewOf(form, undefined)).filter((column) => column.key !== field.key);
  const columns = useColumns(form, all);
  const filter: Group = {
    join: 'and',
    items: [{ field: field.key, op: 'in', value: [{ id: namedIn(relation, from.key, id), title }] }],
  };
  const begin = useMemo(() => beginningOf(relation, from, record, title), [relation, from, record, title]);
  const records = page?.records ?? [];
  const making = useMaking(form.key, at).filter(({ values }) =>
    isNamed(values[field.key], namedIn(relation, from.key, id)),
  );
  const name = label(form.label);
  return (
    <div className="related-list">
      <header>
        <h2>
          <Link to="/f/$form" params={{ form: form.key }} search={{ f: JSON.stringify(filter) }}>
            {name}
          </Link>{' '}
          <span className="quiet num">
            {page?.count && (page.count.exact ? page.count.value + making.length : `${page.count.value}+`)}
          </span>
        </h2>
        {form.rights.create && (
          <button
            type="button"
            className="plain icon"
            aria-label={t('list.newOne', { name })}
            title={t('list.newOne', { name })}
            onClick={() => setOpen(true)}
          >
            <PlusOutlined />
          </button>
        )}
      </header>
      {Boolean(error) && <Fault error={error} onRetry={onRetry} />}
      {open && <QuickCreate form={form} begin={begin} about={id} onClose={() => setOpen(false)} />}
      {records.length + making.length > 0 && (
        <ul className="cards">
          {making.map((one) => (
            <MakingCard key={one.key} making={one} columns={columns} />
          ))}
          {records.map((record) => (
            <li key={record.id}>
              <Link className="card-row" to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
                <CardFace record={record} columns={columns} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
