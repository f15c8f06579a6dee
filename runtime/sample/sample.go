// Package sample makes believable data for a demo tenant from a plan, a seed and a day.
//
// The plan is data (plan.json and lists of words beside it): people and units, and for each form how many
// records there are and how each of their values comes about. The package interprets it and knows no form,
// no field and no language. It neither writes records nor opens a store: who loads a sample does. The same
// plan, seed and day always give the same sample.
package sample

import (
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"tidewater/engine/org"
	"tidewater/engine/value"
)

// Sample is a whole organisation with its records. Ids are symbolic: a person's is the username, a unit's
// its key in the plan; who loads the sample replaces them with real ones.
type Sample struct {
	People []org.User
	Units  []org.Unit
	// Zones have the ref of the record that stands for them as id ("region:north"), where the plan names one,
	// else their key: such a zone is to get the id that its record got.
	Zones []org.Zone
	// Acts are to be done to a record as soon as it and all that they name are there, in this order.
	Acts []Act

	records []Record
}

// Record is one record to be made.
type Record struct {
	Form value.FormKey
	Ref  string    // "<form>:<name>", unique; other records name it so
	At   time.Time // when somebody made it, UTC
	By   string    // the username of who made it; may be empty
	// Values are in wire form: text, bool, decimal text for numbers, "2006-01-02" for days, RFC 3339 for
	// instants, []any of map[string]any for rows; and in place of ids {"$ref": "<form>:<name>"} for a
	// record, {"$user": "<username>"} for a person, {"$unit": "<key>"} for a unit,
	// {"$file": "<name>", "text": "<contents>"} for a file.
	Values map[string]any
}

// Records goes over all records. Each comes after those that it names; those of one batch come in order of
// time.
func (s *Sample) Records() iter.Seq[Record] { return slices.Values(s.records) }

// Generate makes the sample of a plan, whose folder is plan. today is yyyymmdd. A plan that does not hold
// together is an error that names the place.
func Generate(plan fs.FS, seed uint64, today int64) (*Sample, error) {
	p, err := readPlan(plan)
	if err != nil {
		return nil, err
	}
	s, people, err := organise(p)
	if err != nil {
		return nil, err
	}
	calendar, err := org.China()
	if err != nil {
		return nil, err
	}
	g := &generator{
		plan: p, people: people, shares: map[value.ID]int{}, calendar: calendar, today: today,
		made: map[value.FormKey][]*made{}, named: map[string]*made{}, groups: map[string]map[string][]*made{},
	}
	for _, one := range p.People {
		g.shares[value.ID(one.Username)] = one.Share
	}
	for _, b := range p.Records {
		// Each batch has a source of its own, so that a change to one leaves the others alone.
		g.random = rand.New(rand.NewPCG(seed, hash(string(b.Form)+" "+string(b.Per))))
		batch, err := g.run(b)
		if err != nil {
			return nil, fmt.Errorf("sample: %s: %w", b.Form, err)
		}
		for _, m := range batch {
			s.records = append(s.records, g.record(b, m))
		}
		g.random = rand.New(rand.NewPCG(seed, hash(string(b.Form)+" "+string(b.Per)+" acts")))
		acts, err := g.acts(b, batch)
		if err != nil {
			return nil, fmt.Errorf("sample: %s: %w", b.Form, err)
		}
		s.Acts = append(s.Acts, acts...)
	}
	return s, nil
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(s) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}
