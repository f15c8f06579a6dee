package intake

import (
	"context"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/record"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// reference finds the records that cells name by a field of theirs. It first hears of all texts of a batch,
// and asks for them together.
type reference struct {
	form   value.FormKey
	by     value.FieldKey
	found  map[string]hit
	wanted []string
}

// hit is what was found under a text.
type hit struct {
	id   value.ID
	many bool
}

// maxRemembered bounds what is remembered of one reference.
const maxRemembered = 50_000

func (i *Intake) referenceReader(c *column) reader {
	if c.By == "" || c.By == idField {
		return readText
	}
	target := c.field.As.Ref
	key := string(target) + "." + c.By
	if i.memory.references[key] == nil || len(i.memory.references[key]) > maxRemembered {
		i.memory.references[key] = map[string]hit{}
	}
	c.refer = &reference{form: target, by: value.FieldKey(c.By), found: i.memory.references[key]}
	return func(text string, _ grid.Mark) (any, *fault.Issue) {
		found := c.refer.found[text]
		switch {
		case found.many:
			return nil, wrong("import.ambiguous")
		case found.id == "":
			return nil, wrong("field.reference", "field", c.field.Def.Label)
		}
		return string(found.id), nil
	}
}

// CheckFinding refuses references by fields that would be walked through for each batch: where an index, or search,
// is missing, an import ends in the middle of a form that has grown. Faults: Invalid "import.plan".
func (i *Intake) CheckFinding(ctx context.Context) error {
	columns := slices.Clone(i.columns)
	for _, t := range i.tables {
		columns = append(columns, t.columns...)
	}
	var issues fault.Issues
	for _, c := range columns {
		if c.refer == nil {
			continue
		}
		found, err := i.records.Findable(ctx, i.actor, c.refer.form, c.refer.by)
		if err != nil {
			return err
		}
		if !found {
			issues.Add(c.path+"/by", "import.byUnindexed", "field", c.By, "max", record.MaxWalked)
		}
	}
	return issues.Fault("intake.open", "import.plan")
}

// want notes what a cell names.
func (c *column) want(cell string) {
	if c.refer == nil || isBlank(cell) {
		return
	}
	for _, part := range c.parts(cell) {
		if meant, ok := c.Values[part]; ok {
			part = meant
		}
		if _, known := c.refer.found[part]; part != "" && !known {
			c.refer.wanted = append(c.refer.wanted, part)
		}
	}
}

// look asks for what was wanted. What is not found is not remembered: it may be made meanwhile.
func (r *reference) look(ctx context.Context, i *Intake) error {
	if r == nil || len(r.wanted) == 0 {
		return nil
	}
	slices.Sort(r.wanted)
	wanted := slices.Compact(r.wanted)
	r.wanted = nil
	keys := make([][]any, len(wanted))
	for n, text := range wanted {
		keys[n] = []any{text}
	}
	found, err := i.records.Find(ctx, i.actor, record.Sought{Form: r.form, By: []value.FieldKey{r.by}, Keys: keys})
	if err != nil {
		return err
	}
	for n, one := range found {
		if one.ID != "" || one.Many {
			r.found[wanted[n]] = hit{one.ID, one.Many}
		}
	}
	return nil
}

// person finds who is meant by a user name, a name or an id.
func (i *Intake) person(said string) (any, *fault.Issue) {
	if u, ok := i.people.User(value.ID(said)); ok {
		return string(u.ID), nil
	}
	if u, ok := i.people.UserByName(said); ok {
		return string(u.ID), nil
	}
	if i.persons == nil {
		i.persons = map[string]value.ID{}
		for _, u := range i.people.Users() {
			name := text.Fold(u.Name)
			if before, taken := i.persons[name]; taken && before != u.ID {
				i.persons[name] = ""
				continue
			}
			i.persons[name] = u.ID
		}
	}
	id, known := i.persons[text.Fold(said)]
	switch {
	case !known:
		return nil, wrong("field.member")
	case id == "":
		return nil, wrong("import.ambiguous")
	}
	return string(id), nil
}

// unit finds an org unit by id, by name in any language, or by the names of those above it and its own.
func (i *Intake) unit(said string) (any, *fault.Issue) {
	if u, ok := i.people.Unit(value.ID(said)); ok {
		return string(u.ID), nil
	}
	names := strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune("/>／＞", r) })
	var found []value.ID
	for _, u := range i.people.Units() {
		if i.isCalled(u.ID, names) {
			found = append(found, u.ID)
		}
	}
	return only(found)
}

// isCalled tells whether the last of the names is the unit's, and those before it are of the units above.
func (i *Intake) isCalled(id value.ID, names []string) bool {
	path := i.people.Path(id)
	if len(names) == 0 || len(names) > len(path) {
		return false
	}
	for n := range names {
		unit, _ := i.people.Unit(path[n])
		if !calledSo(unit.Name, names[len(names)-1-n]) {
			return false
		}
	}
	return true
}

func calledSo(names map[string]string, said string) bool {
	for _, name := range names {
		if text.Fold(name) == text.Fold(said) {
			return true
		}
	}
	return false
}

// zone finds a zone by id, key or name.
func (i *Intake) zone(said string) (any, *fault.Issue) {
	if z, ok := i.people.Zone(value.ID(said)); ok {
		return string(z.ID), nil
	}
	if z, ok := i.people.ZoneByKey(said); ok {
		return string(z.ID), nil
	}
	var found []value.ID
	for _, z := range i.people.Zones() {
		if calledSo(z.Name, said) {
			found = append(found, z.ID)
		}
	}
	return only(found)
}

func only(found []value.ID) (any, *fault.Issue) {
	switch len(found) {
	case 0:
		return nil, wrong("field.reference")
	case 1:
		return string(found[0]), nil
	}
	return nil, wrong("import.ambiguous")
}
