// A record on its day: dragged to another, or moved by its menu.
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MenuPop } from '../act/MenuPop';
import type { RecordView } from '../api';
import { useTitle } from '../form/title';
import { type Field, type Form, fieldOf } from '../meta';
import { toneOf } from '../theme/palette';
import { type Span, shifted, timeIn } from './calendar';

/** What the days of a calendar share. */
export interface DaysProps {
  form: Form;
  field: Field;
  at: string;
  span: Span;
  days: string[];
  laid: Map<string, RecordView[]>;
  open: (id: string) => void;
  shift: (record: RecordView, from: string, to: string) => void;
}

export function Event({ form, field, record, day, open, shift }: DaysProps & { record: RecordView; day: string }) {
  const { t } = useTranslation();
  const title = useTitle(form)(record) || t('record.untitled');
  const element = useRef<HTMLLIElement>(null);
  const [dragged, setDragged] = useState(false);
  const movable = record.rights.update && !field.readOnly && !field.computed;
  const time = timeIn(field, record);

  useEffect(() => {
    if (!element.current || !movable) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ calendar: true, record, from: day }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [record, day, movable]);

  return (
    <li ref={element} className={`event ${toneIn(form, record)} ${dragged ? 'dragged' : ''}`}>
      <button type="button" className="event-open clip" onClick={() => open(record.id)} title={title}>
        {time && <span className="num quiet">{time} </span>}
        {title}
      </button>
      {movable && (
        <MenuPop label={t('calendar.move', { name: title })} className="plain icon event-menu">
          {(shut) => (
            <div className="action-menu">
              {([-7, -1, 1, 7] as const).map((by) => (
                <button
                  key={by}
                  type="button"
                  className="plain"
                  onClick={() => {
                    shut();
                    shift(record, day, shifted(day, by));
                  }}
                >
                  {t(`calendarMove.${by}`)}
                </button>
              ))}
            </div>
          )}
        </MenuPop>
      )}
    </li>
  );
}

/** The colour of its state, where the form has one. */
function toneIn(form: Form, record: RecordView): string {
  const state = form.fields.find((field) => ['stage', 'select'].includes(field.definition['x-field']));
  const field = state && fieldOf(form, state.key);
  const option = field?.definition['x-options']?.find((one) => one.value === record.values[field.key]);
  return toneOf(option?.color);
}
