// The head of a group of records, with what they come to below their columns, and the end of one that goes on.
import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Column } from './columns';
import { type GroupHead, type Grouping, pinOf } from './lines';

interface Place {
  index: number;
  top: number;
  tab: number;
}

interface GroupProps extends Place, Pick<Grouping, 'by' | 'onToggle'> {
  head: GroupHead;
  columns: Column[];
  pinned: number;
}

export function GroupRow({ index, top, tab, by, onToggle, head, columns, pinned }: GroupProps) {
  const { t } = useTranslation();
  const toggle = () => onToggle(head.id);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="grid-row group-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={toggle}
      onKeyDown={undefined}
    >
      <span role="gridcell" className="check" />
      {columns.map(({ key, title }, column) => (
        <span
          key={key}
          role="gridcell"
          className={column === 0 ? 'group-name' : 'right num'}
          tabIndex={tab === column ? 0 : -1}
          data-at={`${index}:${column}`}
          {...pinOf(column, pinned)}
        >
          {column === 0 ? (
            <>
              <button
                type="button"
                className="plain icon"
                tabIndex={-1}
                aria-expanded={head.open}
                aria-label={t(head.open ? 'group.shut' : 'group.show', { name: head.text })}
                onClick={(event) => {
                  event.stopPropagation();
                  toggle();
                }}
              >
                {head.open ? <CaretDownOutlined /> : <CaretRightOutlined />}
              </button>
              {head.text ? <by.ui.Show def={by.def} value={head.value} /> : t('group.none')}
              <span className="num quiet">{head.count}</span>
            </>
          ) : (
            head.sums[key] && <strong title={t('group.sum', { name: title })}>{head.sums[key]}</strong>
          )}
        </span>
      ))}
    </div>
  );
}

interface MoreProps extends Place, Pick<Grouping, 'onMore'> {
  group: string;
  fault?: string;
}

export function MoreRow({ index, top, tab, onMore, group, fault }: MoreProps) {
  const { t } = useTranslation();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="grid-row more-row"
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="quiet" tabIndex={tab >= 0 ? 0 : -1} data-at={`${index}:0`}>
        {fault ?? t('picker.loading')}
        {fault && (
          <button type="button" className="plain" tabIndex={-1} onClick={() => onMore(group)}>
            {t('action.retry')}
          </button>
        )}
      </span>
    </div>
  );
}
