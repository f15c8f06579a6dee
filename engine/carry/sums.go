package carry

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Sum is what one part of a store comes to. It is the same in every store that holds the same, however that rests
// there: SHA-256 over the JSON of each thing in a set order, with times in epoch milliseconds and nothing where a
// value is absent.
type Sum struct {
	Part                  string // "form <key>", "documents <collection>", "files", "outbox", "sequences", "layout"
	Records, Lines, Files int64  // of a form: its records, the lines of their histories, the files that they hold
	Things                int64  // of any other part
	Hash                  [sha256.Size]byte
}

// String is the sum as it is printed.
func (s Sum) String() string { return hex.EncodeToString(s.Hash[:]) }

// count is of how many things it is.
func (s Sum) count() int64 { return s.Records + s.Lines + s.Files + s.Things }

// Sums are the parts of a store, by name; those with nothing in them are left out.
type Sums []Sum

// Empty tells whether there is nothing at all.
func (s Sums) Empty() bool { return len(s) == 0 }

// Total is one hash for all.
func (s Sums) Total() string {
	all := sha256.New()
	for _, one := range s {
		all.Write([]byte(one.Part + "\n"))
		all.Write(one.Hash[:])
	}
	return hex.EncodeToString(all.Sum(nil))
}

// SumsOf reads a store through and reckons its sums.
func SumsOf(ctx context.Context, s store.Store) (Sums, error) {
	r := &reckoning{store: s, parts: map[string]*part{}}
	for _, reckon := range []func(context.Context) error{r.forms, r.lines, r.files, r.items, r.outbox} {
		if err := reckon(ctx); err != nil {
			return nil, err
		}
	}
	return r.sums(), nil
}

// Compare reckons the sums of two stores. Faults: Internal "carry.differs", whose arg parts names what differs.
func Compare(ctx context.Context, a, b store.Store) (Sums, error) {
	one, err := SumsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	other, err := SumsOf(ctx, b)
	if err != nil {
		return nil, err
	}
	if parts := one.unlike(other); len(parts) > 0 {
		return one, differs(strings.Join(parts, ", "))
	}
	return one, nil
}

// unlike names the parts in which two stores differ.
func (s Sums) unlike(other Sums) []string {
	hashes := map[string][sha256.Size]byte{}
	for _, one := range other {
		hashes[one.Part] = one.Hash
	}
	var out []string
	for _, one := range s {
		if there, is := hashes[one.Part]; !is || there != one.Hash {
			out = append(out, one.Part)
		}
		delete(hashes, one.Part)
	}
	return slices.Sorted(slices.Values(append(out, slices.Collect(maps.Keys(hashes))...)))
}

// part is a sum in the making: of a form, its records, lines and files each by themselves.
type part struct {
	sum                   Sum
	records, lines, files hash.Hash
}

// reckoning is the sums of a store in the making.
type reckoning struct {
	store store.Store
	parts map[string]*part
}

func (r *reckoning) part(name string) *part {
	p := r.parts[name]
	if p == nil {
		p = &part{sum: Sum{Part: name}, records: sha256.New(), lines: sha256.New(), files: sha256.New()}
		r.parts[name] = p
	}
	return p
}

func ofForm(key value.FormKey) string { return "form " + string(key) }

func (r *reckoning) sums() Sums {
	var out Sums
	for _, p := range r.parts {
		if p.sum.count() == 0 {
			continue
		}
		var all []byte
		for _, h := range []hash.Hash{p.records, p.lines, p.files} {
			all = h.Sum(all)
		}
		p.sum.Hash = sha256.Sum256(all)
		out = append(out, p.sum)
	}
	slices.SortFunc(out, func(a, b Sum) int { return cmp.Compare(a.Part, b.Part) })
	return out
}

// write adds the JSON of a thing: keys in order, numbers whole.
func write(h hash.Hash, thing any) error {
	var line bytes.Buffer
	to := json.NewEncoder(&line)
	to.SetEscapeHTML(false)
	if err := to.Encode(thing); err != nil {
		return err
	}
	h.Write(line.Bytes())
	return nil
}

