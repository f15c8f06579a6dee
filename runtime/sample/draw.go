package sample

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"tidewater/engine/value"
)

// draw makes a value as a spec says; nil is no value.
func (g *generator) draw(s scope, from spec) (any, error) {
	switch v := from.verb; {
	case from.text != "":
		return g.compose(s, from.text, 0)
	case v == nil:
		return from.literal, nil
	case len(v.Weights.texts) > 0:
		return g.weighted(v.Weights), nil
	case v.Lines != "":
		return g.line(s, v.Lines)
	case v.Copy != "":
		return g.look(s, v.Copy)
	case v.Naming != "":
		found, err := g.look(s, v.Naming)
		if one, isRecord := found.(*made); isRecord {
			return naming{one}, err
		}
		if err == nil && found != nil {
			err = fmt.Errorf("%s is no record", v.Naming)
		}
		return nil, err
	case v.Date != nil:
		return g.date(s, *v.Date)
	case v.Number != nil:
		return g.number(*v.Number)
	case v.Record != nil:
		return g.pick(s, *v.Record)
	case v.Person != nil:
		return g.person(s, *v.Person)
	case v.Unit != "":
		return g.unitOf(s, v.Unit)
	case v.Some != nil:
		return g.some(s, *v.Some)
	case v.Rows != nil:
		return g.rows(s, *v.Rows)
	case v.Total != nil:
		return g.total(s, *v.Total)
	case v.File != nil:
		return g.file(s, *v.File)
	case v.Unique != nil:
		return g.unique(s, *v.Unique)
	case v.Chance != nil:
		if g.random.IntN(100) < v.Chance.Percent {
			return g.draw(s, v.Chance.Of)
		}
		return g.draw(s, v.Chance.Else)
	case v.Case != nil:
		return g.choose(s, *v.Case)
	}
	return nil, errors.New("an object does not say how")
}

// file is one whose bytes whoever loads the sample has to keep first.
type file struct{ name, text string }

func (g *generator) file(s scope, f fileSpec) (any, error) {
	name, err := g.compose(s, f.Name, 0)
	if err != nil {
		return nil, err
	}
	text, err := g.compose(s, f.Text, 0)
	return []any{file{name, text}}, err
}

func (g *generator) weighted(w weights) any {
	at := g.random.IntN(w.sums[len(w.sums)-1])
	if text := w.texts[sort.SearchInts(w.sums, at+1)]; text != "" {
		return text
	}
	return nil
}

func (g *generator) line(s scope, name string) (any, error) {
	list, err := g.compose(s, name, 0)
	if err != nil {
		return nil, err
	}
	if g.plan.lists[list] == nil {
		return nil, fmt.Errorf("there is no list %s", list)
	}
	return g.slot(s, list, 0)
}

func (g *generator) choose(s scope, c caseSpec) (any, error) {
	v, err := g.look(s, c.On)
	if err != nil {
		return nil, err
	}
	if chosen, ok := c.Of[g.text(v)]; ok {
		return g.draw(s, chosen)
	}
	return g.draw(s, c.Else)
}

// number draws in steps, so that the result is exact.
func (g *generator) number(n numberSpec) (any, error) {
	from, ok1 := value.ParseExact(n.From, decimals)
	to, ok2 := value.ParseExact(n.To, decimals)
	step, ok3 := value.ParseExact(n.Step, decimals)
	if !ok1 || !ok2 || !ok3 || step <= 0 || to < from {
		return nil, fmt.Errorf("no number from %q to %q by %q", n.From, n.To, n.Step)
	}
	steps := (to-from)/step + 1
	drawn := g.random.Int64N(steps)
	for range n.Low - 1 {
		drawn = min(drawn, g.random.Int64N(steps))
	}
	return value.FormatExact(from+drawn*step, decimals), nil
}

// decimals is the scale of all drawn numbers.
const decimals = 2

