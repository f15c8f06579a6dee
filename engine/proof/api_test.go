package proof_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/message"
	"tidewater/engine/proof"
	"tidewater/engine/script"
)

// Each function that scripts may call is shown with a whole script, which comes to what is said of it.
func TestTheExamplesOfScriptFunctionsRun(t *testing.T) {
	box := newBox(t)
	for _, f := range script.API() {
		t.Run(f.Name, func(t *testing.T) {
			if !strings.Contains(f.Example, f.Name+"(") || f.Shows == "" || !json.Valid([]byte(f.Shows)) {
				t.Fatalf("its example is %q, which shows %q", f.Example, f.Shows)
			}
			given := `{"now": "2026-03-31T04:00:00Z", "record": {"name": "saw", "price": "150.00"}, "people": [{"id": "ann", "manager": "bea"}, {"id": "bea"}], ` + loans + `,
				"http": [{"url": "https://rates.example/today", "body": "{\"rate\": 7.15}"}]}`
			b := outgoing(f.Example, "hook", `{"name": "shown", "given": `+given+`, "expect": `+f.Shows+`}`)
			issues, err := proof.HoldScripts(t.Context(), box, compiled(t, b))
			if err != nil || len(issues) > 0 {
				t.Errorf("%s\nis said to come to %s: %v %v", f.Example, f.Shows, issues, err)
			}
			// It would come to something else if it were left out.
			idle := outgoing(`-- nothing`, "hook", `{"name": "shown", "given": `+given+`, "expect": `+f.Shows+`}`)
			if issues, err := proof.HoldScripts(t.Context(), box, compiled(t, idle)); err != nil || len(issues) == 0 {
				t.Errorf("%s is also what nothing comes to (%v)", f.Shows, err)
			}
		})
	}
}

// outgoing is scripted with a hook that may reach other hosts where it does.
func outgoing(hook, of, cases string) catalog.Bundle {
	b := scripted(hook, `-- nothing`, of, cases)
	if strings.Contains(hook, "http(") || strings.Contains(hook, "send(") {
		def := string(b["forms/loan/scripts/hook.json"])
		b["forms/loan/scripts/hook.json"] = []byte(strings.Replace(def, `"hook": {"on": ["beforeCreate", "beforeUpdate"]}`, `"http": true, "hook": {"on": ["afterCreate"]}`, 1))
	}
	return b
}

// The written manual is that of the table; UPDATE_GOLDEN=1 writes it anew.
func TestTheManualOfScriptsIsOfTheTable(t *testing.T) {
	texts, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range message.Locales() {
		path, want := "../script/api."+locale+".md", scriptManual(t, texts, locale)
		if os.Getenv("UPDATE_GOLDEN") == "1" {
			if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil || string(have) != want {
			t.Errorf("%s is not what the table says (%v): run this test with UPDATE_GOLDEN=1", path, err)
		}
	}
}

// scriptManual writes the functions for people.
func scriptManual(t *testing.T, texts *message.Catalog, locale string) string {
	t.Helper()
	say := func(code string) string {
		if !texts.Knows(code) {
			t.Errorf("no text %s", code)
		}
		return texts.Text(locale, code, nil)
	}
	var b strings.Builder
	b.WriteString("# " + say("manual.script") + "\n")
	for _, f := range script.API() {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n```lua\n%s\n```\n\n%s: `%s`\n", f.Usage, say(f.HelpCode()), f.Example, say("manual.shows"), f.Shows)
	}
	return b.String()
}
