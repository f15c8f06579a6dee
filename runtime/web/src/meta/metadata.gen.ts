// Generated from schemas/ by `make gen`. Do not edit.

/**
 * Five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday), each *, a number, a range 1-5, a list 1,3 or a step * /2, read in the tenant's time zone.
 */
export type Cron = string;
/**
 * An expression over the record's fields by key, with actor (id, unit, roles, zones) and old (the record before the change) where they make sense. See the list of functions in the rules reference. At most 4 KB.
 */
export type Expr = string;
/**
 * What a field holds. text: one line of text; multiline: text of several lines; markdown: text with marks (CommonMark), kept as written and shown as a page, HTML in it as plain text; richtext: formatted text, kept as the part of HTML that can do nothing (paragraphs, headings, lists, quotes, code, links to http, https, mailto and tel); what else is sent is left out; filters ask only whether there is any, search finds its words; number: an exact number with x-scale decimals; currency: an amount of money; x-currency, and x-scale where it is not the currency's own; percent: a share as people write it: 12.5 means 12.5 %; rating: points that people give as stars, whole numbers from 1 to x-points; not rated is empty and never 0; they are averaged and not added up; boolean: yes or no; nothing said is neither; select: one of x-options; multiselect: some of x-options; cascade: a path through x-options and their children; stage: where something stands: one of x-options with probability and, at the ends, closed; tags: words that people make up; date: a calendar day, of no time zone; datetime: an instant; daterange: the days from start to end, both of which belong to it; filters compare its parts, period.start and period.end, or the whole by overlaps, covers and within, and it sorts by its start; time: a time of day, of no zone, 09:30, to 23:59 at the latest; rules read minutes since midnight; duration: a length of time in whole seconds, never negative, at most 100,000 hours; rules read seconds, people may write 1:30, 90 min or 1h 30m; phone: a telephone number, kept in the one form that finds doubles; email: a mail address; url: a web address, http or https; idcard: the number of a resident identity card of mainland China, of 18 characters, with province, birthday and check digit checked; where a role masks it the first three and the last four are left; member: a person; members: some people; orgunit: an org unit; orgunits: some org units; zone: a zone of the organisation; reference: a record of x-ref; references: some records of x-ref; anyref: one record of one of several forms, x-refs, as form and id; nothing can be mirrored, summed up, grouped or filtered across it, for these forms need not have a field in common; mirror: a copy of the field x-of of the record that x-via refers to: it sorts, filters and groups; table: rows with fields of their own, properties; formula: what x-compute gives, computed at each save; rollup: a figure, x-op, over the records of x-from that refer here by x-via; autonumber: a number given at creation by the pattern x-number; attachment: files; image: pictures; signature: one picture, drawn by hand on the page or uploaded, png or jpeg; region: an administrative division of mainland China, by its six-digit code; address: region, detail and postcode; json: a JSON value of another program, as text, at most 64 KB and 20 levels deep, no key twice; filters ask only whether there is any.
 */
export type FieldKind =
  | 'text'
  | 'multiline'
  | 'markdown'
  | 'richtext'
  | 'number'
  | 'currency'
  | 'percent'
  | 'rating'
  | 'boolean'
  | 'select'
  | 'multiselect'
  | 'cascade'
  | 'stage'
  | 'tags'
  | 'date'
  | 'datetime'
  | 'daterange'
  | 'time'
  | 'duration'
  | 'phone'
  | 'email'
  | 'url'
  | 'idcard'
  | 'member'
  | 'members'
  | 'orgunit'
  | 'orgunits'
  | 'zone'
  | 'reference'
  | 'references'
  | 'anyref'
  | 'mirror'
  | 'table'
  | 'formula'
  | 'rollup'
  | 'autonumber'
  | 'attachment'
  | 'image'
  | 'signature'
  | 'region'
  | 'address'
  | 'json';
/**
 * A name for programs: letters and digits, beginning with a small letter. It is immutable once published; people rename labels.
 */
export type Key = string;
/**
 * Records that go along: all of a form, by its key, or those for which when holds.
 */
export type PoolAlong =
  | Key
  | {
      /**
       * The form.
       */
      form: Key;
      /**
       * Which of its records: a condition that stores can decide.
       */
      when: Expr;
    };
/**
 * Days, as an expression over the record or as a table by the value of the field that tier names. A record without a tier counts as the last option of that field.
 */
export type PoolDays =
  | string
  | {
      [k: string]: number;
    };
/**
 * A condition on an input: that it is a value, is one of several, or lies in a range.
 */
export type TableCell =
  | TableValue
  | TableValue[]
  | {
      /**
       * At least this.
       */
      from?: TableValue;
      /**
       * More than this.
       */
      above?: TableValue;
      /**
       * At most this.
       */
      to?: TableValue;
      /**
       * Less than this.
       */
      below?: TableValue;
      /**
       * It is absent.
       */
      empty?: true;
    };
/**
 * A value of the input's or output's type: a text or option's key; a number, or a text that holds one ("0.035"), exact as it is written; true or false; a day as "2026-03-31".
 */
export type TableValue = string | number | boolean;
/**
 * A time of day in the tenant's zone, hours and minutes.
 */
export type TimeOfDay = string;
/**
 * Some people: user:<user name>, role:<role key>, unit:<unit's code> (those in it and below), zone:<zone key>, owner (of the record), manager (of the record's owner), initiator (who began the flow); or {"all": […]}, those who are in each of the list. A list of these is their union.
 */
export type Who =
  | string
  | {
      /**
       * Those who are in each of these.
       *
       * @minItems 2
       */
      all: string[];
    };

/**
 * Something that an action asks for.
 */
export interface ActionArg {
  /**
   * Its name among the arguments. reason and values are taken.
   */
  key: Key;
  /**
   * What people read above its input.
   */
  label: Label;
  /**
   * A sentence below its input.
   */
  help?: Label;
  /**
   * text; number, whole or as a text with a fraction; flag: true or false; date, as 2026-03-31; person, by id; unit, an org unit by id; pool, the key of one of the form's; option, one of options.
   */
  kind: 'text' | 'number' | 'flag' | 'date' | 'person' | 'unit' | 'pool' | 'option';
  /**
   * The action is refused without it. Default: false.
   */
  required?: boolean;
  /**
   * kind option: what there is to choose from.
   *
   * @minItems 1
   */
  options?: ActionChoice[];
}
/**
 * One of what there is to choose from.
 */
export interface ActionChoice {
  /**
   * What the script is handed.
   */
  value: string;
  /**
   * What people read.
   */
  label: Label;
}
/**
 * An action, described so that programs can offer it and ask for what it needs.
 */
export interface ActionView {
  /**
   * Its name in routes and among a record's rights.
   */
  key: Key;
  /**
   * What its button says.
   */
  label: Label;
  /**
   * primary: what most people come for; danger: what somebody may lose by.
   */
  kind: 'primary' | 'plain' | 'danger';
  /**
   * It is offered for several records at once, each by itself.
   */
  many: boolean;
  /**
   * It is about no record: POST /forms/{form}/act/{action} does it, and what stands here is offered now. Default: false.
   */
  onForm?: boolean;
  /**
   * The question asked before it is done. Absent: none is asked.
   */
  confirm?: Label;
  /**
   * The action that takes it back; where that asks for a person or a pool, it is the one that the record had before.
   */
  undo?: Key;
  /**
   * What it asks for.
   */
  ask: Asking;
  /**
   * What it asks for instead where the record's home pool decides, by the pool's key.
   */
  byPool?: {
    [k: string]: Asking;
  };
}
/**
 * app.json: what an app is called, its version, and the order of its menu. The folder around it is the bundle: forms, views, rules, roles change and roll back together.
 */
export interface App {
  /**
   * The app's name among all apps, e.g. assets.
   */
  key: Key;
  /**
   * Semantic version of this content. A published version never changes; another content has another version.
   */
  version: string;
  /**
   * What people call the app.
   */
  label: Label;
  /**
   * One sentence for the list of apps.
   */
  description?: Label;
  /**
   * Form keys in the order of the menu, for those whose roles state no menu of their own. A form that is not listed is not in it.
   */
  menu?: Key[];
  alerts?: Alerts;
  /**
   * How the app shows whose it is. Absent: as the product.
   */
  brand?: Brand;
}
/**
 * When administrators are told that somebody does much of something.
 */
export interface Alerts {
  /**
   * They are told once a day of each person who has exported more records than this, all forms together. Default: 0, they are not told.
   */
  exportedPerDay?: number;
}
/**
 * What an action asks for.
 */
export interface Asking {
  /**
   * Whether it asks why.
   */
  reason: 'no' | 'optional' | 'required';
  /**
   * The reasons to choose from. Absent: it is written.
   */
  reasons?: Choice[];
  /**
   * What else it asks for.
   */
  args?: ActionArg[];
}
/**
 * How the web app shows whose it is: beside the menu, at the door and in the window's frame.
 */
export interface Brand {
  /**
   * What people call it, in place of the product's name.
   */
  name?: Label;
  /**
   * A square picture as a data: address, SVG or PNG, of at most 24 KiB.
   */
  logo?: string;
  /**
   * The colour of what can be pressed, on white grounds; dark pages have a lighter one that follows from it. White text on it is to be readable: a contrast of 4.5 at least.
   */
  accent?: string;
}
/**
 * What GET /api/v1/catalog answers: the published metadata as the asker may see it. Nobody writes this document; it is described for programs that read it.
 */
export interface Catalog {
  /**
   * The app that is installed.
   */
  app: Key;
  /**
   * Its version and a digest of its content; it changes with each publish.
   */
  version: string;
  /**
   * How the app shows whose it is. Absent: as the product.
   */
  brand?: Brand;
  /**
   * The forms of the asker's menu, in order.
   */
  menu: Key[];
  /**
   * The dashboard that the asker sees first. Absent: none.
   */
  home?: Key;
  /**
   * The forms that the asker may read or add to, the menu's first.
   */
  forms: FormView[];
  /**
   * The dashboards that the asker may see, home first, each without the widgets that they may not.
   */
  dashboards: Dashboard[];
}
/**
 * One choice with what people read.
 */
