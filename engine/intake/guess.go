package intake

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Seen is a column of a file with what may be meant by it.
type Seen struct {
	Name    string   `json:"name"`
	Samples []string `json:"samples"` // different texts of its first cells
	Guess   *Column  `json:"guess,omitempty"`
	// Unknown are samples that the guess does not understand, such as names of options: whoever asks may say
	// what is meant by them.
	Unknown []string `json:"unknown,omitempty"`
}

// What columns of ids are called: those of records, also behind the name of what refers to them, and those of
// the rows of a table.
const (
	IDLabel  = "ID"
	RowLabel = "#"
)

const maxSamples = 8

// maxSample bounds one sample, in characters.
const maxSample = 80

// Guess says of each column of a table which field it may be, by the names that the form's fields, or those of
// a table field of it, have in any language, and by what the first rows say. What the file itself says of a column
// by its name, see Told, is no guess and goes first.
func Guess(
	ctx context.Context, records *record.Service, actor value.Actor, form *catalog.Form, table *catalog.Field, header *Header, rows []grid.Row,
	told map[string]Column,
) ([]Seen, error) {
	g := guesser{records: records, actor: actor, form: form, visible: seenBy(records, actor), taken: map[string]bool{}}
	g.fields = form.Fields
	g.idName = IDLabel
	if table != nil {
		g.fields, g.idName = table.Columns, RowLabel
	}
	out := make([]Seen, len(header.Names))
	for place, name := range header.Names {
		out[place] = Seen{Name: name, Samples: samplesOf(rows, place), Guess: g.told(told[name])}
	}
	for place := range out {
		if _, said := told[out[place].Name]; !said {
			out[place].Guess = g.named(out[place].Name)
		}
	}
	idsWin(out)
	// A name that only begins with a field's must not take it from one that is the field's.
	for place := range out {
		if _, said := told[out[place].Name]; !said && out[place].Guess == nil {
			out[place].Guess = g.referred(out[place].Name)
		}
		if err := g.fill(ctx, &out[place]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// idsWin leaves a field to the column that has its ids: they say more than a name beside them.
func idsWin(seen []Seen) {
	for _, ids := range seen {
		if ids.Guess == nil || !strings.HasSuffix(text.Fold(ids.Name), " "+text.Fold(IDLabel)) {
			continue
		}
		for n := range seen {
			if seen[n].Guess != nil && seen[n].Name != ids.Name && seen[n].Guess.Field == ids.Guess.Field {
				seen[n].Guess = nil
			}
		}
	}
}

type guesser struct {
	records *record.Service
	actor   value.Actor
	form    *catalog.Form
	fields  []*catalog.Field
	visible map[value.FormKey]map[value.FieldKey]record.FieldView
	taken   map[string]bool
	idName  string
}

func samplesOf(rows []grid.Row, place int) []string {
	out := []string{}
	for _, row := range rows {
		cell := strings.TrimSpace(row.Cell(place))
		if runes := []rune(cell); len(runes) > maxSample {
			cell = string(runes[:maxSample]) + "…"
		}
		if cell != "" && !slices.Contains(out, cell) {
			if out = append(out, cell); len(out) == maxSamples {
				break
			}
		}
	}
	return out
}

// remarks are what people put behind a column's name: marks of what is required, units.
var remarks = regexp.MustCompile(`(\s*[（(\[【][^）)\]】]*[）)\]】])+$|[*＊：:\s]+$|^[*＊\s]+`)

// bare is a name without remarks, folded.
func bare(name string) string { return text.Fold(remarks.ReplaceAllString(name, "")) }

// offered tells whether somebody may fill a field from a file.
func (g *guesser) offered(f *catalog.Field) bool {
	top := f
	if f.Table != nil {
		top = f.Table
	}
	seen, ok := g.visible[g.form.Key][top.Key]
	if !ok || seen.ReadOnly || f.Computed() {
		return false
	}
	return f.As.Kind != field.Attachment && f.As.Kind != field.Image && f.As.Kind != field.Signature && f.As.Kind != field.Table
}

// names are what a field may be called.
func names(key value.FieldKey, label meta.Label) []string {
	out := []string{text.Fold(string(key))}
	for _, one := range label {
		out = append(out, text.Fold(one))
	}
	return out
}

func (g *guesser) take(c Column) *Column {
	if g.taken[c.Field] {
		return nil
	}
	g.taken[c.Field] = true
	return &c
}

// told takes what a file says of a column, as far as it is true: the field is there to be filled, and the other
// form has the field by which its records are named.
func (g *guesser) told(c Column) *Column {
	if c.Field == idField {
		return g.take(Column{Column: c.Column, Field: idField})
	}
	key, part, parted := strings.Cut(c.Field, ".")
	at := slices.IndexFunc(g.fields, func(f *catalog.Field) bool { return string(f.Key) == key })
	if at < 0 || !g.offered(g.fields[at]) {
		return nil
	}
	kind := g.fields[at].As.Kind
	if (kind == field.Address) != parted || parted && partOf(part) == nil {
		return nil
	}
	if _, seen := g.visible[g.fields[at].As.Ref][value.FieldKey(c.By)]; !seen && (c.By != idField || byID(g.fields[at]) == "") {
		c.By = ""
	}
	return g.take(c)
}

// named finds the field that is called so.
func (g *guesser) named(name string) *Column {
	said, whole := bare(name), text.Fold(name)
	if whole == text.Fold(g.idName) {
		return g.take(Column{Column: name, Field: idField})
	}
	for _, f := range g.fields {
		if !g.offered(f) {
			continue
		}
		for _, called := range names(f.Key, f.Def.Label) {
			if f.As.Kind == field.Address {
				if part := addressPart(called, said, whole); part != "" {
					return g.take(Column{Column: name, Field: string(f.Key) + "." + part})
				}
				continue
			}
			if called == said || called == whole {
				return g.take(Column{Column: name, Field: string(f.Key)})
			}
			if f.Target() != "" && whole == called+" "+text.Fold(IDLabel) {
				g.taken[string(f.Key)] = true
				return &Column{Column: name, Field: string(f.Key), By: byID(f)}
			}
		}
	}
	return nil
}

// byID is the By of a column of ids.
func byID(f *catalog.Field) string {
	if f.As.Kind == field.Reference || f.As.Kind == field.References {
		return idField
	}
	return ""
}

// parts are what the parts of an address are called.
var addressParts = map[string][]string{
	string(field.AddressRegion):   {"region", "地区", "省市区"},
	string(field.AddressDetail):   {"detail", "详细地址", "街道"},
	string(field.AddressPostcode): {"postcode", "邮编", "邮政编码"},
}

func addressPart(called, said, whole string) string {
	if called == said {
		return string(field.AddressDetail)
	}
	for part, names := range addressParts {
		for _, name := range names {
			for _, between := range []string{"", " ", ".", " · "} {
				if whole == called+between+name {
					return part
				}
			}
		}
	}
	return ""
}

// referred finds a reference that is called by its own name and that of a field of the other form: "shelf
// number".
func (g *guesser) referred(name string) *Column {
	said := bare(name)
	for _, f := range g.fields {
		target, ok := g.records.Catalog().Forms[f.As.Ref]
		if !ok || !g.offered(f) || f.As.Kind != field.Reference && f.As.Kind != field.References {
			continue
		}
		for _, called := range names(f.Key, f.Def.Label) {
			rest, ok := strings.CutPrefix(said, called)
			if !ok {
				continue
			}
			for _, there := range target.Fields {
				if _, seen := g.visible[target.Key][there.Key]; seen && slices.Contains(names(there.Key, there.Def.Label), strings.TrimSpace(rest)) {
					return g.take(Column{Column: name, Field: string(f.Key), By: string(there.Key)})
				}
			}
		}
	}
	return nil
}

// fill finds out from the samples how a reference is named and in which order dates are, and what is not
// understood.
func (g *guesser) fill(ctx context.Context, s *Seen) error {
	if s.Guess == nil || s.Guess.Field == idField {
		return nil
	}
	key, part, _ := strings.Cut(s.Guess.Field, ".")
	at := slices.IndexFunc(g.fields, func(f *catalog.Field) bool { return string(f.Key) == key })
	if at < 0 {
		return nil
	}
	f := g.fields[at]
	if (f.As.Kind == field.Reference || f.As.Kind == field.References) && s.Guess.By == "" {
		if err := g.by(ctx, f, s); err != nil {
			return err
		}
	}
	if f.As.Kind == field.Date || f.As.Kind == field.Datetime {
		s.Guess.Dates = orderOf(s.Samples)
	}
	i := &Intake{records: g.records, actor: g.actor, form: g.form, people: g.records.Org(), memory: &Memory{references: map[string]map[string]hit{}}}
	c := &column{Column: *s.Guess, key: key, part: part, field: f}
	c.read = i.readerOf(c)
	for _, sample := range s.Samples {
		c.want(sample)
	}
	if err := c.refer.look(ctx, i); err != nil {
		return err
	}
	for _, sample := range s.Samples {
		if _, issue := c.value(sample, 0); issue != nil && !strings.HasSuffix(sample, "…") {
			s.Unknown = append(s.Unknown, sample)
		}
	}
	return nil
}

// by chooses the field of the other form that finds most of the samples: its id, what is unique, its title.
func (g *guesser) by(ctx context.Context, f *catalog.Field, s *Seen) error {
	target, ok := g.records.Catalog().Forms[f.As.Ref]
	if !ok || g.visible[f.As.Ref] == nil {
		return nil
	}
	best, most := string(target.Title), 0
	candidates := []value.FieldKey{target.Title}
	for _, group := range target.Layout.Unique {
		if len(group) == 1 && !slices.Contains(candidates, group[0]) {
			candidates = append(candidates, group[0])
		}
	}
	keys := [][]any{}
	for _, sample := range s.Samples {
		for _, part := range (&column{field: f, many: f.As.Kind == field.References}).parts(sample) {
			keys = append(keys, []any{part})
		}
	}
	for _, by := range append(candidates, value.SysID) {
		if _, seen := g.visible[f.As.Ref][by]; !seen && by != value.SysID {
			continue
		}
		found, err := g.records.Find(ctx, g.actor, record.Sought{Form: f.As.Ref, By: []value.FieldKey{by}, Keys: keys})
		if err != nil {
			return err
		}
		hits := 0
		for _, one := range found {
			if one.ID != "" {
				hits++
			}
		}
		if hits > most {
			best, most = string(by), hits
		}
	}
	s.Guess.By = best
	return nil
}

// orderOf tells the order of dates such as 03/04/2026 from those that allow only one.
func orderOf(samples []string) DateOrder {
	for _, sample := range samples {
		parts, named := dateParts(sample)
		if named >= 0 || len(parts) != 3 || len(parts[2]) != 4 {
			continue
		}
		switch {
		case len(parts[0]) == 2 && parts[0] > "12":
			return DayFirst
		case len(parts[1]) == 2 && parts[1] > "12":
			return MonthFirst
		}
	}
	return ""
}