func (g *generator) person(s scope, p personSpec) (any, error) {
	candidates := g.people.RoleMembers(p.Role)
	if p.Zone != "" {
		key, err := g.compose(s, p.Zone, 0)
		if err != nil {
			return nil, err
		}
		zone, ok := g.people.ZoneByKey(key)
		if !ok {
			return nil, fmt.Errorf("there is no zone %s", key)
		}
		members := g.people.ZoneMembers(zone.ID)
		candidates = slices.DeleteFunc(candidates, func(id value.ID) bool { return !slices.Contains(members, id) })
	}
	if len(candidates) == 0 {
		return nil, fmt.Errorf("nobody has the role %s there", p.Role)
	}
	return person(g.shared(candidates)), nil
}

// shared draws one of several people, each as often as their share says.
func (g *generator) shared(candidates []value.ID) value.ID {
	whole := 0
	for _, id := range candidates {
		whole += max(1, g.shares[id])
	}
	drawn, last := g.random.IntN(whole), len(candidates)-1
	for _, id := range candidates[:last] {
		if drawn -= max(1, g.shares[id]); drawn < 0 {
			return id
		}
	}
	return candidates[last]
}

func (g *generator) unitOf(s scope, path string) (any, error) {
	v, err := g.look(s, path)
	who, ok := v.(person)
	if err != nil || !ok {
		return nil, err
	}
	user, _ := g.people.User(value.ID(who))
	return unit(user.Unit), nil
}

// pick finds the records that a spec allows and draws one; nil if there is none.
func (g *generator) pick(s scope, r recordSpec) (any, error) {
	if r.ID != "" {
		id, err := g.compose(s, r.ID, 0)
		if err != nil {
			return nil, err
		}
		found := g.named[r.Form+":"+id]
		if found == nil {
			return nil, fmt.Errorf("there is no record %s:%s", r.Form, id)
		}
		return found, nil
	}
	candidates, err := g.candidates(s, r)
	if err != nil || len(candidates) == 0 {
		return nil, err
	}
	at := g.random.IntN(len(candidates))
	for range r.Low - 1 {
		at = min(at, g.random.IntN(len(candidates)))
	}
	return candidates[at], nil
}

func (g *generator) candidates(s scope, r recordSpec) ([]*made, error) {
	candidates := g.made[value.FormKey(r.Form)]
	if candidates == nil {
		return nil, fmt.Errorf("no %s was made before", r.Form)
	}
	conditions := map[string]string{}
	for field, path := range r.Same {
		v, err := g.look(s, path)
		if err != nil || v == nil {
			return nil, err
		}
		conditions[field] = g.text(v)
	}
	for field, text := range r.Where {
		conditions[field] = text
	}
	for i, field := range slices.Sorted(keysOf(conditions)) {
		if i == 0 {
			candidates = g.group(r.Form, field)[conditions[field]]
			continue
		}
		candidates = slices.DeleteFunc(slices.Clone(candidates), func(m *made) bool {
			return g.text(m.values[field]) != conditions[field]
		})
	}
	return candidates, nil
}

func keysOf(m map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// group returns the records of a form by the text of one of their values, kept until more records come.
func (g *generator) group(form, field string) map[string][]*made {
	key := form + "." + field
	if g.groups[key] == nil {
		group := map[string][]*made{}
		for _, m := range g.made[value.FormKey(form)] {
			text := g.text(m.values[field])
			group[text] = append(group[text], m)
		}
		g.groups[key] = group
	}
	return g.groups[key]
}

// tries bounds how often a value is drawn anew.
const tries = 1000

func (g *generator) unique(s scope, of spec) (any, error) {
	for range tries {
		v, err := g.draw(s, of)
		if err != nil || v == nil {
			return nil, err
		}
		if key := g.text(v); !g.seen[key] {
			g.seen[key] = true
			return v, nil
		}
	}
	return nil, errors.New("too few different values")
}

// some draws different values; fewer than wanted if there are not so many.
func (g *generator) some(s scope, spec someSpec) (any, error) {
	n, err := g.count(s, spec.Count)
	if err != nil {
		return nil, err
	}
	var out []any
	var texts []string
	for tried := 0; len(out) < n && tried < n*deepest; tried++ {
		v, err := g.draw(s, spec.Of)
		if err != nil {
			return nil, err
		}
		if text := g.text(v); v != nil && !slices.Contains(texts, text) {
			out, texts = append(out, v), append(texts, text)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}