export interface Choice {
  /**
   * What is stored. It never changes; people rename the label.
   */
  value: string;
  /**
   * What people read.
   */
  label: Label;
}
/**
 * dashboards/<dashboard>.json: a page of charts, numbers and lists over forms. It shows each viewer what they may read, and leaves out the widgets over forms and fields that they may not.
 */
export interface Dashboard {
  /**
   * The dashboard's name, the name of its file.
   */
  key: Key;
  /**
   * What people call it.
   */
  label: Label;
  /**
   * One sentence below the heading.
   */
  description?: Label;
  /**
   * Role keys that see it. Default: everybody to whom a widget is left.
   */
  roles?: Key[];
  /**
   * The choice of a period above the page. Default: none.
   */
  period?: DashboardPeriod;
  /**
   * Choices above the page that its widgets obey, all at once; what is chosen is kept in the address of the page, so that a link opens the same. Default: none.
   *
   * @maxItems 6
   */
  filters?: DashboardFilter[];
  /**
   * What is on the page, from left to right and then down.
   *
   * @minItems 1
   * @maxItems 40
   */
  widgets: Widget[];
}
/**
 * A choice above the page: each widget over one of the forms counts or lists only the records whose field has one of the chosen values. Nothing chosen is no condition. Who may not read a field on all records in their reach has no choice by it.
 */
export interface DashboardFilter {
  /**
   * The filter's name within its dashboard; the address of the page has it.
   */
  key: Key;
  /**
   * What people read beside it.
   */
  label: Label;
  /**
   * By form, the field that the choice is about: a select, stage, boolean, member, orgunit, zone or reference field, or a system field such as createdBy; of all forms with the same values. Each form has a widget on the page. Widgets over other forms do not obey.
   */
  fields: {
    [k: string]: Key;
  };
}
/**
 * The choice of a period above the page; it narrows each widget that names a date.
 */
export interface DashboardPeriod {
  /**
   * What is chosen when the page is opened. A person's own choice is kept in the address of the page. Weeks begin on Monday.
   */
  default:
    | 'today'
    | 'thisWeek'
    | 'thisMonth'
    | 'lastMonth'
    | 'thisQuarter'
    | 'thisYear'
    | 'last30Days'
    | 'last12Months'
    | 'all';
}
/**
 * Two records are taken for one where all these fields are filled and hold the same. Spelling of telephone numbers, case and white space do not count; a formula with nameKey lets endings of names not count either.
 */
export interface Duplicate {
  /**
   * The rule's name.
   */
  key: Key;
  /**
   * What two such records have alike.
   */
  label: Label;
  /**
   * The fields that hold the same, single values each.
   *
   * @minItems 1
   * @maxItems 4
   */
  fields: Key[];
  /**
   * Texts of 4 to 24 characters count as the same where one character is added, missing, another, or swapped with the next. For one text field, and to warn: what is near may be somebody else.
   */
  near?: boolean;
  /**
   * warn, the default, saves and tells; block refuses to save.
   */
  then?: 'warn' | 'block';
  /**
   * Rules of other forms whose records count too.
   *
   * @maxItems 4
   */
  also?: DuplicateAlso[];
}
export interface DuplicateAlso {
  /**
   * The other form.
   */
  form: Key;
  /**
   * Its rule, of as many fields.
   */
  rule: Key;
  /**
   * The field by which such a record names one of this form, which it then speaks of.
   */
  via?: Key;
}
/**
 * One field of a form, or one column of a table. Which keywords apply depends on x-field; one that does not is a fault at publishing.
 */
export interface Field {
  /**
   * JSON Schema's type of the value on the wire, if the author states it; the kind implies it. For a formula without x-result it chooses the kind: string is text, boolean is boolean.
   */
  type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  /**
   * The kind of the field, see fieldKind.
   */
  'x-field': FieldKind;
  /**
   * What people call the field.
   */
  'x-label': Label;
  /**
   * A sentence shown beside the field.
   */
  'x-help'?: Label;
  /**
   * Characters at least (text, multiline, markdown).
   */
  minLength?: number;
  /**
   * Characters at most (text: 1,000 unless stated; multiline: 20,000; markdown: 50,000; richtext, with its tags: 100,000).
   */
  maxLength?: number;
  /**
   * A regular expression that the text matches (text, multiline, markdown, phone, email, url).
   */
  pattern?: string;
  /**
   * The least value, as decimal text or as a date: exact, unlike JSON Schema's minimum (number, currency, percent, formula, date, time as 09:30, duration in seconds).
   */
  'x-min'?: string;
  /**
   * The greatest value, as x-min.
   */
  'x-max'?: string;
  /**
   * Entries or rows at least.
   */
  minItems?: number;
  /**
   * Entries or rows at most (200 entries, 500 rows unless stated).
   */
  maxItems?: number;
  /**
   * Decimals of an exact number. Values are never floating point: 12.50 at scale 2 is kept as 1250 and written "12.50".
   */
  'x-scale'?: number;
  /**
   * ISO 4217 code of an amount; empty: the tenant's currency. It gives the decimals where x-scale does not.
   */
  'x-currency'?: string;
  /**
   * rating: how many points there are; 5 unless stated.
   */
  'x-points'?: number;
  /**
   * The choices of select, multiselect, cascade and stage, in the order people see them.
   *
   * @minItems 1
   */
  'x-options'?: Option[];
  /**
   * attachment, image, signature: how many bytes one file may have at most; the server has a limit of its own besides.
   */
  'x-maxSize'?: number;
  /**
   * attachment, image: the media types taken, as a file's bytes tell it and not its name. All unless stated; of an image jpeg, png, gif and webp.
   *
   * @minItems 1
   */
  'x-accept'?: string[];
  /**
   * reference, references: the form referred to.
   */
  'x-ref'?: Key;
  /**
   * anyref: the forms, a record of one of which is referred to, in the order people are offered them.
   *
   * @minItems 1
   */
  'x-refs'?: Key[];
  /**
   * reference, references, anyref: what happens here when the record referred to is deleted. restrict (the default): it cannot be; clear: the reference becomes empty; cascade: this record goes too.
   */
  'x-onDelete'?: 'restrict' | 'clear' | 'cascade';
  /**
   * reference: whoever reads this record, and this field of it, reads the title of the record referred to, also when that is out of their sight by now: an order goes on saying whose it is. Nothing else of it, and no more than what was within sight of whoever set the reference.
   */
  'x-named'?: boolean;
  /**
   * mirror: the reference that leads to the record; rollup: the reference in x-from that leads here.
   */
  'x-via'?: Key;
  /**
   * mirror: the field copied; rollup: the field of x-from that is reckoned over (not for count).
   */
  'x-of'?: Key;
  /**
   * rollup: the form whose records are reckoned over.
   */
  'x-from'?: Key;
  /**
   * rollup: the figure.
   */
  'x-op'?: 'count' | 'sum' | 'min' | 'max' | 'avg';
  /**
   * rollup: transaction keeps it true in the same transaction as each change (count and sum only; for invariants of money); soon (the default) recomputes it within a second or so.
   */
  'x-timing'?: 'transaction' | 'soon';
  /**
   * reference, references: which records may be chosen; rollup: which records count. It must be one that stores can decide; a rollup's cannot depend on who asks or when.
   */
  'x-filter'?: Expr;
  /**
   * autonumber: the pattern. {yyyy} {yy} {MM} {dd} are parts of the day, {0000} is the next number of that period with at least as many digits.
   */
  'x-number'?: string;
  /**
   * autonumber: no number may be missing; saves that need one then wait for each other.
   */
  'x-gapless'?: boolean;
  /**
   * table: the columns by key.
   */
  properties?: {
    [k: string]: Field;
  };
  /**
   * table: the columns in order; the rest follow by key.
   */
  'x-order'?: Key[];
  /**
   * table: the columns that each row must fill.
   */
  required?: Key[];
  /**
   * The value is worked out by this expression at each save and nobody sets it. A column's expression sees its row's columns and the form's other fields. It cannot use actor.
   */
  'x-compute'?: Expr;
  /**
   * formula: the kind of its values.
   */
  'x-result'?:
    'text' | 'multiline' | 'number' | 'currency' | 'percent' | 'boolean' | 'date' | 'datetime' | 'time' | 'duration';
  /**
   * The value of a new record or row where none was given.
   */
  'x-default'?: Expr;
  /**
   * The field must be filled when this holds.
   */
  'x-requiredIf'?: Expr;
  /**
   * The field is shown, and asked for, only when this holds. It is no protection: roles hide fields.
   */
  'x-visibleIf'?: Expr;
  /**
   * People cannot change the field when this holds.
   */
  'x-readOnlyIf'?: Expr;
  /**
   * People cannot set the field; the system may.
   */
  readOnly?: boolean;
  /**
   * No two living records have the same value.
   */
  'x-unique'?: boolean;
  /**
   * Full-text search finds records by this field.
   */
  'x-search'?: boolean;
  /**
   * Keep an index for filters and sorts by this field; a form has at most 12. A daterange has two, one for each end.
   */
  'x-index'?: boolean;
  /**
   * What is left to see where a role masks the field: phone, or "head,tail" characters.
   */
  'x-mask'?: string;
  /**
   * A search for the complete value may find the record even where the field is masked: 60 different values in ten minutes and 300 a day for each person, every one of which the audit tells of.
   */
  'x-lookup'?: boolean;
  /**
   * shared: all records that stand for one target in several pools have the same value; whoever changes it changes it in all of them. Not for fields that are computed, unique, refer to records or hold files.
   */
  'x-group'?: 'shared';
  /**
   * date, datetime and rollup of one, not in tables: whoever has the record is told when the time that it holds has come. It is kept in an index, of which a form has at most 12.
   */
  'x-remind'?: Remind;
  /**
   * select and stage, not in tables and not computed: when the system sets the field, whoever saves and whatever the roles say. The first condition that has come to hold decides, else the first that no longer holds. Records in the recycle bin are not turned. What follows from other records turns no field that no two may hold the same of.
   *
   * @minItems 1
   */
  'x-turns'?: Turn[];
}
/**
 * A field with what the asker may do with it.
 */
