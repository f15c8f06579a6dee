// Views as tabs, then what narrows and orders them.
import {
  FilterOutlined,
  GroupOutlined,
  SortAscendingOutlined,
  StarOutlined,
  TableOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormActions } from '../act/FormActions';
import type { SavedView } from '../api';
import { useSettled } from '../form/fields/source';
import { countOf, type Form, type Group, useLabel, useWorld } from '../meta';
import { Pop } from '../shell/Pop';
import { usePhone } from '../theme/phone';
import { BulkBar } from './BulkBar';
import { ColumnMenu } from './ColumnMenu';
import { groupFields } from './groups';
import type { ListProps } from './listProps';
import type { ListControl, ListState, With } from './listState';
import { parseSort } from './listState';
import { plainView, toView } from './otherView';
import { SavedTabs, SaveViewMenu } from './SavedViews';
import { SortMenu } from './SortMenu';

const FilterBuilder = lazy(() => import('./FilterBuilder'));

export function ListToolbar(props: ListProps) {
  const { form, columns, control, saved, selected } = props;
  const { t } = useTranslation();
  const { state, set } = control;
  const phone = usePhone();
  const label = useLabel();
  const count = state.filter ? countOf(state.filter) : 0;
  const sorts = state.sort !== (state.view?.sort ?? '') ? parseSort(state.sort).length : 0;
  const write = (filter: Group | undefined) =>
    set({ f: filter?.items.length ? JSON.stringify(filter) : undefined }, true);
  if (selected.size > 0) return <BulkBar {...props} />;
  return (
    <div className="toolbar" role="toolbar" aria-label={t('list.toolbar')}>
      <ViewTabs form={form} control={control} saved={saved} />
      <div className="tools-mid">
        <Pop
          label={count ? t('filter.openCount', { count }) : t('filter.open')}
          on={count > 0}
          button={
            <>
              <FilterOutlined aria-hidden="true" />
              {!phone && <span>{t('filter.open')}</span>}
              {count > 0 && <b className="num">{count}</b>}
            </>
          }
        >
          {() => (
            <Suspense fallback={<div className="filter-wait" aria-busy="true" />}>
              <FilterBuilder form={form} filter={state.filter} onChange={write} />
            </Suspense>
          )}
        </Pop>
        <Pop
          label={sorts ? t('sort.openCount', { count: sorts }) : t('sort.open')}
          on={sorts > 0}
          button={
            <>
              <SortAscendingOutlined aria-hidden="true" />
              {!phone && <span>{t('sort.open')}</span>}
              {sorts > 0 && <b className="num">{sorts}</b>}
            </>
          }
        >
          {() => <SortMenu form={form} sort={state.sort} onChange={(sort) => set({ sort: sort || undefined }, true)} />}
        </Pop>
        {!phone && canGroup(form, state) && (
          <Pop
            label={t('group.open')}
            on={Boolean(state.group)}
            button={
              <>
                <GroupOutlined aria-hidden="true" />
                <span>{t('group.open')}</span>
              </>
            }
          >
            {(close) => (
              <div className="action-menu">
                {groupFields(form).map((field) => (
                  <button
                    key={field.key}
                    type="button"
                    className="plain"
                    aria-pressed={field.key === state.group}
                    onClick={() => {
                      set({ group: field.key === state.group ? undefined : field.key }, true);
                      close();
                    }}
                  >
                    {label(field.definition['x-label'])}
                  </button>
                ))}
              </div>
            )}
          </Pop>
        )}
        <SaveViewMenu form={form} control={control} columns={columns} views={saved} />
        {!phone && state.view?.kind === 'table' && (
          <Pop
            label={t('columns.open')}
            on={columns.touched}
            button={
              <>
                <TableOutlined aria-hidden="true" />
                <span>{t('columns.open')}</span>
              </>
            }
          >
            {() => <ColumnMenu form={form} columns={columns} />}
          </Pop>
        )}
        <FormActions form={form} />
      </div>
      <QuickSearch control={control} />
    </div>
  );
}

/** A view without a condition of its own, where there is one: what is shared with me, or I follow, is hardly mine. */
const tableOf = (form: Form) =>
  (form.views.find((one) => one.kind === 'table' && !one.filter) ?? form.views.find((one) => one.kind === 'table'))
    ?.key;

const canGroup = (form: Form, { view, with: only }: ListState) =>
  (!view || view.kind === 'table') && !only && groupFields(form).length > 0;

function ViewTabs({ form, control, saved }: { form: Form; control: ListControl; saved: SavedView[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { state, set } = control;
  const { me } = useWorld();
  const shares = Boolean(form.actions?.some((one) => one.key === 'share'));
  // Another person's choices are theirs alone.
  const follows = !me.viewing;
  if (form.views.length + saved.length + Number(shares) + Number(follows) < 2) return null;
  const only = (what: With) => () =>
    set({ ...plainView, view: tableOf(form), with: what, sort: undefined, record: undefined });
  return (
    <div className="segments views" role="group" aria-label={t('list.views')}>
      {form.views.map((view) => (
        <button
          key={view.key}
          type="button"
          aria-pressed={view.key === state.view?.key && !state.with && !saved.some((one) => one.id === state.saved)}
          onClick={() => set(toView(view.key, state))}
        >
          {label(view.label)}
        </button>
      ))}
      {shares && (
        <button type="button" aria-pressed={state.with === 'me'} onClick={only('me')}>
          <TeamOutlined aria-hidden="true" /> {t('share.withMe')}
        </button>
      )}
      {follows && (
        <button type="button" aria-pressed={state.with === 'followed'} onClick={only('followed')}>
          <StarOutlined aria-hidden="true" /> {t('followed.title')}
        </button>
      )}
      <SavedTabs views={saved} control={control} />
    </div>
  );
}

const pause = 250;

function QuickSearch({ control }: { control: ListControl }) {
  const { t } = useTranslation();
  const { state, set } = control;
  const [typed, setTyped] = useState(state.q);
  const settled = useSettled(typed, pause);
  const asked = useRef(state.q);

  // What the address says is followed, but not where it only comes to say what was asked for here: somebody may have
  // typed on by then.
  useEffect(() => {
    if (state.q !== asked.current) setTyped(state.q);
    asked.current = state.q;
  }, [state.q]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed asks; what the address says is followed above
  useEffect(() => {
    if (settled === state.q || settled !== typed) return;
    asked.current = settled;
    set({ q: settled || undefined }, true);
  }, [settled]);

  return (
    <input
      type="search"
      className="text-input quick"
      value={typed}
      placeholder={t('list.search')}
      aria-label={t('list.search')}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
