package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// Keeper is what somebody works at who changes values of tables and pools without being an administrator. What
// they change becomes a publication like any other, now or on a later day.
type Keeper struct {
	service *Service
	actor   value.Actor
	people  *org.Snapshot
}

// Keeper returns somebody's place to keep values up. Everybody has one; what they may change there is decided
// for each value.
func (s *Service) Keeper(actor value.Actor, people *org.Snapshot) *Keeper {
	return &Keeper{service: s, actor: actor, people: people}
}

// Kept is a document of which somebody may change something.
type Kept struct {
	*catalog.Upkeep
	// Tag is that of the document with all that is to come, for Order.
	Tag   string
	Cells []Cell // those that they may change
	// Waiting are the changes that are to come, the first first; Past what became of earlier ones, newest first.
	// Of each they are told the values that they may change.
	Waiting, Past []Values
	coming        []Values // Waiting, whole
}

// Cell is a value that may change.
type Cell struct {
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value"`
}

// Keeps lists the documents of which somebody may change something, by file.
func (k *Keeper) Keeps() []*catalog.Upkeep {
	var out []*catalog.Upkeep
	for _, u := range k.service.Catalog().Upkeep {
		if len(k.mine(u)) > 0 {
			out = append(out, u)
		}
	}
	return out
}

func (k *Keeper) mine(u *catalog.Upkeep) []catalog.UpkeepCell {
	return slices.DeleteFunc(slices.Clone(u.Cells), func(c catalog.UpkeepCell) bool { return !access.Keeps(k.actor, k.people, u, c) })
}

// Read returns a document with what somebody may change of it. Faults: NotFound "upkeep.unknown", also where they
// may change nothing.
func (k *Keeper) Read(ctx context.Context, kind, key string) (*Kept, error) {
	const op = "publish.keep"
	live := k.service.live.Load()
	u, known := live.catalog.Upkept(kind, key)
	if !known || len(k.mine(u)) == 0 {
		return nil, fault.New(fault.NotFound, "upkeep.unknown").In(op).With("key", key)
	}
	content, err := k.service.content(ctx, u.File, live.publication.Documents[u.File])
	if err != nil {
		return nil, err
	}
	out := &Kept{Upkeep: u}
	for _, cell := range k.mine(u) {
		out.Cells = append(out.Cells, Cell{cell.Path, compact(valueAt(content, cell.Path))})
	}
	if out.coming, err = k.service.waiting(ctx, u.File); err != nil {
		return nil, fault.Wrap(op, err)
	}
	past, err := k.service.past(ctx, u.File)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out.Waiting, out.Past = k.told(u, out.coming), k.told(u, past)
	out.Tag = keptTag(live.publication.Documents[u.File], out.coming)
	return out, nil
}

// told are the changes as somebody may know of them: their own, and of others' the values that they may change too.
func (k *Keeper) told(u *catalog.Upkeep, all []Values) []Values {
	var out []Values
	for _, v := range all {
		if v.By != k.actor.Key() && access.Administer(k.actor) != nil {
			v.Values = slices.DeleteFunc(slices.Clone(v.Values), func(c CellChange) bool {
				cell, there := u.Cell(c.Path)
				return !there || !access.Keeps(k.actor, k.people, u, cell)
			})
		}
		if len(v.Values) > 0 {
			out = append(out, v)
		}
	}
	return out
}

// keptTag names a content together with what is to come of it.
func keptTag(hash string, waiting []Values) string {
	for _, v := range waiting {
		hash += " " + string(v.ID)
	}
	return hashOf([]byte(hash))[:16]
}

func compact(raw json.RawMessage) json.RawMessage {
	var out bytes.Buffer
	if err := json.Compact(&out, raw); err != nil {
		return raw // what was compiled is JSON
	}
	return out.Bytes()
}

// ValuesOrder asks for other values of a document.
type ValuesOrder struct {
	Kind, Key string
	Tag       string // of Kept
	Values    []Cell
	From      int64 // the day, yyyymmdd, from which they count; 0: now
	Note      string
	Once      *job.Once `json:"-"` // nil unless the same order may come again
}

const (
	// maxCells bounds the values of one change, maxCell the bytes of one of them.
	maxCells = 500
	maxCell  = 4 << 10
)

// Tried is what values would make of the metadata.
type Tried struct {
	Upkeep   *catalog.Upkeep
	Changes  []CellChange
	Compiled *catalog.Catalog // nil where it does not compile
	Issues   fault.Issues     // what forbids it: gaps, overlaps, tests that fail
	Warnings fault.Issues
	files    catalog.Bundle
}

