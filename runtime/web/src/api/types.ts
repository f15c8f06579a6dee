// The shapes of the API's answers that do not depend on metadata.

import type { components } from './api.gen';

type Schemas = components['schemas'];
export type Duplicate = Schemas['duplicate'];
export type Job = Schemas['job'];
export type MergePreview = Schemas['mergePreview'];
export type JobReport = Schemas['jobReport'];
export type Refusal = Schemas['refusal'];
export type Pool = Omit<Schemas['pool'], 'label'> & { label: Name };
export type Deal = Schemas['deal'];
export type DealPreview = Schemas['dealPreview'];
export type Draw = Schemas['draw'];
export type DrawLine = Schemas['drawLine'];
export type Share = Schemas['dealtShare'];
export type Export = Schemas['export'];
export type FileLook = Schemas['fileLook'];
export type ImportColumn = Schemas['importColumn'];
export type ImportRequest = Schemas['import'];
export type ImportTable = Schemas['importTable'];
export type ImportedRows = Schemas['importedRows'];
export type SavedView = Schemas['savedView'];
export type ViewInput = Schemas['viewInput'];
export type Notification = Schemas['notification'];
export type Unread = Schemas['counted'];
export type Maintained = Schemas['maintained'];
export type ValuesChange = Schemas['valuesChange'];
export type ValuesOrder = Schemas['valuesOrder'];
export type Rehearsal = Schemas['rehearsal'];
export type RehearsedEffect = Schemas['rehearsedEffect'];
export type RehearsedLeaving = Schemas['rehearsedLeaving'];
export type ProblemLine = Schemas['problemAt'];
export type Explanation = Schemas['explanation'];
export type SharedWith = Schemas['sharedWith'];
export type Guest = Schemas['guest'];
export type Viewer = Schemas['viewer'];
export type Explained = Schemas['explained'];
export type FormActed = Schemas['formActed'];

export interface JobPage {
  jobs: Job[];
  next?: string;
}

export interface Ref {
  id: string;
  title?: string;
  /** It is named, and does not open: the record is out of the reader's sight. */
  unseen?: boolean;
}

export type Wire = unknown;
export type Values = Record<string, Wire>;

export interface RecordView {
  id: string;
  form: string;
  version: number;
  values: Values;
  masked?: string[];
  createdAt: string;
  createdBy: Ref;
  updatedAt: string;
  updatedBy: Ref;
  deletedAt?: string;
  /** Where it is at home, for forms with pools. */
  pool?: Custody;
  /** With whom it is shared, where it is; and whom its reader stands in for, where it is theirs. */
  shared?: SharedWith;
  /** Of a single record: those that stand for the same target in other pools. */
  siblings?: Sibling[];
  /** It has won the target that its siblings worked on too; or one of them has. */
  won?: boolean;
  closed?: boolean;
  rights: { update: boolean; delete: boolean; actions: string[] };
}

/** A record as an action leaves it, with what whoever acted had better know. */
export type ActedView = RecordView & { warning?: { code: string; message: string } };

export interface Sibling {
  pool: string;
  stage?: Wire;
  followedUpOn?: string;
  /** What its last follow-ups say, where its pool opens that: the newest first. */
  said?: { on: string; text: string }[];
  won?: boolean;
  closed?: boolean;
}

export interface Custody {
  key: string;
  /** Its owner has it since then; or nobody does. */
  since: string;
  reclaimAt?: string;
  lockedUntil?: string;
}

export interface Page {
  records: RecordView[];
  next?: string;
  incomplete?: boolean;
  count?: { value: number; exact: boolean };
}

export interface FieldState {
  visible: boolean;
  required: boolean;
  readOnly: boolean;
}

export interface Evaluation {
  fields: Record<string, FieldState>;
  values: Values;
  issues: { path: string; code: string; message: string }[];
}

export interface FieldChange {
  field: string;
  from: Wire;
  to: Wire;
}

export interface HistoryEntry {
  at: string;
  actor: Ref;
  op: string;
  changes: FieldChange[];
  reason?: string;
  /** By which action, where it was no edit. */
  action?: string;
  /** What decided, where a rule moved the record. */
  detail?: Record<string, Wire>;
  version: number;
}

export interface HistoryPage {
  entries: HistoryEntry[];
  next?: string;
}

export interface AggregateRow {
  keys: Wire[];
  metrics: (number | string | null)[];
}

export interface Name {
  'zh-CN': string;
  en: string;
  [locale: string]: string;
}

export interface Me {
  user: { id: string; username: string; name: string; locale?: string; admin: boolean };
  tenant: string;
  /** The tenant's time zone, an IANA name. */
  zone: string;
  roles: string[];
  unit: { id: string; name: Name } | null;
  zones: { id: string; name: Name }[];
  /** Their password was made by somebody else: nothing but changing it is open. */
  mustChangePassword?: boolean;
  /** There may be people as whom they can see the app. */
  mayView?: boolean;
  /** Somebody sees the app as them: read only, until then. */
  viewing?: { by: Ref; reason: string; until: string };
  /** Where what happens was when this was asked: the stream goes on from there. */
  place: string;
}
