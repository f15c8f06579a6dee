package proof_test

import (
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/proof"
)

// roled is an app whose keepers read what is theirs without its price, write no tier, and do not hear of sites.
func roled(hook, cases, formCases string) map[string]string {
	const own = `{"scope": "own"}`
	loan := strings.Replace(string(bundle(nil)["forms/loan/form.json"]), `"x-title": "name", "properties": {`,
		`"x-title": "name", "x-holders": {"owner": "by"}, "x-rules": [{"key": "cheap", "check": "(price ?? 0) < 900", "message": `+label+`, "fields": ["price"]}],
		"properties": {"by": {"x-field": "member", "x-label": `+label+`}, `, 1)
	return map[string]string{
		"forms/loan/form.json":              loan,
		"forms/site/form.json":              `{"type": "object", "x-form": "site", "x-label": ` + label + `, "x-title": "name", "properties": {"name": {"x-field": "text", "x-label": ` + label + `}}}`,
		"roles/keeper.json":                 `{"key": "keeper", "label": ` + label + `, "forms": {"loan": {"create": true, "read": ` + own + `, "update": ` + own + `, "fields": {"price": "hidden", "fee": "hidden", "tier": "readOnly"}}}}`,
		"forms/loan/form.test.json":         `{"cases": [` + formCases + `]}`,
		"forms/loan/scripts/hook.json":      `{"key": "hook", "form": "loan", "label": ` + label + `, "kind": "hook", "hook": {"on": ["beforeCreate", "beforeUpdate"]}}`,
		"forms/loan/scripts/hook.lua":       hook,
		"forms/loan/scripts/hook.test.json": `{"cases": [` + cases + `]}`,
	}
}

const kim = `"access": true, "actor": {"id": "kim", "roles": ["keeper"]}`

