import type { SavedView } from '../api';
import type { Field, Form } from '../meta';
import type { Groups } from './groups';
import type { ListColumns } from './listColumns';
import type { ListControl } from './listState';
import type { ListQuestion, useRecords } from './useRecords';

/** What each way to show a list is given. */
export interface ListProps {
  form: Form;
  fields: Field[];
  columns: ListColumns;
  /** Where the records of a table stand together. */
  groups?: Groups;
  saved: SavedView[];
  control: ListControl;
  list: ReturnType<typeof useRecords>;
  question: ListQuestion;
  open: (id: string) => void;
  selected: Set<string>;
  setSelected: (selected: Set<string>) => void;
}
