// The choices above a dashboard, each behind a button that says what is chosen.
import { CloseOutlined, DownOutlined } from '@ant-design/icons';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type DashboardFilter, type FieldDef, me, optionOf, useLabel, useWorld } from '../meta';
import { Pop } from '../shell/Pop';
import { type Choice, definitionOf, type Scope, writtenWith } from './scope';

const FilterChoice = lazy(() => import('./FilterChoice'));

interface Props {
  scope: Scope;
  /** Takes what the address is to say, undefined for nothing. */
  onChange: (where: string | undefined) => void;
}

export function BoardFilters({ scope, onChange }: Props) {
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const shown = scope.filters.flatMap((filter) => {
    const def = definitionOf(catalog, filter);
    return def ? [{ filter, def }] : [];
  });
  if (!shown.length) return null;
  return (
    <div className="board-filters" role="group" aria-label={t('chart.filters')}>
      {shown.map(({ filter, def }) => (
        <OneFilter
          key={filter.key}
          filter={filter}
          def={def}
          chosen={scope.chosen[filter.key] ?? []}
          onChange={(values) => onChange(writtenWith(scope, filter.key, values))}
        />
      ))}
      {Object.keys(scope.chosen).length > 0 && (
        <button type="button" className="plain" onClick={() => onChange(undefined)}>
          <CloseOutlined aria-hidden="true" /> {t('filter.clear')}
        </button>
      )}
    </div>
  );
}

interface OneProps {
  filter: DashboardFilter;
  def: FieldDef;
  chosen: Choice[];
  onChange: (values: Choice[]) => void;
}

/** How many names a button has room for. */
const named = 2;

function OneFilter({ filter, def, chosen, onChange }: OneProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const name = label(filter.label);
  const texts = useTexts(def, chosen);
  const brief = texts.length > named ? t('chart.chosen', { count: texts.length }) : texts.join(t('chart.comma'));
  return (
    <Pop
      label={texts.length ? `${name} ${texts.join(t('chart.comma'))}` : name}
      className="plain board-filter"
      on={texts.length > 0}
      button={
        <>
          <span>{name}</span>
          {brief && <strong className="clip">{brief}</strong>}
          <DownOutlined aria-hidden="true" />
        </>
      }
    >
      {() => (
        <Suspense fallback={<div className="filter-choice" aria-busy="true" />}>
          <FilterChoice label={name} def={def} chosen={chosen} onChange={onChange} />
        </Suspense>
      )}
    </Pop>
  );
}

function useTexts(def: FieldDef, chosen: Choice[]): string[] {
  const { t } = useTranslation();
  const label = useLabel();
  return chosen.map((value) => {
    if (value === me) return t('filter.me');
    if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
    if (typeof value === 'object') return value.title ?? value.id;
    return label(optionOf(def['x-options'], value)?.label) || value;
  });
}
