// Records as cards in the lanes of a choice field, moved by dragging or by a card's menu.
import { useTranslation } from 'react-i18next';
import { useColumns } from '../grid/columns';
import { fieldOf, type Option, useLabel } from '../meta';
import { BoardLane } from './BoardLane';
import { placeOf, useLaneSums, useMove } from './board';
import { ListStuck } from './ListEmpty';
import type { ListProps } from './listProps';

export function KanbanView({ form, fields, control, question, open }: ListProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { state } = control;
  const group = fieldOf(form, state.view?.group ?? '');
  const columns = useColumns(form, fields);
  const amount = columns.find((column) => column.def['x-field'] === 'currency');
  const sums = useLaneSums({ form: form.key, group: group?.key ?? '', amount: amount?.key, question });
  const [move, dialog] = useMove(form, group?.key ?? '', { place: placeOf(question) });
  if (!group) return <ListStuck text={t('board.noGroup')} onLeave={() => control.set({ view: undefined })} />;
  const lanes: (Option | undefined)[] = [...(group.definition['x-options'] ?? []).filter((option) => !option.off)];
  if (sums.by?.has('')) lanes.push(undefined);
  return (
    <div className="board" role="region" aria-label={t('list.grid', { name: label(form.label) })} tabIndex={0}>
      {lanes.map((option) => (
        <BoardLane
          key={option?.value ?? ''}
          form={form}
          group={group}
          option={option}
          columns={columns}
          question={question}
          sums={sums}
          amountDef={amount?.def}
          limit={state.view?.limits?.[option?.value ?? '']}
          onOpen={open}
          onMove={move}
          options={group.definition['x-options'] ?? []}
          movable={form.rights.update && !group.readOnly}
        />
      ))}
      {dialog}
    </div>
  );
}
