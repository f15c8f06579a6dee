package record_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/value"
)

// TestDefinitionsNameNothingHidden: what a form shows depends on fields that a clerk does not see, and the
// catalog does not say so to them.
func TestDefinitionsNameNothingHidden(t *testing.T) {
	s := newScene(t, secrets()[0])
	definitions := func(who value.Actor) string {
		text, err := json.Marshal(s.CatalogFor(who).Forms)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if all := definitions(s.lib); !strings.Contains(all, `"x-visibleIf":"(cost ??`) || !strings.Contains(all, `"x-requiredIf":"cost ==`) {
		t.Errorf("a librarian sees the conditions: %s", all)
	}
	seen := definitions(s.cat)
	if strings.Contains(seen, "cost") {
		t.Errorf("a clerk reads of the cost: %s", seen)
	}
	if !strings.Contains(seen, `"x-compute":"sum(copies`) || !strings.Contains(seen, `"x-readOnlyIf":"grade ==`) {
		t.Errorf("a clerk reads what they may: %s", seen)
	}
}

// TestATabWithoutContentIsNotShown: whoever sees no field of a section sees neither it nor the tab that it stands on.
func TestATabWithoutContentIsNotShown(t *testing.T) {
	s := newScene(t, secrets()[0])
	tabs := func(who value.Actor) (out []string) {
		for _, form := range s.CatalogFor(who).Forms {
			if form.Key != "book" {
				continue
			}
			for _, tab := range form.Tabs {
				out = append(out, tab.Key)
			}
			for _, section := range form.Sections {
				out = append(out, section.Key+" on "+section.Tab)
			}
		}
		return out
	}
	if all := tabs(s.lib); !slices.Equal(all, []string{"care", "purse", "place on care", "money on purse"}) {
		t.Errorf("a librarian sees %v", all)
	}
	if seen := tabs(s.cat); !slices.Equal(seen, []string{"care", "place on care"}) {
		t.Errorf("a clerk sees %v", seen)
	}
}

// TestTheCatalogSaysWhoseTheAppIs: to everybody who comes in, whatever else they may see.
func TestTheCatalogSaysWhoseTheAppIs(t *testing.T) {
	s := newScene(t, secrets()[0])
	for _, who := range []value.Actor{s.lib, s.cat} {
		if brand := s.CatalogFor(who).Brand; brand == nil || brand.Name["zh-CN"] != "城市图书馆" || brand.Accent != "#0b6777" {
			t.Errorf("%s reads %+v", who.User, brand)
		}
	}
}
