package sample

import (
	"fmt"

	"tidewater/engine/org"
	"tidewater/engine/value"
)

// organise makes the people, units and zones of a plan, and a snapshot of them under their symbolic ids.
func organise(p *plan) (*Sample, *org.Snapshot, error) {
	s := &Sample{}
	zones := map[string]value.ID{"": ""}
	for _, z := range p.Zones {
		zones[z.Key] = value.ID(z.Key)
		if z.Record != "" {
			zones[z.Key] = value.ID(z.Record)
		}
		s.Zones = append(s.Zones, org.Zone{ID: zones[z.Key], Key: z.Key, Name: z.Name})
	}
	for _, u := range p.Units {
		zone, ok := zones[u.Zone]
		if !ok {
			return nil, nil, fmt.Errorf("sample: unit %s: no zone %s", u.Key, u.Zone)
		}
		s.Units = append(s.Units, org.Unit{
			ID: value.ID(u.Key), Name: u.Name, Parent: value.ID(u.Parent), Manager: value.ID(u.Manager), Zone: zone,
		})
	}
	for _, one := range p.People {
		user := org.User{
			ID: value.ID(one.Username), Username: one.Username, Name: one.Name, Unit: value.ID(one.Unit),
			Roles: one.Roles, Admin: one.Admin, Active: true, Locale: p.Locale, Email: one.Username + "@" + p.Mail,
		}
		for _, key := range one.Zones {
			zone, ok := zones[key]
			if !ok {
				return nil, nil, fmt.Errorf("sample: person %s: no zone %s", one.Username, key)
			}
			user.Zones = append(user.Zones, zone)
		}
		s.People = append(s.People, user)
	}
	snapshot, err := org.NewSnapshot(1, s.People, s.Units, s.Zones)
	if err != nil {
		return nil, nil, fmt.Errorf("sample: %w", err)
	}
	return s, snapshot, nil
}
