package query

import "tidewater/engine/value"

// Sort orders records by one path. Absent sorts first ascending and last descending. After the last
// sort, ties always break by id in the direction of the last sort (ascending without sorts).
type Sort struct {
	Path Path
	Desc bool
}

// List asks for one page of a form's records.
type List struct {
	Form    value.FormKey
	Filter  Filter // nil holds always
	Sorts   []Sort // at most 3
	After   Key    // nil for the first page
	Limit   int    // 1 to 500
	Deleted bool   // the recycle bin instead of the living records
	// Ranked orders what a Search finds (Ranking) by how well it does and then the newest first, by id
	// where ids are given in order; places are [rank, id]. It takes no Sorts, and examines at most
	// 5,000 records that have all the tokens.
	Ranked bool
	// Budget bounds the records examined where no index serves (0: DefaultBudget).
	Budget int
	// Spent, where it is set, is asked every 256 records or so where no index serves; once it says true,
	// the page ends as if the budget were spent. It must not block.
	Spent func() bool
}

// Places is how many values a place in the list's order has.
func (q List) Places() int {
	if q.Ranked {
		return 2
	}
	return len(q.Sorts) + 1
}

// DefaultBudget is how many records an ad-hoc list examines before it answers what it has.
const DefaultBudget = 50_000

// Key is where a page ended: the values of the sorts of the last record (nil for absent), then its id.
type Key []value.Value

// Page is what List answers.
type Page struct {
	Records []*value.Record
	// Next is nil at the end, else where the next page begins. With Incomplete it may follow a record that did not match.
	Next       Key
	Incomplete bool // the budget ended the search; more may follow after Next
	Examined   Work
}

// Work counts what an operation touched, so that tests can hold its growth.
type Work struct {
	Records int64 // documents read
	Entries int64 // index entries read, an upper estimate where the store cannot tell
}

// Count asks how many records match, but not beyond Cap (0: exact, whatever it costs).
type Count struct {
	Form    value.FormKey
	Filter  Filter
	Cap     int64
	Deleted bool
}

// Counted is the answer: Value, and whether it is the exact number or "at least".
type Counted struct {
	Value    int64
	Exact    bool
	Examined Work
}

// MetricOp is a figure over the records of a group.
type MetricOp string

const (
	MetricCount    MetricOp = "count" // records (Path empty) or records with a value at Path
	MetricSum      MetricOp = "sum"   // exact
	MetricMin      MetricOp = "min"   // of int64 or text
	MetricMax      MetricOp = "max"
	MetricDistinct MetricOp = "distinct" // different values
)

// Metric is one figure. An average is Sum ÷ Count, made by the engine with stated rounding.
type Metric struct {
	Op   MetricOp
	Path Path
}

// Bucket folds a yyyymmdd day into a wider one. Stores group by whole days or, for Month, Quarter and
// Year, by what integer division of the day gives; weeks are folded by the engine from days.
type Bucket string

const (
	NoBucket Bucket = ""
	Day      Bucket = "day"
	Month    Bucket = "month" // yyyymm
	Year     Bucket = "year"  // yyyy
)

// Group is one dimension; a record with several values at Path counts in each of their groups.
type Group struct {
	Path   Path
	Bucket Bucket // only for day integers (date fields and "~day:" shadows)
}

// Aggregate asks for figures by group. With Table set, rows of that table field are what is counted:
// paths with Field == Table and a Sub name the row's values, all other paths the record's.
type Aggregate struct {
	Form    value.FormKey
	Filter  Filter // over records
	Table   value.FieldKey
	Rows    Filter // over the rows of Table, with the row's own fields as paths; nil for all
	Groups  []Group
	Metrics []Metric
	Limit   int // groups; beyond it the store answers a TooLarge fault "aggregate.tooManyGroups" (0: 10,000)
}

// Row is one group's figures. Keys follow Groups (nil for absent; of a bucket the folded day), Figures
// follow Metrics: int64, text or nil. Counts and sums of nothing are 0, Min and Max of nothing nil. A
// sum is exact; one beyond int64 is a TooLarge fault "store.overflow". Without groups there is one row.
type Row struct {
	Keys    []value.Value
	Figures []value.Value
}
