// Package org is the people and the shape of an organisation: users, org units, zones, absence, and
// the working calendar, as an immutable snapshot per version.
//
// It knows who stands where, and neither what they may do (package access) nor how they sign in. A
// snapshot is built whole from what a store holds; a change makes another one. Of the working calendar
// it ships mainland China's public holidays.
//
// NOTICE: data/cn-holidays.json holds the public holidays and make-up working days of mainland China
// from 2020 to 2026, facts from the notices of the State Council as collected by
// NateScarlet/holiday-cn (https://github.com/NateScarlet/holiday-cn), Copyright (c) NateScarlet, MIT License.
package org

import "tidewater/engine/value"

// User is a person who signs in or did once.
type User struct {
	ID       value.ID
	Username string // unique, whatever its case
	Name     string // as people call them
	Email    string
	Phone    string
	Unit     value.ID   // the home unit; may be empty
	Zones    []value.ID // beside those that come with the unit, see Snapshot.ZonesOf
	Roles    []string   // role keys
	Manager  value.ID   // whom they report to; empty means the manager of their unit
	// Positions are what they are called in the organisation, in people's own words.
	Positions []string
	Active    bool   // false once they left; their records still name them
	Admin     bool   // may design, publish and manage people
	Locale    string // the language they read, a BCP 47 tag; may be empty
	Away      []Span // when they are absent
}

// Span is a stretch of days (yyyymmdd in the tenant's zone), both ends included.
type Span struct {
	From, To int64
	// Deputy stands in for who is absent, on these days; may be empty.
	Deputy value.ID `json:",omitempty"`
}

// Unit is a node of the department tree.
type Unit struct {
	ID       value.ID
	Name     map[string]string // by locale
	Parent   value.ID          // empty at the top; there may be several tops
	Manager  value.ID
	Deputies []value.ID
	Zone     value.ID // the zone whose members this unit's people are; may be empty
}

// Zone is a region that people of several units may work in.
type Zone struct {
	ID   value.ID
	Key  string            // stable, chosen by people; unique
	Name map[string]string // by locale
}
