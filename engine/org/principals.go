package org

import (
	"slices"

	"tidewater/engine/value"
)

// Holders are those a record belongs to: the people who own it, its org units, its zones.
type Holders struct {
	People []value.ID
	Units  []value.ID
	Zones  []value.ID
}

// Principals returns who may reach a record by scope, in the form of value.Record.Principals: a word per
// person and zone, and per unit one for itself and one for it and each unit above it. Sorted, without
// doubles; nil when nobody holds it. A unit that is no longer there stands for itself alone.
func (s *Snapshot) Principals(h Holders) []string {
	var words []string
	for _, id := range h.People {
		words = appendWord(words, id, UserPrincipal)
	}
	for _, id := range h.Zones {
		words = appendWord(words, id, ZonePrincipal)
	}
	for _, id := range h.Units {
		words = appendWord(words, id, UnitPrincipal)
		words = appendWord(words, id, UnderPrincipal)
		for _, above := range s.Path(id) {
			words = append(words, UnderPrincipal(above))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func appendWord(words []string, id value.ID, word func(value.ID) string) []string {
	if id == "" {
		return words
	}
	return append(words, word(id))
}

// UserPrincipal is the word for records that a person owns.
func UserPrincipal(id value.ID) string { return "user:" + string(id) }

// UnitPrincipal is the word for records of a unit itself.
func UnitPrincipal(id value.ID) string { return "unit:" + string(id) }

// UnderPrincipal is the word for records of a unit and of all below it.
func UnderPrincipal(id value.ID) string { return "under:" + string(id) }

// ZonePrincipal is the word for records of a zone.
func ZonePrincipal(id value.ID) string { return "zone:" + string(id) }

// GuestPrincipal is the word for records that are shared with somebody, see value.Share.With.
func GuestPrincipal(with string) string { return "with:" + with }
