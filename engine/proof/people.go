package proof

import (
	"errors"
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// peopleOf is the organisation of a case: those whom it names, and whoever acts.
func peopleOf(given meta.TestGiven, actor value.Actor) (*org.Snapshot, fault.Issues) {
	var users []org.User
	var units []org.Unit
	var zones []org.Zone
	add := func(one meta.TestPerson) {
		u := org.User{ID: one.ID, Username: string(one.ID), Name: one.Name, Unit: one.Unit, Zones: one.Zones, Manager: one.Manager, Active: true}
		users = append(users, u)
		if u.Unit != "" && !slices.ContainsFunc(units, func(unit org.Unit) bool { return unit.ID == u.Unit }) {
			units = append(units, org.Unit{ID: u.Unit, Name: map[string]string{"en": string(u.Unit)}})
		}
		for _, id := range u.Zones {
			if !slices.ContainsFunc(zones, func(zone org.Zone) bool { return zone.ID == id }) {
				zones = append(zones, org.Zone{ID: id, Key: string(id), Name: map[string]string{"en": string(id)}})
			}
		}
	}
	for _, one := range given.People {
		add(one)
	}
	if id := actor.User; id != "" && !slices.ContainsFunc(users, func(u org.User) bool { return u.ID == id }) {
		add(meta.TestPerson{ID: id, Unit: actor.Unit, Zones: actor.Zones})
	}
	people, err := org.NewSnapshot(0, users, units, zones)
	if err == nil {
		return people, nil
	}
	wrong := fault.Issues{{Path: "/given/people", Code: "internal"}}
	var f *fault.Error
	if errors.As(err, &f) && len(f.Issues) > 0 {
		wrong = f.Issues
		for n := range wrong {
			wrong[n].Path = "/given/people"
		}
	}
	return nil, wrong
}
