package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine/org"
)

// Whoever may claim and reads nothing is told of when metadata is checked: by name, while they are there.
func TestPeopleWhoMayClaimAndReadNothingAreToldOf(t *testing.T) {
	files := poolFiles("", "")
	files["pools/east.json"] = strings.Replace(files["pools/east.json"], `"claim": [`, `"claim": ["user:zoe", "user:max", "user:ann", `, 1)
	w := newDepot(t, files)
	told := func() string {
		t.Helper()
		checked, err := w.desk().Check(t.Context())
		must(t, err)
		var out []string
		for _, one := range checked.Warnings {
			if one.Code == "pool.blindClaim" {
				out = append(out, one.File+"#"+one.Path+" "+one.Args["people"].(string))
			}
		}
		return strings.Join(out, "\n")
	}
	if got := told(); got != "" {
		t.Errorf("all who may claim read: %s", got)
	}
	w.hire(
		org.User{ID: "zoe", Username: "zoe", Name: "Zoe", Active: true, Roles: []string{"nothing"}},
		org.User{ID: "max", Username: "max", Name: "Max", Active: false},
	)
	if got := told(); got != "pools/east.json#/rights/claim Zoe" {
		t.Errorf("told %q", got)
	}
}