// A script under an actor who may not see a field gets it nowhere: not in the record, not in another one, not by a
// filter, an order or a sum; and it sets nothing that the actor may not.
func TestAScriptSeesWhatItsActorSees(t *testing.T) {
	const (
		others  = `, "records": {"loan": [{"id": "l1", "name": "saw", "price": "150.00", "by": {"id": "kim"}}, {"id": "l2", "name": "axe", "price": "50.00", "by": {"id": "ann"}}]}`
		changed = `"record": {"name": "saw", "price": "150.00", "by": {"id": "kim"}}, "old": {"name": "old", "price": "150.00", "by": {"id": "kim"}}` + others
		made    = `"record": {"name": "saw", "price": "150.00", "by": {"id": "kim"}}` + others
		failed  = `{"issues": [{"code": "script.failed"}]}`
	)
	for name, it := range map[string]struct{ hook, given, expect string }{
		"everything, where nobody asks for less": {`record.why = tostring(record.price) .. #query("loan")`, changed + `, "actor": {"id": "kim", "roles": ["keeper"]}`, `{"values": {"why": "150.002"}}`},
		"not the record's own":                   {`record.why = tostring(record.price) .. tostring(old.price) .. record.name`, changed + `, ` + kim, `{"values": {"why": "nilnilsaw"}}`},
		"nor that of a new one":                  {`record.why = tostring(record.price) .. record.name`, made + `, ` + kim, `{"values": {"why": "nilsaw"}}`},
		"nor another's":                          {`record.why = tostring(get("loan", "l1").price) .. tostring(get_many("loan", {"l1", "l2"}).l1.price)`, changed + `, ` + kim, `{"values": {"why": "nilnil"}}`},
		"no record that is somebody else's":      {`record.why = tostring(get("loan", "l2")) .. tostring(get_many("loan", {"l2"}).l2) .. #query("loan")`, changed + `, ` + kim, `{"values": {"why": "nilnil1"}}`},
		"no figure of others":                    {`record.why = tostring(aggregate("loan", {metrics = {{op = "count"}}})[1].metrics[1])`, changed + `, ` + kim, `{"values": {"why": "1"}}`},
		"no filter by it":                        {`query("loan", {filter = "price == 150"})`, changed + `, ` + kim, failed},
		"no order by it":                         {`query("loan", {sort = "-price"})`, changed + `, ` + kim, failed},
		"no sum of it":                           {`aggregate("loan", {metrics = {{op = "sum", field = "price"}}})`, changed + `, ` + kim, failed},
		"no group of it":                         {`aggregate("loan", {group = {{field = "price"}}, metrics = {{op = "count"}}})`, changed + `, ` + kim, failed},
		"a form out of sight is none":            {`query("site")`, changed + `, ` + kim, failed},
		"a hidden field is not set":              {`record.price = decimal("1.00")`, changed + `, ` + kim, `{"issues": [{"path": "/values", "code": "record.unseenInvalid"}]}`},
		"one that is only read is not set":       {`record.tier = "A"`, changed + `, ` + kim, `{"issues": [{"path": "/values/tier", "code": "field.readOnly"}]}`},
		"what may be set is":                     {`record.why = "so"`, changed + `, ` + kim, `{"values": {"why": "so"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			files := roled(it.hook, `{"name": "x", "given": {`+it.given+`}, "expect": `+it.expect+`}`, ``)
			files["forms/loan/form.test.json"] = ""
			if got := heldScripts(t, bundle(files)); len(got) > 0 {
				t.Error(strings.Join(got, "\n"))
			}
		})
	}
}

// A rule over a field that its actor does not see is held all the same, and says of it only that something is wrong.
func TestARuleIsHeardAsItsActorHearsIt(t *testing.T) {
	const dear = `"record": {"name": "saw", "tier": "C", "price": "950.00", "by": {"id": "kim"}}, "old": {"name": "old", "tier": "C", "price": "950.00", "by": {"id": "kim"}}`
	for name, it := range map[string]struct{ given, expect, want string }{
		"whoever sees it hears where":       {`{` + dear + `}`, `{"issues": [{"path": "/values/price", "code": "rule.invalid"}]}`, ``},
		"others hear that it is":            {`{` + dear + `, ` + kim + `}`, `{"issues": [{"path": "/values", "code": "rule.invalid"}], "values": {"price": null, "fee": null, "name": "saw"}}`, ``},
		"a field that is hidden is unknown": {`{` + dear + `, ` + kim + `}`, `{"issues": [{"path": "/values", "code": "rule.invalid"}], "fields": {"price": {"required": false}}}`, `/cases/0/expect/fields/price field.unknown`},
		"a manager who is not there":        {`{"record": {"name": "saw"}, "access": true, "actor": {"id": "kim", "roles": ["keeper"]}, "people": [{"id": "ann", "manager": "bea"}]}`, `{}`, `/cases/0/given/people`},
		"people who matter to nobody":       {`{"record": {"name": "saw"}, "people": [{"id": "ann"}]}`, `{}`, `/cases/0/given/people test.unsuited`},
		"no such role":                      {`{"record": {"name": "saw"}, "access": true, "actor": {"id": "kim", "roles": ["kepper"]}}`, `{}`, `/cases/0/given/actor/roles/0 meta.reference`},
		"nobody's rights":                   {`{"record": {"name": "saw"}, "access": true}`, `{}`, `/cases/0/given/actor/roles meta.missing`},
	} {
		t.Run(name, func(t *testing.T) {
			files := roled(`-- nothing`, ``, `{"name": "x", "given": `+it.given+`, "expect": `+it.expect+`}`)
			files["forms/loan/scripts/hook.test.json"] = ""
			if told := strings.Join(held(t, bundle(files)), "\n"); it.want == "" && told != "" || !strings.Contains(told, it.want) {
				t.Errorf("%s", told)
			}
		})
	}
}

// Where nothing depends on who sees what, asking for it proves nothing.
func TestSightIsUnsuitedToTables(t *testing.T) {
	b := bundle(map[string]string{"tables/fees.test.json": `{"cases": [{"name": "A", "given": {"args": {"tier": "A"}, ` + kim + `}, "expect": {}}]}`})
	if told := strings.Join(held(t, b), "\n"); !strings.Contains(told, "/cases/0/given/access test.unsuited") {
		t.Error(told)
	}
}

func held(t *testing.T, b catalog.Bundle) []string {
	t.Helper()
	var out []string
	for _, one := range proof.Hold(compiled(t, b)) {
		out = append(out, one.Error())
	}
	return out
}
