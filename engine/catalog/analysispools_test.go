package catalog_test

import (
	"strings"
	"testing"

	"tidewater/engine/catalog"
)

// Pools of the sample app whose conditions, days and neighbours are told, or refused.
func TestPoolsThatCannotBeMeant(t *testing.T) {
	pool := func(key, when, more string) string {
		return `{"key": "` + key + `", "form": "asset", "label": {"zh-CN": "` + key + `", "en": "` + key + `"}, "when": "` + when + `", "tier": "tier", "rights": {}` + more + `}`
	}
	days := func(rows, more string) string {
		return `{"key": "spare", "label": {"zh-CN": "x", "en": "x"}, "hit": "first", "inputs": [{"key": "tier", "label": {"zh-CN": "x", "en": "x"}, "type": "option", "of": "asset.tier", "optional": true}],
			"outputs": [{"key": "days", "label": {"zh-CN": "x", "en": "x"}, "type": "integer"}], "rows": [` + rows + `]` + more + `}`
	}
	rule := func(days, more string) string {
		return `, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": "` + days + `"` + more + `}]`
	}
	for name, c := range map[string]struct {
		files        map[string]string
		issues, told string // substrings; "" for none
	}{
		"two of one priority that could take the same": {map[string]string{
			"pools/a.json": pool("a", "tier == 'A'", `, "priority": 5`), "pools/b.json": pool("b", "tier in ['A', 'B']", `, "priority": 5`),
		}, "pools/b.json#/priority pool.rivals", ""},
		"two of one priority that take different ones": {map[string]string{
			"pools/a.json": pool("a", "tier == 'A'", `, "priority": 5`), "pools/b.json": pool("b", "tier == 'B'", `, "priority": 5`),
		}, "", ""},
		"two of different priorities": {map[string]string{
			"pools/a.json": pool("a", "tier == 'A'", `, "priority": 5`), "pools/b.json": pool("b", "tier == 'A'", `, "priority": 6`),
		}, "", ""},
		"a condition that never holds": {map[string]string{"pools/a.json": pool("a", "tier == 'Z'", "")}, "", "pools/a.json#/when:1:1 expr.neverTrue"},
		"a hold that never excludes":   {map[string]string{"pools/a.json": pool("a", "tier == 'A'", `, "hold": {"max": 3, "excludes": "tier == 'A' and tier == 'B'"}`)}, "", "pools/a.json#/hold/excludes:1:1 expr.neverTrue"},
		"a rule for nobody":            {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("7", `, "when": "tier == 'Z'"`))}, "", "pools/a.json#/reclaim/0/when:1:1 expr.neverTrue"},
		"an exemption of everybody": {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("7", `, "exempt": ["locked", "tier == nil or tier != nil"]`))}, "",
			"pools/a.json#/reclaim/0/exempt/1:1:1 expr.alwaysTrue"},
		"days below none": {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("spare(tier).days", "")), "tables/spare.json": days(`{"when": {"tier": "A"}, "then": {"days": -1}}, {"then": {"days": 5}}`, "")},
			"pools/a.json#/reclaim/0/days field.min", ""},
		"a reminder after its deadline": {map[string]string{
			"pools/a.json":      pool("a", "tier == 'A'", rule("spare(tier).days", `, "remind": [{"before": 5, "to": ["owner"]}, {"before": 6, "to": ["owner"]}]`)),
			"tables/spare.json": days(`{"when": {"tier": "A"}, "then": {"days": 5}}, {"then": {"days": 30}}`, ""),
		}, "pools/a.json#/reclaim/0/remind/1/before field.max", ""},
		"a reminder after a number of days": {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("4", `, "remind": [{"before": 5, "to": ["owner"]}]`))},
			"pools/a.json#/reclaim/0/remind/0/before field.max", ""},
		"a tier that has no days": {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("spare(tier).days", "")), "tables/spare.json": days(`{"when": {"tier": "A"}, "then": {"days": 5}}`, `, "otherwise": {"absent": true}`)},
			"", "pools/a.json#/reclaim/0/days pool.tierUncovered"},
		"a tier that no rule is for": {map[string]string{"pools/a.json": pool("a", "name != nil", rule("7", `, "when": "tier != 'B'"`))},
			"", "pools/a.json#/reclaim pool.tierNoRule map[tier:map[en:Tier B zh-CN:B级]]"},
		"tiers shared out among rules": {map[string]string{"pools/a.json": pool("a", "name != nil", `, "reclaim": [
			{"id": "one", "when": "tier == 'A'", "clock": "assignedAt", "days": "7"}, {"id": "rest", "when": "tier != 'A'", "clock": "assignedAt", "days": "9"}]`)}, "", ""},
		"a tier that its pool never has": {map[string]string{"pools/a.json": pool("a", "tier in ['A', 'C']", rule("7", `, "when": "tier != 'B'"`))}, "", ""},
		"a tier to which days are nothing": {map[string]string{"pools/a.json": pool("a", "name != nil", rule("tier == 'A' ? 7 : tier == 'B' ? 15 : nil", ""))},
			"", "pools/a.json#/reclaim pool.tierNoRule map[tier:map[en:Tier C zh-CN:C级]]"},
		"days by more than the tier": {map[string]string{"pools/a.json": pool("a", "name != nil", rule("tier == 'A' or name == 'x' ? 7 : nil", ""))}, "", ""},
		"a way to days below none": {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("tier == 'A' ? -1 : 15", ""))},
			"pools/a.json#/reclaim/0/days field.min", ""},
		"a reminder after the fewest days": {map[string]string{
			"pools/a.json": pool("a", "tier == 'A'", rule("tier == 'A' ? 7 : tier == 'B' ? 15 : 30", `, "remind": [{"before": 7, "to": ["owner"]}, {"before": 8, "to": ["owner"]}]`)),
		}, "pools/a.json#/reclaim/0/remind/1/before field.max", ""},
		"a target that is no pool of the form": {map[string]string{
			"pools/a.json": pool("a", "tier == 'A'", rule("7", `, "target": "z"`)),
			"pools/z.json": `{"key": "z", "form": "place", "label": {"zh-CN": "z", "en": "z"}, "when": "name != nil", "rights": {}}`,
			"forms/place/form.json": strings.Replace(string(bundle(t, nil)["forms/place/form.json"]), `"type": "object",`,
				`"type": "object", "x-holders": {"owner": "keeper"},`, 1),
		}, "pools/a.json#/reclaim/0/target meta.reference", ""},
		"days that are reckoned": {map[string]string{"pools/a.json": pool("a", "tier == 'A'", rule("spare(tier).days - spare(tier).days", `, "remind": [{"before": 90, "to": ["owner"]}]`)), "tables/spare.json": days(`{"then": {"days": -5}}`, "")},
			"", ""},
		"who may claim and reads nothing": {map[string]string{
			"pools/a.json":     strings.Replace(pool("a", "tier == 'A'", ""), `"rights": {}`, `"rights": {"claim": [{"all": ["zone:east", "role:blind"]}]}`, 1),
			"roles/blind.json": `{"key": "blind", "label": {"zh-CN": "x", "en": "x"}, "forms": {}}`,
		}, "pools/a.json#/rights/claim/0 meta.menu", ""},
	} {
		t.Run(name, func(t *testing.T) {
			compiled, issues := catalog.Compile(bundle(t, c.files))
			var kept []string
			for _, line := range strings.Split(said(issues), "\n") {
				if !strings.Contains(line, "meta.notAvailable") && line != "" { // reminders, while nothing sends them
					kept = append(kept, line)
				}
			}
			got := strings.Join(kept, "\n")
			if (c.issues == "") != (got == "") || !strings.Contains(got, c.issues) {
				t.Fatalf("issues %q, want %q", got, c.issues)
			}
			if compiled == nil {
				return
			}
			told := said(compiled.Warnings)
			if (c.told == "") != !strings.Contains(told, "pools/") || !strings.Contains(told, c.told) {
				t.Errorf("told %q, want %q", told, c.told)
			}
		})
	}
}