export interface FieldView {
  /**
   * The field's key.
   */
  key: Key;
  /**
   * The field as it was published.
   */
  definition: Field;
  /**
   * The system gives the value and nobody sets it.
   */
  computed?: boolean;
  /**
   * The asker sets it on no record.
   */
  readOnly?: boolean;
  /**
   * It is masked or hidden on some or all records: no sorting, ranges, groups or figures by it.
   */
  masked?: boolean;
}
/**
 * flows/<flow>.json: what begins by itself or on people's word, and the steps that follow; with an approval step it is an approval. Each run is kept, with the version of the flow that it began with, and can be looked at while it lasts and after.
 */
export interface Flow {
  /**
   * The flow's name, the name of its file.
   */
  key: Key;
  /**
   * The form whose records it is about.
   */
  form: Key;
  /**
   * What people call it.
   */
  label: Label;
  /**
   * One sentence that says what it is for.
   */
  description?: Label;
  /**
   * What begins it.
   */
  trigger: FlowTrigger;
  /**
   * On whose behalf its steps change records: initiator, with their rights; system, as system:flow, which the history names. Default: system.
   */
  as?: 'initiator' | 'system';
  /**
   * If a run for the same record is still under way: skip does not begin another; parallel does; restart ends the first. Default: skip.
   */
  overlap?: 'skip' | 'parallel' | 'restart';
  /**
   * A field that shows where an approval stands.
   */
  state?: FlowState;
  /**
   * What is done, in order.
   *
   * @minItems 1
   * @maxItems 100
   */
  steps: FlowStep[];
}
/**
 * An action.
 */
export interface FlowAct {
  /**
   * assign, return, lock, convert, or the key of a script of kind action.
   */
  action: string;
  /**
   * What it is told: names and expressions. Default: nothing.
   */
  args?: {
    [k: string]: Expr;
  };
}
/**
 * People decide. While they do, the record cannot be changed but by them.
 */
export interface FlowApproval {
  /**
   * Who decides, one stage after the other.
   *
   * @minItems 1
   * @maxItems 20
   */
  stages: FlowApprover[];
  /**
   * The initiator confirms what approvers adjusted before it counts. Default: true.
   */
  confirm?: boolean;
  /**
   * The initiator may take it back until the last has decided. Default: true.
   */
  withdraw?: boolean;
  /**
   * Who says why. reject: those who reject; always: all; none. Default: reject.
   */
  reason?: 'none' | 'reject' | 'always';
  /**
   * What is done once all have approved. Default: the steps after this one.
   *
   * @maxItems 100
   */
  approved?: FlowStep[];
  /**
   * What is done when one rejects; the flow ends then.
   *
   * @maxItems 100
   */
  rejected?: FlowStep[];
}
/**
 * One stage of an approval.
 */
export interface FlowApprover {
  /**
   * Its name within the step; the history names it.
   */
  key: Key;
  /**
   * What people call it, say "Manager".
   */
  label: Label;
  /**
   * It is asked for only when this holds. Default: always.
   */
  when?: Expr;
  /**
   * Who may decide.
   *
   * @minItems 1
   */
  who: Who[];
  /**
   * any: one of them decides; all: every one of them approves; inOrder: every one, one after the other. Default: any.
   */
  mode?: 'any' | 'all' | 'inOrder';
  /**
   * Fields that they may change before they decide, kept as a difference; the form's rules run again. lines for all columns of a table. Default: none.
   */
  adjust?: Key[];
  /**
   * After a later stage has adjusted something, these are asked again if this has turned true. Default: never.
   */
  askAgain?: Expr;
  /**
   * How long they have. Default: no end.
   */
  within?: Span;
  /**
   * What then happens. remind: a message each working day; escalate: it goes to escalateTo; approve; reject. Default: remind.
   */
  onTimeout?: 'remind' | 'escalate' | 'approve' | 'reject';
  /**
   * escalate: who decides instead.
   *
   * @minItems 1
   */
  escalateTo?: Who[];
  /**
   * If there is nobody to ask, or only the initiator: skip the stage, ask an admin, or reject. Default: admin.
   */
  ifNobody?: 'skip' | 'admin' | 'reject';
}
/**
 * Ways to go.
 */
export interface FlowBranch {
  /**
   * The ways, tried in order.
   *
   * @minItems 1
   * @maxItems 20
   */
  cases: FlowCase[];
  /**
   * What is done when none holds. Default: nothing.
   *
   * @maxItems 100
   */
  otherwise?: FlowStep[];
}
/**
 * One way out of a branch.
 */
export interface FlowCase {
  /**
   * What stands on the line. Default: the condition.
   */
  label?: Label;
  /**
   * It is taken when this holds and no case before it did.
   */
  when: Expr;
  /**
   * What is done then.
   *
   * @maxItems 100
   */
  steps: FlowStep[];
}
/**
 * A record to make.
 */
export interface FlowCreate {
  /**
   * Its form.
   */
  form: Key;
  /**
   * Its fields and the expressions, over the flow's record, that give their values; record is the flow's record itself, for a reference to it.
   */
  values: {
    [k: string]: Expr;
  };
}
/**
 * A date to wait for. It is once for each record and value of the field: a date that is moved is waited for anew, one that comes nearer than before acts at once.
 */
export interface FlowDate {
  /**
   * A date or datetime field of the form.
   */
  field: Key;
  /**
   * This long before it. Default: on it.
   */
  before?: Span;
  /**
   * This long after it. Not together with before.
   */
  after?: Span;
  /**
   * At this time of that day. Default: 09:00.
   */
  at?: TimeOfDay;
}
/**
 * A message.
 */
export interface FlowNotice {
  /**
   * Who gets it.
   *
   * @minItems 1
   */
  to: Who[];
  /**
   * The ways it goes; people may leave out all but inbox. Default: inbox.
   *
   * Items: One way.
   */
  by?: ('inbox' | 'mail' | 'webhook')[];
  /**
   * The heading; {field} stands for a value as people read it.
   */
  title: Label;
  /**
   * The text, in the same way. Default: none.
   */
  text?: Label;
}
/**
 * A script to run.
 */
export interface FlowScript {
  /**
   * A script of the flow's form, of kind step.
   */
  script: Key;
  /**
   * What it is handed: names and expressions. Default: nothing.
   */
  args?: {
    [k: string]: Expr;
  };
}
/**
 * A select or stage field that shows where an approval stands, and its values.
 */
export interface FlowState {
  /**
   * The field. People cannot set these values by hand.
   */
  field: Key;
  /**
   * While people decide.
   */
  pending: string;
  /**
   * Once all have approved.
   */
  approved: string;
  /**
   * Once one has rejected.
   */
  rejected: string;
  /**
   * Once it is taken back.
   */
  withdrawn?: string;
}
/**
 * One step. It has exactly one of the settings that say what is done: branch, set, create, notify, approve, script, wait, act or webhook.
 */
export interface FlowStep {
  /**
   * Its name within the flow; the run's record names it.
   */
  key: Key;
  /**
   * What stands in the drawing. Default: made from what it does.
   */
  label?: Label;
  /**
   * Go one of several ways; after it the steps that follow go on.
   */
  branch?: FlowBranch;
  /**
   * Change the record: fields and the expressions that give their values, with the form's rules applied.
   */
  set?: {
    [k: string]: Expr;
  };
  /**
   * Make a record of another form.
   */
  create?: FlowCreate;
  /**
   * Tell people.
   */
  notify?: FlowNotice;
  /**
   * Have people decide.
   */
  approve?: FlowApproval;
  /**
   * Run a script of kind step.
   */
  script?: FlowScript;
  /**
   * Go on later.
   */
  wait?: FlowWait;
  /**
   * Carry out an action on the record.
   */
  act?: FlowAct;
  /**
   * Tell another system, after the change is kept, once.
   */
  webhook?: FlowWebhook;
}
/**
 * What begins a flow.
 */
export interface FlowTrigger {
  /**
   * created, changed, deleted: a record of the form, after the change is kept; submitted: people's word, a button on the record; date: a date or time of the record has come; job: a job says so; call: another step or a claim that needs approval.
   */
  on: 'created' | 'changed' | 'deleted' | 'submitted' | 'date' | 'job' | 'call';
  /**
   * changed: only when one of these changes. Default: any.
   */
  fields?: Key[];
  /**
   * Only when this holds, with old, the record before the change. A change into a state: stage == "won" and old.stage != "won". Default: always.
   */
  when?: Expr;
  /**
   * on date: which one.
   */
  date?: FlowDate;
  /**
   * on submitted: the button.
   */
  label?: Label;
  /**
   * on submitted: who may press it. Default: who may change the record.
   *
   * @minItems 1
   */
  who?: Who[];
}
/**
 * A wait. Exactly one of both is stated.
 */
export interface FlowWait {
  /**
   * This long.
   */
  span?: Span;
  /**
   * Until the day or instant that this gives.
   */
  until?: Expr;
}
/**
 * A message to another system.
 */
export interface FlowWebhook {
  /**
   * The name of a target that an admin has entered, with its address and secret; neither ever stands in metadata.
   */
  to: Key;
  /**
   * The fields that are sent, beside id and version. Default: none.
   */
  fields?: Key[];
}
/**
 * forms/<form>/form.json: the definition of one kind of record, a JSON Schema object whose properties are the fields, with x- keywords for what JSON Schema has no word for. Records are validated, drawn and documented from it.
 */
