// What can be done to the records that are selected, or to all that the list finds.
import { DeleteOutlined, EditOutlined, MergeCellsOutlined } from '@ant-design/icons';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BulkActions } from '../act/BulkActions';
import { type AllThatMatch, useAllThatMatch } from '../act/chosen';
import type { RecordView } from '../api';
import { mayMerge } from '../meta';
import type { ListProps } from './listProps';

const BulkEdit = lazy(() => import('./BulkEdit').then((all) => ({ default: all.BulkEdit })));
const MergeDialog = lazy(() => import('./MergeDialog').then((all) => ({ default: all.MergeDialog })));
const BulkDelete = lazy(() => import('./BulkDelete').then((all) => ({ default: all.BulkDelete })));

const dialogs = { edit: BulkEdit, merge: MergeDialog, delete: BulkDelete };

type Asked = keyof typeof dialogs;

export function BulkBar({ form, selected, setSelected, list, question }: ListProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ what: Asked; records: RecordView[]; all?: AllThatMatch }>();
  const { records, count } = list;
  const chosen = records.filter((record) => selected.has(record.id));
  const deletable = chosen.filter((record) => record.rights.delete);
  // Whoever has selected all that is loaded may mean all that there is; to select something else is to take that back,
  // and what comes in meanwhile is not.
  const [meant, setMeant] = useState<Set<string>>();
  const isMeant = meant === selected;
  const isWhole = chosen.length > 0 && chosen.length === records.length;
  const all = useAllThatMatch(question, isMeant || (isWhole && (!count?.exact || count.value > records.length)));
  const isAll = isMeant && Boolean(all);
  const unselect = () => setSelected(new Set());
  const ask = (what: Asked, of: RecordView[]) => setAsked({ what, records: of, all: isAll ? all : undefined });
  const Dialog = asked && dialogs[asked.what];
  return (
    <div className="toolbar bulk" role="toolbar" aria-label={t('list.bulk')}>
      <strong className="num" role="status">
        {t('list.selected', { count: isAll && all ? all.count : selected.size })}
      </strong>
      {all && (
        <button type="button" className="plain" onClick={() => setMeant(isAll ? undefined : selected)}>
          {t(isAll ? 'list.onlyLoaded' : 'list.allThatMatch', { count: isAll ? selected.size : all.count })}
        </button>
      )}
      <BulkActions form={form} records={chosen} all={isAll ? all : undefined} onDone={unselect} />
      {chosen.some((record) => record.rights.update) && (
        <button type="button" className="button" onClick={() => ask('edit', chosen)}>
          <EditOutlined aria-hidden="true" /> {t('bulk.edit')}
        </button>
      )}
      {chosen.length === 2 && !isAll && mayMerge(form, ...chosen) && (
        <button type="button" className="button" onClick={() => ask('merge', chosen)}>
          <MergeCellsOutlined aria-hidden="true" /> {t('merge.two')}
        </button>
      )}
      {form.rights.delete && (
        <button
          type="button"
          className="button danger"
          disabled={!deletable.length}
          onClick={() => ask('delete', deletable)}
        >
          <DeleteOutlined aria-hidden="true" />{' '}
          {t('list.delete', { count: isAll && all ? all.count : deletable.length })}
        </button>
      )}
      <button type="button" className="button" onClick={unselect}>
        {t('list.unselect')}
      </button>
      {asked && Dialog && (
        <Suspense>
          <Dialog
            form={form}
            records={asked.records}
            all={asked.all}
            onClose={() => {
              setAsked(undefined);
              unselect();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
