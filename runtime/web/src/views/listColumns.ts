// The columns of a list: those of its view or of a saved one, as its reader has arranged them.
import { useMemo } from 'react';
import type { SavedView } from '../api';
import { arranged, type GridLayout, type LayoutControl, plainLayout, useGridLayout } from '../grid/layout';
import { anyField, columnsOf, type Field, type Form, type View } from '../meta';

/** Which columns the address says stay at the left; undefined where it says nothing of them. */
export interface Pins {
  asked: string | undefined;
  set: (pin: string | undefined) => void;
}

/** How an address says that none stays, not even the first. No column has such a key. */
const noPins = '-';

const pinsIn = (asked: string) => ({
  pinned: asked.split(',').filter((key) => key !== noPins),
  unpinned: asked === noPins,
});

const pinsOf = ({ pinned, unpinned }: GridLayout) => pinned.join(',') || (unpinned ? noPins : undefined);

type Kept = NonNullable<SavedView['columns']>;

export interface ListColumns extends LayoutControl {
  /** Those that the view says, before anybody arranged them. */
  said: Field[];
  /** Those that are shown, in their order. */
  shown: Field[];
  /** How they are written into a saved view; undefined where they are the published view's own. */
  kept: Kept | undefined;
}

const existing = (form: Form, keys: string[]) =>
  keys.map((key) => anyField(form, key)).filter((field) => field !== undefined);

function layoutOf(columns: Kept, unpinned = false): GridLayout {
  const widths = columns.flatMap(({ field, width }) => (width ? [[field, width] as const] : []));
  return {
    ...plainLayout,
    widths: Object.fromEntries(widths),
    pinned: columns.filter((one) => one.pinned).map((one) => one.field),
    unpinned,
  };
}

/** The saved view's columns; nothing where it has none, or none that its reader may see. */
function fieldsOf(form: Form, saved: SavedView | undefined): Field[] | undefined {
  const fields = existing(form, saved?.columns?.map((one) => one.field) ?? []);
  return fields.length ? fields : undefined;
}

export function useListColumns(
  form: Form,
  view: View | undefined,
  saved: SavedView | undefined,
  pins?: Pins,
): ListColumns {
  const own = useMemo(() => fieldsOf(form, saved), [form, saved]);
  const base = useMemo(
    () => (own && saved?.columns ? layoutOf(saved.columns, saved.unpinned) : plainLayout),
    [own, saved],
  );
  const said = useMemo(() => own ?? columnsOf(form, view), [own, form, view]);
  const control = useGridLayout(form.key, own && saved ? `saved.${saved.id}` : (view?.key ?? ''), base);
  const layout = useMemo(
    () => (pins?.asked ? { ...control.layout, ...pinsIn(pins.asked) } : control.layout),
    [control.layout, pins?.asked],
  );
  const touched = control.touched || Boolean(pins?.asked);
  function change(part: Partial<GridLayout>) {
    control.change(part);
    // A link to the list shows it to others as it stands here.
    if (part.pinned) pins?.set(pinsOf({ ...layout, ...part }));
  }
  function reset() {
    control.reset();
    pins?.set(undefined);
  }
  const shown = useMemo(() => {
    const added = existing(form, layout.added).filter((field) => !said.includes(field));
    return arranged([...said, ...added], layout);
  }, [form, said, layout]);
  const kept = useMemo(
    () => (touched ? shown.map((field) => write(field.key, layout)) : own && saved?.columns),
    [touched, shown, layout, own, saved],
  );
  return { layout, touched, change, reset, said, shown, kept };
}

function write(field: string, { widths, pinned }: GridLayout): Kept[number] {
  const width = widths[field];
  return { field, ...(width ? { width: Math.round(width) } : {}), ...(pinned.includes(field) ? { pinned: true } : {}) };
}