export interface Form {
  /**
   * The dialect: https://json-schema.org/draft/2020-12/schema.
   */
  $schema?: string;
  /**
   * An address for the schema, if wanted; nothing is fetched from it.
   */
  $id?: string;
  /**
   * A record is an object.
   */
  type: 'object';
  /**
   * The form's key, the name of its folder.
   */
  'x-form': Key;
  /**
   * What people call one such record.
   */
  'x-label': Label;
  /**
   * The field that names a record in lists and references.
   */
  'x-title': Key;
  /**
   * The fields by key. Keys that every record has (id, version, createdAt, createdBy, updatedAt, updatedBy, deletedAt, principals) and actor and old are taken.
   */
  properties: {
    [k: string]: Field;
  };
  /**
   * The fields in the order people see them; the rest follow by key.
   */
  'x-order'?: Key[];
  /**
   * The fields that must be filled while they are visible.
   */
  required?: Key[];
  /**
   * Groups of fields whose values together no two living records share. A group binds only where all of it is filled.
   */
  'x-unique'?: Key[][];
  /**
   * Who reaches a record by scope. Default: its maker owns it.
   */
  'x-holders'?: Holders;
  /**
   * Who may share a record with people or units. Default: nobody.
   */
  'x-sharing'?: Sharing;
  /**
   * When a record is taken for one that is there already, the most telling rule first.
   *
   * @maxItems 8
   */
  'x-duplicates'?: Duplicate[];
  /**
   * What must hold beyond single fields. Rules may also stand in files of their own, rules/<rule>.json.
   */
  'x-rules'?: FormRule[];
  /**
   * The page: groups of fields.
   */
  'x-sections'?: Section[];
  /**
   * The tabs of the page in order. Of a page with tabs one sees the sections of one tab at a time, below those that name none.
   *
   * @maxItems 12
   */
  'x-tabs'?: Tab[];
  /**
   * The order of lists that name none, e.g. -updatedAt,name; the default is -updatedAt.
   */
  'x-sort'?: string;
  /**
   * Further indexes: lists of fields, - before one that runs down. Amounts beside a date are kept summed by day.
   */
  'x-indexes'?: string[][];
}
/**
 * Which verbs reach any record of the form at all.
 */
export interface FormRights {
  /**
   * They may make records.
   */
  create: boolean;
  /**
   * They see some records.
   */
  read: boolean;
  /**
   * They change some.
   */
  update: boolean;
  /**
   * They delete some.
   */
  delete: boolean;
  /**
   * They take some out as a file.
   */
  export: boolean;
}
/**
 * A validation of the whole record.
 */
export interface FormRule {
  /**
   * The rule's name within its form.
   */
  key: Key;
  /**
   * Must hold for a record to be saved. Absent counts as false.
   */
  check: Expr;
  /**
   * What people read when it does not hold. {field} shows the value of a field of the record, as its reader sees it.
   */
  message: Label;
  /**
   * The fields the rule is about; the first shows the message.
   */
  fields?: Key[];
}
/**
 * A form without what is hidden from the asker.
 */
export interface FormView {
  /**
   * The form's key.
   */
  key: Key;
  /**
   * What people call one such record.
   */
  label: Label;
  /**
   * The field that names a record.
   */
  title: Key;
  /**
   * The fields, in the order people see.
   */
  fields: FieldView[];
  /**
   * The page: groups of fields.
   */
  sections?: Section[];
  /**
   * The tabs that hold one of the sections, in order.
   */
  tabs?: Tab[];
  /**
   * The form's pools.
   */
  pools?: PoolView[];
  /**
   * The rules that tell of duplicates, the most telling first.
   */
  duplicates?: DuplicateView[];
  /**
   * The field that says whose a record is.
   */
  owner?: Key;
  /**
   * Where records are follow-ups of others: the field that tells when each happened.
   */
  happens?: Key;
  /**
   * What can be done to records beyond editing them, by somebody like the asker. Whether it may be done to a record as it stands, that record's rights tell.
   */
  actions?: ActionView[];
  /**
   * The saved views that the asker may use.
   */
  views: View[];
  /**
   * What the asker may do.
   */
  rights: FormRights;
  /**
   * The fields that must be filled while they are visible.
   */
  required?: Key[];
}
export interface PoolView {
  /**
   * The pool's name.
   */
  key: string;
  label: Label;
  /**
   * The field by which records of the same target in other pools see how far one of this pool is.
   */
  stage?: Key;
  activity?: ActivityView;
  /**
   * Whether the asker may bring new records into it by its name, as an import does.
   */
  place?: boolean;
}
/**
 * The follow-ups that keep a record with its owner, where the asker may add some.
 */
export interface ActivityView {
  /**
   * The form of follow-ups.
   */
  form: string;
  /**
   * The field of it that names the record.
   */
  via: string;
}
export interface DuplicateView {
  /**
   * The rule's name.
   */
  key: string;
  /**
   * What two such records have alike.
   */
  label: Label;
  /**
   * The fields on the page that decide it.
   */
  fields: string[];
  /**
   * Nothing is saved that has such a duplicate.
   */
  blocks?: boolean;
}
/**
 * Which records a right reaches.
 */
export interface Grant {
  /**
   * own: the holder's; unit: of their unit; unitBelow: of the units they lead, their own, and all below; zone: of their zones; all; expr: those for which when holds; none, the default.
   */
  scope?: 'none' | 'own' | 'unit' | 'unitBelow' | 'zone' | 'all' | 'expr';
  /**
   * scope expr: a condition that stores can decide, with actor.
   */
  when?: Expr;
}
/**
 * The fields that decide who reaches a record by scope. A form without an owner field belongs to whoever made the record.
 */
export interface Holders {
  /**
   * A member field: scope own.
   */
  owner?: Key;
  /**
   * An orgunit field: scopes unit and unitBelow. Where it is empty, the owner's home unit counts.
   */
  unit?: Key;
  /**
   * A member or members field: people whom scope own reaches beside the owner, such as who has given somebody a task. Not in a form that has pools.
   */
  with?: Key;
  /**
   * A zone, reference or select field whose value is a zone's id or key: scope zone.
   */
  zone?: Key;
}
/**
 * jobs/<job>.json: work that the system does at set times, in the tenant's time zone and, where asked, by its working calendar. Any number of instances may run: each time is worked once. It can be begun by hand as well, shows its progress and ends with a report.
 */
export interface Job {
  /**
   * The job's name, the name of its file.
   */
  key: Key;
  /**
   * What people call it.
   */
  label: Label;
  /**
   * One sentence that says what it does.
   */
  description?: Label;
  /**
   * When it runs. Default: only when begun by hand.
   */
  cron?: Cron;
  /**
   * A time that falls on a day off by the working calendar. run: on that day all the same; skip: not at all; nextWorkday: on the first working day after it, at the same time, once; previousWorkday: on the last before it. Default: run. Only beside cron.
   */
  onHoliday?: 'run' | 'skip' | 'nextWorkday' | 'previousWorkday';
  /**
   * Times that passed while nothing ran: once makes up for all of them once; skip for none that passed more than ten minutes ago. Default: once. Only beside cron.
   */
  missed?: 'once' | 'skip';
  /**
   * It runs a script of kind schedule or batch, or a hook that says batch too. While it runs, neither the next time nor anybody by hand begins it again. Exactly one of script and flow is stated.
   */
  script?: ScriptRef;
  /**
   * It begins this flow, once, or with filter for each of the records. Exactly one of script and flow is stated.
   */
  flow?: Key;
  /**
   * flow: for each record of the flow's form that meets this; a condition that stores can decide.
   */
  filter?: Expr;
  /**
   * Who may begin it by hand. Default: admins.
   *
   * @minItems 1
   */
  startable?: Who[];
  /**
   * Who gets the report of each run in which something was done or failed. Default: nobody.
   *
   * @minItems 1
   */
  report?: Who[];
}
/**
 * A text in several languages: locale tag to text. Chinese and English are always there; readers of another language see the first of these.
 */
export interface Label {
  'zh-CN': string;
  en: string;
  [k: string]: string;
}
/**
 * One choice.
 */
export interface Option {
  /**
   * What is stored. It never changes; people rename the label.
   */
  value: string;
  /**
   * What people read.
   */
  label: Label;
  /**
   * A colour of the theme, e.g. blue, green, orange, red, grey, or #rrggbb.
   */
  color?: string;
  /**
   * cascade: the choices below.
   */
  children?: Option[];
  /**
   * stage: how likely a good end is, in percent.
   */
  probability?: number;
  /**
   * stage: nothing follows after it, and how it ended.
   */
  closed?: 'won' | 'lost';
  /**
   * Kept for records that have it, no longer offered.
   */
  off?: boolean;
}
/**
 * pools/<pool>.json: records of a form that have no owner and that people may claim or be given, and the rules by which owned ones come back. A record has a home pool also while someone owns it; that pool's rules apply to it.
 */
export interface Pool {
  /**
   * The pool's name, the name of its file.
   */
  key: Key;
  /**
   * The form whose records it holds.
   */
  form: Key;
  /**
   * What people call it.
   */
  label: Label;
  /**
   * One sentence for those who see it.
   */
  description?: Label;
  /**
   * Of several pools whose when holds, the least wins. Two that could hold at once may not have the same. Default: 100.
   */
  priority?: number;
  /**
   * Which records come here when they are made or when a field that it reads changes: a condition that stores can decide. Default: none by itself.
   */
  when?: Expr;
  /**
   * Records that no pool's when takes come here, and the admins are told; one pool of a form at most. Default: false.
   */
  fallback?: boolean;
  /**
   * The select field whose values byTier and tables of days name. A record without a value counts as its last option. Default: none.
   */
  tier?: Key;
  /**
   * Who may do what.
   */
  rights: PoolRights;
  /**
   * Records of the pool that a person may open on one day. Default: no limit.
   */
  viewLimitPerDay?: number;
  /**
   * Fields that nobody sees until the record is theirs.
   */
  hidden?: Key[];
  /**
   * Fields of which some characters show: untilClaimed, or always, that is also to those who have claimed it. Default: phone fields, untilClaimed.
   */
  masked?: {
    /**
     * How long.
     */
    [k: string]: 'untilClaimed' | 'always';
  };
  /**
   * How people take records.
   */
  claim?: PoolClaim;
  /**
   * How many a person may own.
   */
  hold?: PoolHold;
  /**
   * Owners' own protection.
   */
  lock?: PoolLock;
  /**
   * Calendar days after a claim or an assignment during which no rule takes it back. Default: 0.
   */
  protectDaysAfterClaim?: number;
  /**
   * The rules by which records come back. Default: none.
   *
   * @maxItems 20
   */
  reclaim?: PoolReclaim[];
  /**
   * What follow-ups are. Default: there are none.
   */
  activity?: PoolActivity;
  /**
   * Which follow-ups begin the clock anew: a condition over the form that activity names. Default: all.
   */
  countsAs?: Expr;
  /**
   * The daily look for what is due.
   */
  sweep?: PoolSweep;
  /**
   * When reminders go out. Default: 09:00.
   */
  remindAt?: TimeOfDay;
  /**
   * Handing out by itself. Default: none.
   *
   * @maxItems 10
   */
  distribute?: PoolDistribution[];
  /**
   * Putting back.
   */
  return?: PoolReturn;
  /**
   * One target in several pools.
   */
  group?: PoolGroup;
  /**
   * Some of the pool's numbers are changed by these people, from a day on, without a publication by an administrator. What they change is checked, and its impact told, as a publication is, and stands in the same history. Default: nobody.
   */
  maintained?: PoolUpkeep;
}
/**
 * The form whose records count as follow-ups.
 */