// Checks and conditions over what a role that writes does not see are told: they would decide out of its sight.
func TestRulesOverWhatAWriterDoesNotSee(t *testing.T) {
	form := withRules(`"name"`, `name != 'x' or tier == 'A'`, text("name", `"x-field": "text"`)+choices("")+last("why", `"x-field": "text", "x-requiredIf": "tier == 'A'"`))
	role := func(rights string) string {
		return `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {"asset": {"read": {"scope": "all"}}, "place": {` + rights + `, "fields": {"tier": "masked"}}}}`
	}
	for rights, want := range map[string]string{
		`"create": true, "read": {"scope": "all"}`: `roles/keeper.json#/forms/place/fields/tier meta.checkUnseen map[field:map[en:x zh-CN:x] rule:one]
roles/keeper.json#/forms/place/fields/tier meta.conditionUnseen map[condition:x-requiredIf field:map[en:x zh-CN:x] of:map[en:x zh-CN:x]]`,
		`"read": {"scope": "all"}`: "",
	} {
		compiled, issues := catalog.Compile(bundle(t, map[string]string{"forms/place/form.json": form, "roles/keeper.json": role(rights)}))
		if len(issues) > 0 {
			t.Fatal(said(issues))
		}
		if got := sortedLines(said(compiled.Warnings)); got != want {
			t.Errorf("%s: %s, want %s", rights, got, want)
		}
	}
}

