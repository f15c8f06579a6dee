// Generated from schemas/ by `make gen`. Do not edit.

/**
 * An expression over the record's fields by key, with actor (id, unit, roles, zones) and old (the record before the change) where they make sense. See the list of functions in the rules reference. At most 4 KB.
 */
export type Expr = string;
/**
 * What a field holds. text: one line of text; multiline: text of several lines; number: an exact number with x-scale decimals; currency: an amount of money; x-currency, and x-scale where it is not the currency's own; percent: a share as people write it: 12.5 means 12.5 %; boolean: yes or no; nothing said is neither; select: one of x-options; multiselect: some of x-options; cascade: a path through x-options and their children; stage: where something stands: one of x-options with probability and, at the ends, closed; tags: words that people make up; date: a calendar day, of no time zone; datetime: an instant; phone: a telephone number, kept in the one form that finds doubles; email: a mail address; url: a web address, http or https; member: a person; members: some people; orgunit: an org unit; zone: a zone of the organisation; reference: a record of x-ref; references: some records of x-ref; mirror: a copy of the field x-of of the record that x-via refers to: it sorts, filters and groups; table: rows with fields of their own, properties; formula: what x-compute gives, computed at each save; rollup: a figure, x-op, over the records of x-from that refer here by x-via; autonumber: a number given at creation by the pattern x-number; attachment: files; image: pictures; region: an administrative division of mainland China, by its six-digit code; address: region, detail and postcode.
 */
export type FieldKind =
  | 'text'
  | 'multiline'
  | 'number'
  | 'currency'
  | 'percent'
  | 'boolean'
  | 'select'
  | 'multiselect'
  | 'cascade'
  | 'stage'
  | 'tags'
  | 'date'
  | 'datetime'
  | 'phone'
  | 'email'
  | 'url'
  | 'member'
  | 'members'
  | 'orgunit'
  | 'zone'
  | 'reference'
  | 'references'
  | 'mirror'
  | 'table'
  | 'formula'
  | 'rollup'
  | 'autonumber'
  | 'attachment'
  | 'image'
  | 'region'
  | 'address';
/**
 * A name for programs: letters and digits, beginning with a small letter. It is immutable once published; people rename labels.
 */
export type Key = string;

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
   * What is on the page, from left to right and then down.
   *
   * @minItems 1
   * @maxItems 40
   */
  widgets: Widget[];
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
   * Characters at least (text, multiline).
   */
  minLength?: number;
  /**
   * Characters at most (text: 1,000 unless stated; multiline: 20,000).
   */
  maxLength?: number;
  /**
   * A regular expression that the text matches (text, multiline, phone, email, url).
   */
  pattern?: string;
  /**
   * The least value, as decimal text or as a date: exact, unlike JSON Schema's minimum (number, currency, percent, formula, date).
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
   * The choices of select, multiselect, cascade and stage, in the order people see them.
   *
   * @minItems 1
   */
  'x-options'?: Option[];
  /**
   * attachment, image: how many bytes one file may have at most; the server has a limit of its own besides.
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
   * reference, references: what happens here when the record referred to is deleted. restrict (the default): it cannot be; clear: the reference becomes empty; cascade: this record goes too.
   */
  'x-onDelete'?: 'restrict' | 'clear' | 'cascade';
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
  'x-result'?: 'text' | 'multiline' | 'number' | 'currency' | 'percent' | 'boolean' | 'date' | 'datetime';
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
   * Keep an index for filters and sorts by this field; a form has at most 12.
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
   * What must hold beyond single fields. Rules may also stand in files of their own, rules/<rule>.json.
   */
  'x-rules'?: FormRule[];
  /**
   * The page: groups of fields.
   */
  'x-sections'?: Section[];
  /**
   * The order of lists that name none, e.g. -updatedAt,name; the default is -updatedAt.
   */
  'x-sort'?: string;
  /**
   * Further indexes: lists of fields, - before one that runs down.
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
   * What people read when it does not hold.
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
   * A zone, reference or select field whose value is a zone's id or key: scope zone.
   */
  zone?: Key;
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
   * What people read when it does not hold.
   */
  message: Label;
  /**
   * The fields the rule is about; the first shows the message.
   */
  fields?: Key[];
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
  kind: 'table' | 'kanban' | 'calendar';
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
   * kanban: the field whose values are the columns; calendar: the date.
   */
  group?: string;
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
   * How it is drawn. figure: one number, large; column: upright bars, one per group, with a second group in colours; bar: bars from left to right, for groups with long names; line: a line over days, weeks, months, quarters or years; area: a line with its area filled, a second group stacked; pie: shares of a whole, at most eight groups beside the rest; funnel: the steps of a stage or select field in their order; pivot: a table of figures with one group down and one across; list: the first records of a view.
   */
  kind: 'figure' | 'column' | 'bar' | 'line' | 'area' | 'pie' | 'funnel' | 'pivot' | 'list';
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
   * The dimensions: none for a figure, one or two for a chart (the second is the colour), two for a pivot (down, across).
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
   * list: the view whose records are shown, with its filter, order and columns. Other kinds: the view that opens on a click, narrowed to what was clicked. Default of those: the form's first view.
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