export interface PoolActivity {
  /**
   * The form.
   */
  form: Key;
  /**
   * Its reference to the pool's form.
   */
  via: Key;
  /**
   * Its date or time of the follow-up. A future one is refused, one in the past never moves the clock beyond itself.
   */
  at: Key;
}
/**
 * When a sweep stops and asks: if it would take more than both.
 */
export interface PoolBrake {
  /**
   * Part of the pool's owned records. Default: 0.1.
   */
  share?: number;
  /**
   * Records. Default: 100.
   */
  min?: number;
}
/**
 * What goes along when a record is reclaimed.
 */
export interface PoolCascade {
  /**
   * Forms whose records refer to it and become ownerless with it, and its next owner's: a form's key, or some of its records. Default: none.
   */
  forms?: PoolAlong[];
  /**
   * Those who work on a record that this rule takes back. clear: none of them does any more; keep: they go on, see it while it waits, as masked as the pool shows it to anybody, and stay with whoever has it next; a return by hand keeps nobody. Whom else the owner let in sees it no more, either way. Default: clear.
   */
  collaborators?: 'clear' | 'keep';
}
/**
 * How people take records. Two hundred who claim the same one at once: one gets it, and the others spend nothing.
 */
export interface PoolClaim {
  /**
   * Claims that a person may make on one calendar day of the tenant; a returned record is not counted back. Default: no limit.
   */
  perDay?: number;
  /**
   * form: perDay counts over all pools of the form; pool: over this one. Default: form.
   */
  scope?: 'form' | 'pool';
  /**
   * How long someone must wait before they claim a record again that was theirs. Default: anyOwnerWithin 7 days.
   */
  cooldown?: PoolCooldown;
  /**
   * How long nobody may claim a record after it comes into the pool. A change in the pool does not begin it again. Default: not at all.
   */
  freezeNew?: Span;
  /**
   * Whether one says why. Default: none.
   */
  reason?: 'none' | 'optional' | 'required';
  /**
   * The flow that has to approve a claim; until then, for at most 24 hours, the record is reserved and counts as held. Default: none.
   */
  approval?: Key;
}
/**
 * The wait before the same person claims the same record again. N days are N full days.
 */
export interface PoolCooldown {
  /**
   * anyOwnerWithin: everyone who owned it within the time; lastOwner: only the last. Default: anyOwnerWithin.
   */
  who?: 'anyOwnerWithin' | 'lastOwner';
  /**
   * How long; 0: no wait.
   */
  value: number;
  /**
   * What value counts. Default: day.
   */
  unit?: 'hour' | 'day' | 'workday';
}
/**
 * Handing records out by itself. Nobody gets one that they are in cool-down for, nor anyone who is absent or at a limit; what nobody may get stays and is reported. A period is worked once, whoever asks how often.
 */
export interface PoolDistribution {
  /**
   * Its name within the pool.
   */
  id: Key;
  /**
   * randomEven: at random, so that people's counts differ by at most one in total and in each stratum, with a seed that is kept; roundRobin: in turn; weighted: by weights; leastLoaded: to whoever owns the fewest.
   */
  mode: 'randomEven' | 'roundRobin' | 'weighted' | 'leastLoaded';
  /**
   * When. Default: only by hand.
   */
  cron?: Cron;
  /**
   * Who takes part.
   *
   * @minItems 1
   */
  among: Who[];
  /**
   * weighted: parts by user name; others have 1.
   */
  weights?: {
    [k: string]: number;
  };
  /**
   * A select or stage field: what it says is dealt out evenly by itself. Default: the field that tier names, if any.
   */
  stratify?: Key;
  /**
   * What one run hands out at most.
   */
  quota?: PoolQuota;
  /**
   * Which records first, where not all can be handed out: random, oldest (longest in the pool), newest. Default: random.
   */
  order?: 'random' | 'oldest' | 'newest';
  /**
   * A time of cron that falls on a day off, so it has no place without one. Default: nextWorkday. run: on that day all the same; skip: not at all; nextWorkday: on the first working day after it, at the same time, once; previousWorkday: on the last before it.
   */
  onHoliday?: 'run' | 'skip' | 'nextWorkday' | 'previousWorkday';
}
/**
 * Records of several pools that stand for one target: each has its own owner, state and clock. A pool that says nothing of it takes none of them.
 */
export interface PoolGroup {
  /**
   * The first of them that comes to meet this condition takes the target: in the same transaction the others leave their pools and clocks, and their owners are told. Default: none ever does.
   */
  wins?: Expr;
  /**
   * The field that tells the others how far this one is. Default: they see in which pool it is, and when it was last followed up.
   */
  stage?: Key;
  /**
   * The others see what the last three follow-ups of this one say (their title), beside its state and the day of the last one, as far as they see that field of follow-ups at all. It needs activity. Default: false.
   */
  content?: boolean;
  /**
   * Days within which a manager of both pools may reverse who won. Default: 7.
   */
  reverseDays?: number;
}
/**
 * How many records a person may own. Where several limits apply, the least counts, and the answer names it. Giving someone records obeys it too.
 */
export interface PoolHold {
  /**
   * At most. Default: no limit.
   */
  max?: number;
  /**
   * form: over all pools of the form; pool: over this one. Default: form.
   */
  scope?: 'form' | 'pool';
  /**
   * Limits for single tiers, by the value of the field that tier names. Default: none.
   */
  byTier?: {
    [k: string]: number;
  };
  /**
   * Records that are not counted: a condition that stores can decide. Default: those that the system has marked as won.
   */
  excludes?: Expr;
}
/**
 * An owner's own protection of a record against the sweep. A manager's lock asks for a reason and an end, and is not counted.
 */
export interface PoolLock {
  /**
   * Locks that one owner may hold. Default: 5.
   */
  max?: number;
  /**
   * Calendar days that one lasts at most. Default: 90.
   */
  maxDays?: number;
  /**
   * unlock: the clock goes on as if it had never been locked; restart: the clock begins anew. Default: unlock.
   */
  onExpire?: 'unlock' | 'restart';
}
/**
 * What one run hands out at most; what is not used lapses. Less in the pool than the sum is dealt evenly.
 */
export interface PoolQuota {
  /**
   * To one person. Default: no limit.
   */
  perPerson?: number;
  /**
   * To all people of a zone together, by zone key. Default: no limit.
   */
  perZone?: {
    [k: string]: number;
  };
  /**
   * To single people instead of perPerson, by user name.
   */
  overrides?: {
    [k: string]: number;
  };
}
/**
 * A rule by which records go back into the pool. The deadline is kept beside the record, and worked out anew when what it depends on changes.
 */
export interface PoolReclaim {
  /**
   * The rule's name within the pool; the history names it.
   */
  id: Key;
  /**
   * What people read in reminders and in the history.
   */
  label?: Label;
  /**
   * Records that it is for: a condition that stores can decide. Default: all.
   */
  when?: Expr;
  /**
   * When the time began: an expression that gives an instant, with assignedAt, when the owner got the record, and activityAt, when the last follow-up that counts was entered (never later than it says it was). One that gives nothing never means "due now": assignedAt counts then.
   */
  clock: Expr;
  /**
   * How long it lasts from there.
   */
  days: PoolDays;
  /**
   * calendarDay: due on the first sweep of a day that is more than N days after the clock's, so that everyone has N full days; workday: the same in days of the working calendar; 24h: N times 24 hours. Default: calendarDay.
   */
  unit?: 'calendarDay' | 'workday' | '24h';
  /**
   * Records that it spares: locked (by their owner or a manager); or an expression that gives yes or no, such as the name of a yes-or-no field, or a date, the last day on which it spares the record. Default: locked.
   */
  exempt?: string[];
  /**
   * Messages before the deadline. Default: none.
   *
   * @maxItems 10
   */
  remind?: PoolReminder[];
  /**
   * The pool that it goes to. Default: its own. Not together with targetBy.
   */
  target?: Key;
  /**
   * The pool that it goes to: an expression that gives a pool's key.
   */
  targetBy?: Expr;
  /**
   * What goes along.
   */
  cascade?: PoolCascade;
}
/**
 * A message before the deadline: once for each record, rule, offset and deadline, at remindAt, several for one person as one list, and never afterwards.
 */
export interface PoolReminder {
  /**
   * Days before the deadline, in the rule's unit.
   */
  before: number;
  /**
   * Who gets it.
   *
   * @minItems 1
   */
  to: Who[];
}
/**
 * Putting records back.
 */
export interface PoolReturn {
  /**
   * The reasons to choose from. Default: a free text.
   */
  reasons?: Choice[];
  /**
   * A reason is asked for. Default: true.
   */
  required?: boolean;
  /**
   * People choose the pool that it goes to; it stays there until a field that routes changes. Default: false, its home pool.
   */
  choosePool?: boolean;
}
/**
 * Who may do what with the pool's records. It adds to the rights over the form and never widens them: who may not read the form sees nothing here either.
 */
