import type { Field, Form } from '../meta';
import type { ListControl } from './listState';
import type { ListQuestion, useRecords } from './useRecords';

/** What each way to show a list is given. */
export interface ListProps {
  form: Form;
  fields: Field[];
  control: ListControl;
  list: ReturnType<typeof useRecords>;
  question: ListQuestion;
  open: (id: string) => void;
  selected: Set<string>;
  setSelected: (selected: Set<string>) => void;
}
