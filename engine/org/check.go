package org

import (
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// checker collects the faults of an organisation.
type checker struct {
	issues fault.Issues
	users  map[value.ID]User
	units  map[value.ID]Unit
	zones  map[value.ID]bool
}

func check(users []User, units []Unit, zones []Zone) error {
	c := &checker{
		users: make(map[value.ID]User, len(users)),
		units: make(map[value.ID]Unit, len(units)),
		zones: make(map[value.ID]bool, len(zones)),
	}
	c.names(users, units, zones)
	for i, u := range users {
		c.user(at("/users", i), u)
	}
	for i, u := range units {
		c.unit(at("/units", i), u)
	}
	c.standing(users, units)
	return c.issues.Fault("org.snapshot", "org.invalid")
}

// names takes all ids, so that what refers to them can be checked next.
func (c *checker) names(users []User, units []Unit, zones []Zone) {
	usernames, keys := make(map[string]bool), make(map[string]bool)
	for i, u := range users {
		_, double := c.users[u.ID]
		c.id(at("/users", i)+"/id", "org.userDuplicate", u.ID, double)
		c.users[u.ID] = u
		switch name := text.Fold(u.Username); {
		case name == "":
			c.issues.Add(at("/users", i)+"/username", "org.usernameRequired")
		case usernames[name]:
			c.issues.Add(at("/users", i)+"/username", "org.usernameDuplicate", "username", u.Username)
		default:
			usernames[name] = true
		}
	}
	for i, u := range units {
		_, double := c.units[u.ID]
		c.id(at("/units", i)+"/id", "org.unitDuplicate", u.ID, double)
		c.units[u.ID] = u
	}
	for i, z := range zones {
		c.id(at("/zones", i)+"/id", "org.zoneDuplicate", z.ID, c.zones[z.ID])
		c.zones[z.ID] = true
		if keys[z.Key] {
			c.issues.Add(at("/zones", i)+"/key", "org.zoneKeyDuplicate", "key", z.Key)
		}
		if z.Key == "" {
			c.issues.Add(at("/zones", i)+"/key", "org.zoneKeyRequired")
		}
		keys[z.Key] = z.Key != ""
	}
}

// id holds that an id is there and new; code is what a double one is called.
func (c *checker) id(path, code string, id value.ID, double bool) {
	switch {
	case id == "":
		c.issues.Add(path, "org.idRequired")
	case double:
		c.issues.Add(path, code, "id", id)
	}
}

func (c *checker) user(path string, u User) {
	c.refersToUnit(path+"/unit", u.Unit)
	c.refersToUser(path+"/manager", u.Manager)
	for i, zone := range u.Zones {
		c.refersToZone(at(path+"/zones", i), zone)
	}
	for i, away := range u.Away {
		if !value.ValidDay(away.From) || !value.ValidDay(away.To) || away.To < away.From {
			c.issues.Add(at(path+"/away", i), "org.away")
		}
		c.refersToUser(at(path+"/away", i)+"/deputy", away.Deputy)
		if away.Deputy != "" && away.Deputy == u.ID {
			c.issues.Add(at(path+"/away", i)+"/deputy", "org.ownDeputy")
		}
	}
}

func (c *checker) unit(path string, u Unit) {
	c.refersToUnit(path+"/parent", u.Parent)
	c.refersToUser(path+"/manager", u.Manager)
	for i, deputy := range u.Deputies {
		c.refersToUser(at(path+"/deputies", i), deputy)
	}
	c.refersToZone(path+"/zone", u.Zone)
}

// standing holds that nobody and no unit stands above itself, and that the tree is not too deep.
func (c *checker) standing(users []User, units []Unit) {
	people := make([]value.ID, len(users))
	for i, u := range users {
		people[i] = u.ID
	}
	places, ways := circles(people, func(id value.ID) value.ID { return c.users[id].Manager })
	for i, place := range places {
		c.issues.Add(at("/users", place)+"/manager", "org.managerCycle", "path", ways[i])
	}
	nodes := make([]value.ID, len(units))
	for i, u := range units {
		nodes[i] = u.ID
	}
	places, ways = circles(nodes, func(id value.ID) value.ID { return c.units[id].Parent })
	for i, place := range places {
		c.issues.Add(at("/units", place)+"/parent", "org.unitCycle", "path", ways[i])
	}
	if len(places) > 0 {
		return // no depth to measure
	}
	for i, id := range nodes {
		depth := 0
		for ; id != "" && depth <= MaxDepth; id = c.units[id].Parent {
			depth++
		}
		if depth > MaxDepth {
			c.issues.Add(at("/units", i)+"/parent", "org.unitTooDeep", "max", MaxDepth)
		}
	}
}

func (c *checker) refersToUser(path string, id value.ID) {
	if _, ok := c.users[id]; !ok && id != "" {
		c.issues.Add(path, "org.userMissing", "id", id)
	}
}

func (c *checker) refersToUnit(path string, id value.ID) {
	if _, ok := c.units[id]; !ok && id != "" {
		c.issues.Add(path, "org.unitMissing", "id", id)
	}
}

func (c *checker) refersToZone(path string, id value.ID) {
	if id != "" && !c.zones[id] {
		c.issues.Add(path, "org.zoneMissing", "id", id)
	}
}

// circles finds who stands above themselves, each circle once, as the way round from and to its member
// that was met first, and with that member's place in ids.
func circles(ids []value.ID, up func(value.ID) value.ID) (places []int, ways [][]string) {
	place := make(map[value.ID]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	// metOn says on whose walk upwards one was met, so that each is walked over once.
	metOn := make(map[value.ID]value.ID, len(ids))
	for _, start := range ids {
		if metOn[start] != "" {
			continue
		}
		at := start
		for at != "" && metOn[at] == "" {
			metOn[at] = start
			at = up(at)
		}
		if at == "" || metOn[at] != start {
			continue
		}
		way := []string{string(at)}
		for next := up(at); next != at; next = up(next) {
			way = append(way, string(next))
		}
		places = append(places, place[at])
		ways = append(ways, append(way, string(at)))
	}
	return places, ways
}

func at(path string, i int) string { return path + "/" + strconv.Itoa(i) }