export interface PoolRights {
  /**
   * See the records without an owner. Who may claim or assign sees them too.
   *
   * @minItems 1
   */
  view?: Who[];
  /**
   * Take one for themselves. Default: nobody.
   *
   * @minItems 1
   */
  claim?: Who[];
  /**
   * Give one to others. Default: nobody.
   *
   * @minItems 1
   */
  assign?: Who[];
  /**
   * Put one back. Default: owner.
   *
   * @minItems 1
   */
  return?: Who[];
  /**
   * Move one to another pool. Default: nobody.
   *
   * @minItems 1
   */
  transfer?: Who[];
  /**
   * Change what the pool decides without a publish: locks, who takes part, the sweep's first start; and be told of what it did. Default: nobody.
   *
   * @minItems 1
   */
  manage?: Who[];
}
/**
 * The daily look for deadlines that have passed. In a new tenant it only reports until someone who manages the pool has seen its list and turned it on.
 */
export interface PoolSweep {
  /**
   * When. Default: 01:00.
   */
  at?: TimeOfDay;
  /**
   * When a change of rules begins to count: nextDay, with the first sweep after today; now. Default: nextDay.
   */
  effective?: 'nextDay' | 'now';
  /**
   * Days that everyone has at least, and a reminder at once, where a change would bring a deadline nearer than that. Default: 3.
   */
  graceDays?: number;
  /**
   * When it stops and asks.
   */
  brake?: PoolBrake;
}
/**
 * Who changes which of the pool's numbers.
 */
export interface PoolUpkeep {
  /**
   * Roles, users, units and zones; a role that is named reads some of the pool's form.
   *
   * @minItems 1
   * @maxItems 20
   */
  who: Who[];
  /**
   * JSON Pointers to numbers that the pool states, or to objects of numbers, of which each may change.
   *
   * @minItems 1
   * @maxItems 40
   */
  numbers: string[];
}
/**
 * forms/<form>/prints/<print>.json: a document that records are printed as. The page is <print>.html beside it: HTML with {{field}} for a value as people read it, {{#lines}}…{{/lines}} for the rows of a table, {{words amount}} for an amount in words (大写). It runs no script and loads nothing but the images named here.
 */
export interface Print {
  /**
   * The print's name within its form, the name of its files.
   */
  key: Key;
  /**
   * The form, the name of the folder above.
   */
  form: Key;
  /**
   * What people call the document.
   */
  label: Label;
  /**
   * Role keys that may print it. Default: all who read the record.
   */
  roles?: Key[];
  /**
   * It is offered only for records for which this holds. Default: all.
   */
  when?: Expr;
  /**
   * The paper.
   */
  page?: PrintPage;
  /**
   * The name of the file, without its ending. Default: the record's title.
   */
  fileName?: Expr;
  /**
   * Print "page n of m" at the foot. Default: true.
   */
  pageNumbers?: boolean;
  /**
   * A word across each page, say for a draft. Default: none.
   */
  watermark?: Label;
  /**
   * Images by the name that the page calls them by, {{image seal}}, each a file beside it (png or jpeg, 1 MB at most).
   */
  images?: {
    /**
     * The file's name.
     */
    [k: string]: string;
  };
  /**
   * An attachment field that keeps a copy of each print. Default: none is kept.
   */
  keep?: Key;
}
/**
 * The paper.
 */
export interface PrintPage {
  /**
   * Its size. Default: A4.
   */
  size?: 'A4' | 'A5' | 'letter';
  /**
   * Lying. Default: false.
   */
  landscape?: boolean;
  /**
   * Millimetres at the top, right, bottom and left. Default: 20, 20, 20, 20.
   *
   * @minItems 4
   * @maxItems 4
   */
  margins?: number[];
}
export interface Remind {
  /**
   * Nobody is told unless this holds when the time has come, such as status != "done". It cannot use actor.
   */
  when?: Expr;
  /**
   * date only: the time of the day. What falls on a day off is told on the next working day.
   */
  at?: string;
}
/**
 * What the role may do with one form's records. Without read nothing else reaches anything.
 */
export interface Rights {
  /**
   * May make records.
   */
  create?: boolean;
  /**
   * Which records its holders see. Default: none.
   */
  read?: Grant;
  /**
   * Which of those they change. Default: none.
   */
  update?: Grant;
  /**
   * Which of those they move to the recycle bin and bring back. Default: none.
   */
  delete?: Grant;
  /**
   * Which of those they take out as a file. Default: none.
   */
  export?: Grant;
  /**
   * Narrowed fields: hidden does not exist for the holder, masked shows some characters, readOnly shows all and changes nothing. What is made of a hidden or masked field (a mirror, formula, rollup or default) is not shown either, unless it is named here itself: readOnly, or shown, which limits nothing.
   */
  fields?: {
    [k: string]: 'hidden' | 'readOnly' | 'masked' | 'shown';
  };
}
/**
 * roles/<role>.json: what its holders may do. Someone with several roles may do what any of them allows.
 */
export interface Role {
  /**
   * The role's name, the name of its file.
   */
  key: Key;
  /**
   * What people call it.
   */
  label: Label;
  /**
   * Rights by form key; a form not named does not exist for the role.
   */
  forms: {
    [k: string]: Rights;
  };
  /**
   * The dashboard that its holders see first: dashboards/<home>.json, which must let the role see it. Of several roles, the first in the holder's list that names one decides.
   */
  home?: Key;
  /**
   * The forms in its holders' menu, in order. Holders of several roles have the menus of all, one after the other, each form once. Default: the app's menu.
   */
  menu?: Key[];
  /**
   * The view of a form that its holders see first, by form key. Of several roles, the first in the holder's list that names one decides. Default: the first by key.
   */
  views?: {
    [k: string]: Key;
  };
}
/**
 * forms/<form>/rules/<rule>.json: one validation of a form, the same as an entry of its x-rules.
 */
export interface Rule {
  /**
   * The rule's name within its form.
   */
  key: Key;
  /**
   * Must hold for a record to be saved. Absent counts as false.
   */
  check: Expr;
  /**
   * What people read when it does not hold. {field} shows the value of a field of the record, as its reader sees it.
   */
  message: Label;
  /**
   * The fields the rule is about; the first shows the message.
   */
  fields?: Key[];
}
/**
 * forms/<form>/scripts/<script>.json: when the Lua beside it, <script>.lua, is run and what it may use. Its tests are <script>.test.json; publishing runs them. A script sees and changes what the person may on whose behalf it runs; it reads no clock, no file and no network but what it is given.
 */
export interface Script {
  /**
   * The script's name within its form, the name of its files.
   */
  key: Key;
  /**
   * The form, the name of the folder above.
   */
  form: Key;
  /**
   * What people call it: the button of an action, the line in the history.
   */
  label: Label;
  /**
   * One sentence that says what it does.
   */
  description?: Label;
  /**
   * hook: within each save that hook names; action: on people's word, a button on records; schedule: once each time that a job says, on no record; where it returns a table with a text cursor, again with that in args.cursor, until it returns none; batch: by a job, once for each record of a filter: what it sets of the record is an edit, what it refuses with fail is left as it is and told in the job's report, and the next records are taken up again where it was stopped; step: by a flow. The settings of the same name go with it. What jobs run, the system does (system:schedule): no role narrows it.
   */
  kind: 'hook' | 'action' | 'schedule' | 'batch' | 'step';
  /**
   * kind hook: which saves run it, each with the rights of whoever saves. What the engine does by itself, such as a sweep or a job, is saved by system:<part>, which no role limits, and so is what hooks do then; the history names both.
   */
  hook?: ScriptHook;
  /**
   * kind action: who may run it, and on what.
   */
  action?: ScriptAction;
  /**
   * kind batch: over which records it goes. With kind hook, before creations or updates: a job may run the same script for the records that there are.
   */
  batch?: ScriptBatch;
  /**
   * It may ask other hosts by GET, within the operator's walls; other methods are sent after the save, once. Never in a hook before a save. Default: false.
   */
  http?: boolean;
  /**
   * What one run may use.
   */
  limits?: ScriptLimits;
}
/**
 * A button that runs a script.
 */
export interface ScriptAction {
  /**
   * record: on one record; records: on those selected, each by itself; form: on none, from the head of the form's lists. The script has no record then: what it does, it does to others.
   */
  on: 'record' | 'records' | 'form';
  /**
   * Role keys that may run it. Default: all who may change the record; on form, some record of the form.
   */
  roles?: Key[];
  /**
   * It is offered only for records for which this holds; on form, only while this holds, which then reads no field. Default: always.
   */
  when?: Expr;
  /**
   * The question asked before it runs. Default: none is asked.
   */
  confirm?: Label;
  /**
   * It asks for a reason, which the history keeps. Default: false.
   */
  reason?: boolean;
  /**
   * What people are asked for; the script has it in args, by key, and takes nothing else.
   *
   * @maxItems 20
   */
  args?: ActionArg[];
  /**
   * Somebody may lose something by it: its button says so. Default: false.
   */
  danger?: boolean;
}
/**
 * The records that a script goes over.
 */
export interface ScriptBatch {
  /**
   * Which records: a condition that stores can decide. Default: all.
   */
  filter?: Expr;
  /**
   * The most records that are written together. Fewer are where the script takes long, writes much, or writes for one record what it has written for another. Default: 100.
   */
  size?: number;
}
/**
 * Which saves run a script.
 */
export interface ScriptHook {
  /**
   * Before a save the script may refuse it, each refusal with a path, and change the record; after it, in the background, it may change other records.
   *
   * @minItems 1
   *
   * Items: One moment of a save.
   */
  on: ('beforeCreate' | 'beforeUpdate' | 'beforeDelete' | 'afterCreate' | 'afterUpdate' | 'afterDelete')[];
  /**
   * Updates run it only when one of these fields changes. Default: always.
   */
  fields?: Key[];
  /**
   * It runs only when this holds; old is the record before. Default: always.
   */
  when?: Expr;
  /**
   * Several scripts of a form run by this, the least first, then by key. Default: 100.
   */
  order?: number;
}
/**
 * What one run may use. A run that asks for more is stopped and nothing of it is kept. Defaults depend on kind and are upper bounds, but for those that the operator raises.
 */
