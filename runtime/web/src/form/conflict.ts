// Somebody was faster: what the server answers with then.
import { ApiError, type RecordView, type Values } from '../api';
import { sameValue } from './values';

export interface Conflict {
  yours: Values;
  theirs: RecordView;
}

/** The record as the other one has saved it; undefined where something else was wrong. */
export const theirsOf = (error: unknown): RecordView | undefined =>
  error instanceof ApiError && error.status === 409
    ? (error.problem.conflict as { theirs?: RecordView } | undefined)?.theirs
    : undefined;

/** A save whose answer was lost is refused when it is sent again, by what it has saved itself. */
export const isSaved = (yours: Values, theirs: RecordView): boolean =>
  Object.keys(yours).every((field) => sameValue(yours[field], theirs.values[field]));