// CellChange is a value before and after.
type CellChange struct {
	Path string          `json:"path"`
	From json.RawMessage `json:"from"`
	To   json.RawMessage `json:"to"`
}

// Try compiles and tests the metadata with other values, upon what else is to come of the document by then;
// nothing is kept. Faults: NotFound "upkeep.unknown", Conflict "upkeep.stale", Invalid "upkeep.invalid" where the
// order itself is wrong: values that are not there, are somebody else's, or nothing new.
func (k *Keeper) Try(ctx context.Context, order ValuesOrder) (*Tried, error) {
	const op = "publish.tryValues"
	kept, err := k.Read(ctx, order.Kind, order.Key)
	if err != nil {
		return nil, err
	}
	if order.Tag != kept.Tag {
		return nil, fault.New(fault.Conflict, "upkeep.stale").In(op)
	}
	if len(order.Values) > maxCells {
		return nil, fault.New(fault.TooLarge, "upkeep.tooMany").In(op).With("max", maxCells)
	}
	var before []Values
	for _, v := range kept.coming {
		if order.From != 0 && v.Day <= order.From {
			before = append(before, v)
		}
	}
	return k.service.tried(ctx, kept.Upkeep, before, func(content []byte) ([]CellChange, error) {
		return k.changes(kept.Upkeep, order.Values, content)
	})
}

// changes holds an order against the document: each value stands there, is theirs, and something is new.
func (k *Keeper) changes(u *catalog.Upkeep, values []Cell, content []byte) ([]CellChange, error) {
	var issues fault.Issues
	var out []CellChange
	seen := map[string]bool{}
	for n, v := range values {
		at := "/values/" + strconv.Itoa(n)
		cell, there := u.Cell(v.Path)
		switch {
		case !there || !access.Keeps(k.actor, k.people, u, cell):
			issues.Add(at+"/path", "upkeep.cell", "path", v.Path)
			continue
		case seen[v.Path]:
			issues.Add(at+"/path", "meta.duplicate", "key", v.Path)
		case len(v.Value) > maxCell || !fits(u, cell, v.Value):
			issues.Add(at+"/value", "upkeep.value")
		}
		seen[v.Path] = true
		from, to := compact(valueAt(content, v.Path)), compact(v.Value)
		if !bytes.Equal(from, to) {
			out = append(out, CellChange{v.Path, from, to})
		}
	}
	if len(issues) == 0 && len(out) == 0 {
		issues.Add("/values", "upkeep.nothingNew")
	}
	return out, issues.Fault("publish.tryValues", "upkeep.invalid")
}

// fits tells whether a value is of a shape that may stand there: of a pool a number, of a table's output one
// value, of an input any condition. What else is wrong with it, compiling tells.
func fits(u *catalog.Upkeep, cell catalog.UpkeepCell, raw json.RawMessage) bool {
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	var v any
	if in.Decode(&v) != nil || v == nil {
		return false
	}
	_, isNumber := v.(json.Number)
	_, isObject := v.(map[string]any)
	_, isList := v.([]any)
	switch {
	case u.Kind == catalog.UpkeepPool:
		return isNumber
	case cell.Output:
		return !isObject && !isList
	}
	return true
}

// tried compiles and tests what is published with some changes of a document before, and those that make says.
func (s *Service) tried(
	ctx context.Context, u *catalog.Upkeep, before []Values, next func(content []byte) ([]CellChange, error),
) (*Tried, error) {
	files, err := s.files(ctx, s.live.Load().publication.Documents)
	if err != nil {
		return nil, err
	}
	content := files[u.File]
	for _, v := range before {
		if content, err = spliced(content, v.Values); err != nil {
			return nil, err
		}
	}
	t := &Tried{Upkeep: u, files: files}
	if t.Changes, err = next(content); err != nil {
		return nil, err
	}
	if content, err = spliced(content, t.Changes); err != nil {
		return nil, err
	}
	files[u.File] = content
	c := &candidate{files: files}
	if err := s.judge(ctx, c); err != nil {
		return nil, err
	}
	t.Issues = c.issues
	if c.compiled != nil {
		t.Compiled, t.Warnings = c.compiled, c.compiled.Warnings
	}
	return t, nil
}

func spliced(content []byte, changes []CellChange) ([]byte, error) {
	var err error
	for _, c := range changes {
		if content, err = splice(content, c.Path, c.To); err != nil {
			return nil, err
		}
	}
	return content, nil
}