export interface ScriptLimits {
  /**
   * Lua instructions. Default: hook 5,000,000; action and step 20,000,000; schedule and batch 500,000,000.
   */
  instructions?: number;
  /**
   * Time on the clock. Default: hook 250; action and step 2,000; schedule and batch 60,000.
   */
  milliseconds?: number;
  /**
   * Megabytes. Default: 32.
   */
  memory?: number;
  /**
   * Questions to the engine. Default: hook 50; others 500.
   */
  reads?: number;
  /**
   * Records that all answers together may hold. Default: hook 2,000; others 20,000.
   */
  rows?: number;
  /**
   * Records changed. They are kept back and carried out together when the run has ended well. Default: hook 20; others 200.
   */
  writes?: number;
  /**
   * How far hooks may set off hooks. Default: 4.
   */
  depth?: number;
}
/**
 * A script by form and key.
 */
export interface ScriptRef {
  /**
   * The form in whose folder it is.
   */
  form: Key;
  /**
   * Its key.
   */
  script: Key;
}
/**
 * A group of fields on the page.
 */
export interface Section {
  /**
   * The section's name within the form.
   */
  key: Key;
  /**
   * Its heading.
   */
  label: Label;
  /**
   * Its fields in order.
   */
  fields: Key[];
  /**
   * The tab that it stands on. A section without one stands above the tabs.
   */
  tab?: Key;
}
/**
 * Sharing of single records. A share lets somebody read a record, or read and change it, beside what their scopes reach: their roles must let them read, or change, some records of the form, and show them the fields that these roles show. It gives no right to delete, to export or to share on, and ends when the record goes into a pool.
 */
export interface Sharing {
  /**
   * Who shares, of those whose own roles let them change the record; owner is whoever owns it, or made it where no field says who does.
   *
   * @minItems 1
   */
  by: Who[];
  /**
   * For how many days at most; a share must then have an end, but for that of somebody who works on the record. Default: also without an end.
   */
  maxDays?: number;
}
/**
 * A length of time.
 */
export interface Span {
  /**
   * How many.
   */
  value: number;
  /**
   * hour: 60 minutes; day: whole calendar days in the tenant's zone, so that 7 days end seven full days after the day they begin; workday: whole days of the tenant's working calendar.
   */
  unit: 'hour' | 'day' | 'workday';
}
/**
 * A part of the page of which one is seen at a time.
 */
export interface Tab {
  /**
   * The name by which sections stand on it.
   */
  key: Key;
  /**
   * What it is called.
   */
  label: Label;
}
/**
 * tables/<table>.json: a decision table, rows of conditions and what follows from them. Rules call it by its key, as they call a function, with its inputs in order, and take an output by its name: loanDays(kind, weight).days. What no row covers, what two rows cover and what no record can reach is found when it is published.
 */
export interface Table {
  /**
   * The table's name, the name of its file and of the function that rules call. No function of the rules reference may have it.
   */
  key: Key;
  /**
   * What people call it, in explanations too.
   */
  label: Label;
  /**
   * One sentence that says what it decides.
   */
  description?: Label;
  /**
   * What becomes of several rows whose conditions hold. first: the first of them counts; a row that those above it cover is a fault. unique: there is never more than one; two rows that can hold at once are a fault. collect: all count, and each output is a list, in the order of the rows.
   */
  hit: 'first' | 'unique' | 'collect';
  /**
   * What it decides by, in the order in which rules pass it.
   *
   * @minItems 1
   * @maxItems 12
   */
  inputs: TableInput[];
  /**
   * What it gives.
   *
   * @minItems 1
   * @maxItems 12
   */
  outputs: TableOutput[];
  /**
   * The rows, in order.
   *
   * @minItems 1
   * @maxItems 500
   */
  rows: TableRow[];
  /**
   * What follows where no row holds. Without it the rows of first and unique must cover everything that can come; where something comes all the same, such as an absent input, the rule fails.
   */
  otherwise?: TableOtherwise;
  /**
   * One more output, reckoned from an input by the rate that the rows give: a commission, a fee, a tax. Not with collect.
   */
  amount?: TableAmount;
  /**
   * Some of the table's values are changed by these people, from a day on, without a publication by an administrator; its inputs, outputs and rows stay. What they change is tested, and its impact told, as a publication is, and stands in the same history. Default: nobody.
   */
  maintained?: TableUpkeep;
}
/**
 * An output that is reckoned from an input by the rate that the rows give.
 */
export interface TableAmount {
  /**
   * The output's name.
   */
  key: Key;
  /**
   * The heading of its column.
   */
  label: Label;
  /**
   * The input that the rate is of, a number.
   */
  of: Key;
  /**
   * mode progressive: the input whose ranges are the brackets. Default: that of of.
   */
  by?: Key;
  /**
   * mode progressive, with by: the input that 1 of by stands for, such as the target of a completion: a bracket that begins at 1.2 begins at 1.2 times it. Where it is absent, zero or less, the rate of the row that holds is that of the whole.
   */
  per?: Key;
  /**
   * The output that is the rate, a number.
   */
  rate: Key;
  /**
   * whole: the rate of the row that holds is that of the whole input. progressive: what lies in each bracket has that bracket's rate; the table is unique, and rows that differ in by alone are the brackets. A negative input gives what its amount gives, negative.
   */
  mode: 'whole' | 'progressive';
  /**
   * Digits after the point. Each part is rounded half up to them, and the sum is that of the parts.
   */
  scale: number;
}
/**
 * A value that the table decides by.
 */
export interface TableInput {
  /**
   * Its name within the table.
   */
  key: Key;
  /**
   * The heading of its column.
   */
  label: Label;
  /**
   * What it is. option: one of a few keys, so that it can be seen whether rows cover them all.
   */
  type: 'text' | 'option' | 'integer' | 'decimal' | 'boolean' | 'date';
  /**
   * type option: the select or stage field whose options they are, as form.field.
   */
  of?: string;
  /**
   * type option, without of: the keys.
   *
   * @minItems 1
   * @maxItems 200
   */
  options?: string[];
  /**
   * It may be absent, and the rows must cover that too: by {"empty": true}, or by not asking. Default: false; where it is absent all the same only rows that do not ask for it can hold.
   */
  optional?: boolean;
  /**
   * Nothing below it ever comes, so that no row need cover that.
   */
  from?: TableValue;
  /**
   * Nothing above it ever comes.
   */
  to?: TableValue;
}
/**
 * What follows where no row holds: one of the three.
 */
export interface TableOtherwise {
  /**
   * What the outputs are.
   */
  then?: TableValues;
  /**
   * Nothing: every output is absent.
   */
  absent?: true;
  /**
   * The rule fails, and this says why.
   */
  message?: Label;
}
/**
 * A value that the table gives.
 */
export interface TableOutput {
  /**
   * Its name: rules take it as loanDays(…).days.
   */
  key: Key;
  /**
   * The heading of its column.
   */
  label: Label;
  /**
   * What it is.
   */
  type: 'text' | 'integer' | 'decimal' | 'boolean' | 'date';
  /**
   * type decimal: digits after the point. Default: 0.
   */
  scale?: number;
}
/**
 * What follows when every condition holds.
 */
export interface TableRow {
  /**
   * Why the row is there, for those who read the table.
   */
  note?: Label;
  /**
   * A condition for inputs, by key. An input that is not named is not asked, also when it is absent.
   */
  when?: {
    [k: string]: TableCell;
  };
  /**
   * What the outputs are.
   */
  then: TableValues;
}
/**
 * Whose a row is.
 */
export interface TableScope {
  /**
   * The input whose condition names zones or units. A row is somebody's where it names nothing but theirs.
   */
  input: Key;
  /**
   * zone: keys of the zones that somebody is in. unit: codes of the units that they lead, and of all below.
   */
  of: 'zone' | 'unit';
}
/**
 * Who changes which of the table's values.
 */
export interface TableUpkeep {
  /**
   * Roles, users, units and zones; a role that is named reads some form.
   *
   * @minItems 1
   * @maxItems 20
   */
  who: Who[];
  /**
   * Outputs whose values, and inputs whose conditions, may change where a row states them.
   *
   * @minItems 1
   * @maxItems 40
   */
  columns: Key[];
  /**
   * Everybody changes the rows of their own alone. Default: every row.
   */
  scope?: TableScope;
}
/**
 * A value for outputs, by key; one that is not named is absent.
 */
export interface TableValues {
  [k: string]: TableValue;
}
/**
 * forms/<form>/form.test.json, forms/<form>/rules/<rule>.test.json, forms/<form>/scripts/<script>.test.json and tables/<table>.test.json: what a form, rule, script or decision table must do. A form's cases take a record through a save without storing it; a rule's ask that rule alone; a script's run it as a hook (an update where old is given) or as an action, reading the given records; a table's give its inputs as args. Publishing runs every case; one that fails stops it like a fault of the metadata.
 */
export interface Test {
  /**
   * The cases; each stands alone.
   *
   * @minItems 1
   * @maxItems 500
   */
  cases: TestCase[];
}
/**
 * What another host answers.
 */
export interface TestAnswer {
  /**
   * The address that is asked.
   */
  url: string;
  /**
   * Default: 200.
   */
  status?: number;
  /**
   * JSON or any other text.
   */
  body?: string;
}
/**
 * Given this, that is expected.
 */
export interface TestCase {
  /**
   * One sentence that says what the case shows.
   */
  name: string;
  /**
   * What it begins with.
   */
  given: TestGiven;
  /**
   * What must come of it.
   */
  expect: TestExpect;
}
/**
 * What must come of it. What is not named here must not happen; values that are not named may be anything.
 */
