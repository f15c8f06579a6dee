// What copied cells say: typed values as they are, choices by their labels, people and records by their names.
import i18next from 'i18next';
import { useCallback } from 'react';
import type { Ref, Wire } from '../../api';
import { type Field, type FieldDef, type Option, useWorld } from '../../meta';
import { type CellReader, type Pasted, type Place, paste, type Row, under } from './rows';
import { sourceOf } from './source';

const texts = new Set(['text', 'multiline', 'markdown', 'phone', 'email', 'url', 'time']);
const numbers = new Set(['number', 'currency', 'percent', 'rating']);
const choices = new Set(['select', 'stage', 'multiselect', 'cascade']);
const named = new Set(['reference', 'member', 'orgunit', 'zone']);
/** How many names of one paste are looked up. */
const most = 100;
/** How many of them at a time: whoever pastes is no reason to keep others waiting. */
const atOnce = 6;

const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase();
const yes = new Set(['yes', 'true', '1', 'y', '√']);
const no = new Set(['no', 'false', '0', 'n', '×']);

function switchOf(text: string): boolean | undefined {
  const said = plain(text);
  if (yes.has(said) || said === plain(i18next.t('value.yes'))) return true;
  return no.has(said) || said === plain(i18next.t('value.no')) ? false : undefined;
}

const flat = (options: Option[]): Option[] => options.flatMap((one) => [one, ...flat(one.children ?? [])]);

function choiceOf(def: FieldDef, text: string): string | undefined {
  const wanted = plain(text);
  const isMeant = ({ value, label }: Option) => [value, ...Object.values(label)].some((one) => plain(one) === wanted);
  return flat(def['x-options'] ?? []).find((one) => !one.off && isMeant(one))?.value;
}

/** A day as spreadsheets write it, year first, as it is written on the wire; anything else as it is. */
function dayOf(text: string): string {
  const [, year, month = '', day = ''] = /^(\d{4})[^\d\s](\d{1,2})[^\d\s](\d{1,2})[^\d\s]?$/.exec(text) ?? [];
  return year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text;
}

/** What needs nobody to be asked. What is typed wrongly stays as it was typed: the rules say what is wrong with it. */
export function readTyped(def: FieldDef, text: string): Wire | undefined {
  const kind = def['x-field'];
  if (texts.has(kind)) return text.trim();
  if (numbers.has(kind)) return text.normalize('NFKC').replace(/[,\s¥$%]/g, '');
  if (kind === 'date') return dayOf(text.normalize('NFKC').trim());
  if (kind === 'boolean') return switchOf(text);
  if (kind === 'multiselect') {
    const found = text.split(/[,，、;；]/).map((one) => choiceOf(def, one));
    return found.includes(undefined) ? undefined : found;
  }
  return choices.has(kind) ? choiceOf(def, text) : undefined;
}

const idOf = (field: Field, text: string) => `${field.key} ${plain(text)}`;

/** Pastes cells onto rows; resolves once what they name has been found. */
export function usePasting(fields: Field[]) {
  const { catalog, me } = useWorld();
  return useCallback(
    async (now: () => Row[], at: Place, cells: string[][], room: number): Promise<Pasted> => {
      const wanted = new Map<string, [Field, string]>();
      for (const [field, text] of cells.flatMap((line) => under(fields, at, line))) {
        if (named.has(field.definition['x-field']) && text.trim()) wanted.set(idOf(field, text), [field, text.trim()]);
      }
      const found = new Map<string, Ref>();
      async function lookUp([id, [field, text]]: [string, [Field, string]]) {
        const source = sourceOf(catalog, me.user.id, field.definition);
        const offered = await source.find(text, new AbortController().signal);
        const meant = offered.filter((ref) => plain(ref.title ?? '') === plain(text));
        // Of two of that name nobody can say which is meant.
        if (meant.length === 1 && meant[0]) found.set(id, { id: meant[0].id, title: meant[0].title });
      }
      const names = [...wanted].slice(0, most);
      for (let from = 0; from < names.length; from += atOnce) {
        await Promise.all(names.slice(from, from + atOnce).map(lookUp));
      }
      const read: CellReader = (field, text) =>
        named.has(field.definition['x-field']) ? found.get(idOf(field, text)) : readTyped(field.definition, text);
      // The rows as they are by now: somebody may have gone on typing.
      return paste(now(), fields, at, cells, read, room);
    },
    [catalog, me, fields],
  );
}