// moment is a time as it is hashed; 0 for none.
func moment(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

type recordSum struct {
	ID, CreatedBy, UpdatedBy, DeletedBy value.ID
	Version                             int64
	Created, Updated, Deleted           int64
	Values, Shadow                      value.Doc `json:",omitempty"`
	Principals                          []string  `json:",omitempty"`
}

func sumOf(r *value.Record) *recordSum {
	if r == nil {
		return nil
	}
	return &recordSum{
		ID: r.ID, Version: r.Version, Values: r.Values, Shadow: r.Shadow, Principals: r.Principals,
		Created: moment(r.CreatedAt), CreatedBy: r.CreatedBy, Updated: moment(r.UpdatedAt), UpdatedBy: r.UpdatedBy,
		Deleted: moment(r.DeletedAt), DeletedBy: r.DeletedBy,
	}
}

func (r *reckoning) forms(ctx context.Context) error {
	forms, err := r.store.Forms(ctx)
	if err != nil {
		return err
	}
	for _, form := range forms {
		layout := r.part("layout")
		layout.sum.Things++
		if err := write(layout.records, form); err != nil {
			return err
		}
		p := r.part(ofForm(form.Key))
		err := r.store.Each(ctx, form.Key, "", func(one *value.Record) error {
			p.sum.Records++
			return write(p.records, sumOf(one))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type changeSum struct {
	Field    value.FieldKey
	From, To value.Value `json:",omitempty"`
}

type eventSum struct {
	Seq, Version, At      int64
	Kind                  event.Kind
	Form                  value.FormKey
	Record, Actor, Import value.ID
	Reason, Action        string
	Depth                 int
	Scopes                []string    `json:",omitempty"`
	Detail                value.Doc   `json:",omitempty"`
	Changes               []changeSum `json:",omitempty"`
	Before, After         *recordSum  `json:",omitempty"`
}

func lineOf(e event.Event) eventSum {
	out := eventSum{
		Seq: e.Seq, Version: e.Version, At: moment(e.At), Kind: e.Kind, Form: e.Form, Record: e.Record, Actor: e.Actor, Import: e.Import,
		Reason: e.Reason, Action: e.Action, Depth: e.Depth, Scopes: e.Scopes, Detail: e.Detail, Before: sumOf(e.Before), After: sumOf(e.After),
	}
	for _, c := range e.Changes {
		out.Changes = append(out.Changes, changeSum{c.Field, c.From, c.To})
	}
	return out
}

func (r *reckoning) lines(ctx context.Context) error {
	return r.store.EachLine(ctx, 0, func(e event.Event) error {
		p := r.part(ofForm(e.Form))
		p.sum.Lines++
		return write(p.lines, lineOf(e))
	})
}

type fileSum struct {
	ID, By, Owner     value.ID
	Name, Type        string
	Size, At, Expires int64
	Width, Height     int
	Sum               []byte
	Passing           bool
	Form              value.FormKey
	Record            value.ID
	Field, Sub        value.FieldKey
}

func (r *reckoning) files(ctx context.Context) error {
	return r.store.EachFile(ctx, "", func(f store.File) error {
		p := r.part("files")
		if f.Holder.Form != "" {
			p = r.part(ofForm(f.Holder.Form))
			p.sum.Files++
		} else {
			p.sum.Things++
		}
		err := write(p.files, fileSum{
			ID: f.ID, By: f.By, Owner: f.Owner, Name: f.Name, Type: f.Type, Size: f.Size, At: moment(f.At), Expires: moment(f.Expires),
			Width: f.Width, Height: f.Height, Sum: f.Sum, Passing: f.Passing,
			Form: f.Holder.Form, Record: f.Holder.Record, Field: f.Holder.Field.Field, Sub: f.Holder.Field.Sub,
		})
		if err != nil {
			return err
		}
		return eachPiece(ctx, r.store, f, func(_ int, data []byte) error { p.files.Write(data); return nil })
	})
}

type itemSum struct {
	Key               string
	Revision, Expires int64
	Body              string
}

func (r *reckoning) items(ctx context.Context) error {
	return r.store.EachItem(ctx, func(one store.SideItem) error {
		p := r.part("documents " + one.Collection)
		p.sum.Things++
		body := sha256.Sum256(one.Body)
		return write(p.records, itemSum{one.Key, one.Revision, moment(one.Expires), hex.EncodeToString(body[:])})
	})
}

// outbox sums what is on its way, and how far everybody has come.
func (r *reckoning) outbox(ctx context.Context) error {
	p := r.part("outbox")
	err := eachEvent(ctx, r.store, func(e event.Event) error {
		p.sum.Things++
		return write(p.lines, lineOf(e))
	})
	if err != nil {
		return err
	}
	counters, err := r.store.Counters(ctx)
	if err != nil {
		return err
	}
	for _, one := range counters.Consumers {
		p.sum.Things++
		one.Settled = append([]int64{}, one.Settled...) // none is none, however a store says so
		if err := write(p.records, one); err != nil {
			return err
		}
	}
	if counters.Newest > 0 {
		p.sum.Things++
		if err := write(p.records, counters.Newest); err != nil {
			return err
		}
	}
	sequences := r.part("sequences")
	sequences.sum.Things = int64(len(counters.Sequences))
	return write(sequences.records, counters.Sequences)
}