export interface TestExpect {
  /**
   * Values of the record afterwards, by field key. Where a number is, a range may be expected: {"from": 3, "below": 14}, from, above, to and below as in conditions of tables.
   */
  values?: {
    [k: string]: unknown;
  };
  /**
   * Changes of other records, in order: {"op": "create", "form": "check", "values": {…}}.
   */
  effects?: {
    [k: string]: unknown;
  }[];
  /**
   * Refusals: {"path": "/values/name", "code": "rule.invalid"}; of scripts also with the message, where it matters.
   */
  issues?: {
    [k: string]: unknown;
  }[];
  /**
   * What a script returns, whether a rule holds, or the outputs of a table by key; numbers also as ranges, as in values.
   */
  result?: {
    [k: string]: unknown;
  };
  /**
   * The lines that a script logs, all of them in order. Default: any.
   */
  log?: string[];
  /**
   * How fields of a form behave afterwards, by field key.
   */
  fields?: {
    [k: string]: TestField;
  };
}
/**
 * How a field behaves.
 */
export interface TestField {
  /**
   * It is shown. Default: either.
   */
  visible?: boolean;
  /**
   * It must have a value. Default: either.
   */
  required?: boolean;
  /**
   * Nobody changes it. Default: either.
   */
  readOnly?: boolean;
}
/**
 * What a case begins with.
 */
export interface TestGiven {
  /**
   * Values of the record by field key, in wire form.
   */
  record?: {
    [k: string]: unknown;
  };
  /**
   * Values of the record before the change. Default: a new record.
   */
  old?: {
    [k: string]: unknown;
  };
  /**
   * Who acts: id, unit, roles, zones. Default: the system.
   */
  actor?: {
    [k: string]: unknown;
  };
  /**
   * The instant, RFC 3339; days are those of clocks with its offset. Default: 2026-01-01T00:00:00Z.
   */
  now?: string;
  /**
   * Other records that it can read: by form key, a list of values with their id.
   */
  records?: {
    [k: string]: {
      [k: string]: unknown;
    }[];
  };
  /**
   * What a flow or a person hands to the script; the inputs of a table by key.
   */
  args?: {
    [k: string]: unknown;
  };
  /**
   * What other hosts answer, by address; to any other address nobody answers.
   */
  http?: TestAnswer[];
  /**
   * Who there is in the organisation, beside the actor.
   *
   * @maxItems 100
   */
  people?: TestPerson[];
  /**
   * The actor, who then has roles, sees and sets what these let them: what they do not see is absent, and refusals are told as they hear them. What a script wants of other records is not held against their rights here. Default: false, everything is seen.
   */
  access?: boolean;
  /**
   * What math.random of a script begins with; the same seed draws the same. Default: 1.
   */
  seed?: number;
}
/**
 * Somebody in the organisation of a case; units and zones that are named are there too.
 */
export interface TestPerson {
  /**
   * Who it is.
   */
  id: string;
  /**
   * What people call them.
   */
  name?: string;
  /**
   * The id of their home unit.
   */
  unit?: string;
  /**
   * The ids of their zones.
   */
  zones?: string[];
  /**
   * Whom they report to, one of the people. Default: nobody.
   */
  manager?: string;
}
export interface Turn {
  /**
   * The field is set when this holds and did not for the record as it stood, such as (orderCount ?? 0) > 0; for a new record, when it holds. While it goes on holding, people choose as they please. It is asked when the record is saved and when its rollups and mirrors follow others, so time that passes turns nothing by itself. It cannot use actor and old, and may not follow from the field itself by way of other records.
   */
  when: Expr;
  /**
   * The option that the field is set to. The form's x-rules are not asked where this follows from another record.
   */
  to: string;
  /**
   * The option that it is set to when the condition no longer holds and the field still says what to says; none: it stays.
   */
  back?: string;
}
/**
 * forms/<form>/views/<view>.json: a saved way to look at a form's records.
 */
export interface View {
  /**
   * The view's name within its form, the name of its file.
   */
  key: Key;
  /**
   * The form, the name of the folder above.
   */
  form: Key;
  /**
   * What people call the view.
   */
  label: Label;
  /**
   * How records are shown.
   */
  kind: 'table' | 'kanban' | 'calendar' | 'agenda';
  /**
   * Which records are shown: a condition that stores can decide.
   */
  filter?: Expr;
  /**
   * Their order, e.g. -updatedAt,name; at most three fields.
   */
  sort?: string;
  /**
   * The fields shown, in order; system fields such as createdAt too.
   */
  columns?: string[];
  /**
   * kanban: the field whose values are the columns; calendar, agenda: the date.
   */
  group?: string;
  /**
   * agenda: the boolean field that says that a record is done with; one tap sets it. The view's filter says which records are to do.
   */
  done?: Key;
  /**
   * kanban: by value of the group, how many records should stand in that column at most. A fuller one says so.
   */
  limits?: {
    [k: string]: number;
  };
  /**
   * Role keys that see the view; empty: everyone who reads the form.
   */
  roles?: Key[];
}
/**
 * One chart, number or list. People see it only if they may read its form and every field it asks for on all records in their reach; figures count only what they may read.
 */
export interface Widget {
  /**
   * The widget's name within its dashboard.
   */
  key: Key;
  /**
   * Its heading.
   */
  label: Label;
  /**
   * A sentence that says what is counted, shown beside the heading on demand.
   */
  help?: Label;
  /**
   * How it is drawn. figure: one number, large; column: upright bars, one per group, with a second group in colours; bar: bars from left to right, for groups with long names; line: a line over days, weeks, months, quarters or years; area: a line with its area filled, a second group stacked; pie: shares of a whole, at most eight groups beside the rest; funnel: the steps of a stage or select field in their order; pivot: a table of figures with one group down and one across; table: a line per group, a column per metric and their sums below; ranking: the groups with the greatest figures, numbered (the greatest first and ten of them where nothing else is stated); progress: one number on its way to target; list: the first records of a view.
   */
  kind:
    | 'figure'
    | 'column'
    | 'bar'
    | 'line'
    | 'area'
    | 'pie'
    | 'funnel'
    | 'pivot'
    | 'table'
    | 'ranking'
    | 'progress'
    | 'list';
  /**
   * The form whose records it is about.
   */
  form: Key;
  /**
   * Which records count: a condition that stores can decide, with actor and today(). Default: all that the viewer may read. Not for a list, whose view has one.
   */
  filter?: Expr;
  /**
   * Count and add up the rows of this table field instead of the records. Default: records.
   */
  table?: Key;
  /**
   * The dimensions: none for a figure or progress, one for a ranking, one or two for a table or chart (of a chart the second is the colour), two for a pivot (down, across).
   *
   * @maxItems 2
   */
  group?: WidgetGroup[];
  /**
   * The figures: one, or several side by side where there is at most one group. Default: a count.
   *
   * @minItems 1
   * @maxItems 6
   */
  metrics?: WidgetMetric[];
  /**
   * figure only: the records that are the whole; the number shown is the metric over filter as a share of the metric over share, in percent, an em dash where the whole is 0. filter is to be part of it.
   */
  share?: Expr;
  /**
   * figure with a date: how the number has changed since the stretch of time before the page's period (up to the same day of it) stands beside it; up: more is good, down: less is good. None for all time. Default: no such mark.
   */
  trend?: 'up' | 'down';
  /**
   * progress, required there: the figure that the widget's own is on its way to.
   */
  target?: WidgetTarget;
  /**
   * The date or datetime field by which the page's period narrows the widget. Default: the period does not touch it.
   */
  date?: string;
  /**
   * The order of groups: the number of a metric from 0, - before it for the greatest first. Default: the groups' own order (dates upwards, options as they are defined, others as they compare).
   */
  sort?: string;
  /**
   * Groups or records shown at most. Default: 50 groups, 10 records.
   */
  limit?: number;
  /**
   * list: the view whose records are shown, with its filter, order and columns. Other kinds: the view that opens on a click, narrowed to what was clicked and counted. Default of a list: the form's first view; of the others: its first table without a condition.
   */
  view?: Key;
  /**
   * list: the fields shown, in order, at most eight. Default: the view's first four.
   *
   * @maxItems 8
   */
  columns?: string[];
  /**
   * How much of the page it takes.
   */
  size?: WidgetSize;
}
/**
 * One dimension of a chart.
 */
export interface WidgetGroup {
  /**
   * The field that groups: a field's key, lines.product for a column of a table, address.region for a part of an address.
   */
  field: string;
  /**
   * A date or an instant is grouped by this, in the tenant's time zone. Required for them, refused elsewhere.
   */
  bucket?: 'day' | 'week' | 'month' | 'quarter' | 'year';
}
/**
 * One figure.
 */
export interface WidgetMetric {
  /**
   * count: how many records (or rows, with table); sum, avg, min, max: of field; distinct: how many different values field has.
   */
  op: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct';
  /**
   * The field reckoned over, a number, an amount or a percentage (min and max: also a date). Only count needs none.
   */
  field?: string;
  /**
   * What people read beside the figure. Default: the field's label, or the form's for a count.
   */
  label?: Label;
}
/**
 * How much of the page a widget takes. A phone shows all widgets one below the other, as wide as it is.
 */
export interface WidgetSize {
  /**
   * Columns of twelve. Default: 3 for a figure, 6 for all others.
   */
  width?: number;
  /**
   * Rows of 96 px. Default: 1 for a figure, 3 for all others.
   */
  height?: number;
}
/**
 * The figure that a progress is measured by. The page's period and filters narrow it as they narrow a widget over its form.
 */
export interface WidgetTarget {
  /**
   * The form whose records are counted or added up.
   */
  form: Key;
  /**
   * Which records count. Default: all that the viewer may read.
   */
  filter?: Expr;
  /**
   * Count and add up the rows of this table field. Default: records.
   */
  table?: Key;
  /**
   * The figure. Default: a count.
   *
   * @minItems 1
   * @maxItems 1
   */
  metrics?: WidgetMetric[];
  /**
   * The date or datetime field by which the page's period narrows it. Default: the period does not touch it.
   */
  date?: string;
}