// Hooks that set each other off in a circle are told where their text shows it.
func TestCirclesOfHooks(t *testing.T) {
	hook := func(form, on string) string {
		return `{"key": "h", "form": "` + form + `", "label": {"zh-CN": "x", "en": "x"}, "kind": "hook", "hook": {"on": ["` + on + `"]}}`
	}
	for name, c := range map[string]struct{ asset, place, on, want string }{
		"there and back":        {`update("place", record.place, {name = "x"})`, `update ( 'asset', "a", {})`, "beforeUpdate", "script.circle map[path:asset/h → place/h → asset/h]"},
		"to another of its own": {`create("asset", {})`, "", "beforeUpdate", ""},
		"to itself":             {`update("asset", "a", {})`, "", "beforeUpdate", "script.circle map[path:asset/h → asset/h]"},
		"one way":               {`update("place", record.place, {})`, `log("asset")`, "beforeUpdate", ""},
		"in a comment":          {`update("place", "p", {}) -- update("asset"`, "--[[ update(\"asset\", \"a\", {})\n ]] local x = 1", "beforeUpdate", ""},
		"another moment":        {`update("place", "p", {})`, `create("asset", {})`, "beforeUpdate", ""},
		"a button":              {`act("place", record.place, "press")`, "", "beforeUpdate", ""},
		"a making":              {`create("place", {})`, `create("asset", {})`, "beforeCreate", "script.circle map[path:asset/h → place/h → asset/h]"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"forms/asset/scripts/h.json": hook("asset", c.on), "forms/asset/scripts/h.lua": c.asset}
			if c.place != "" {
				files["forms/place/scripts/h.json"], files["forms/place/scripts/h.lua"] = hook("place", c.on), c.place
			}
			compiled, issues := catalog.Compile(bundle(t, files))
			if len(issues) > 0 {
				t.Fatal(said(issues))
			}
			got := said(compiled.Warnings)
			if !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "script.circle") || strings.Count(got, "script.circle") > 1 {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

// A widget whose condition decides nothing is told as a view's is.
func TestConditionsOfWidgetsAreLookedThrough(t *testing.T) {
	compiled, issues := catalog.Compile(bundle(t, map[string]string{
		"dashboards/start.json": `{"key": "start", "label": {"zh-CN": "x", "en": "x"}, "widgets": [` + widget("a", "figure", `"filter": "tier == 'A' and tier == 'B'"`) + `]}`,
	}))
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	if got := said(compiled.Warnings); !strings.Contains(got, "dashboards/start.json#/widgets/0/filter:1:1 expr.neverTrue") {
		t.Errorf("told %q", got)
	}
}
