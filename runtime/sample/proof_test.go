package sample_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/catalog"
	"tidewater/engine/proof"
	"tidewater/engine/script"
	"tidewater/engine/script/scripttest"
)

// TestMain lets this test binary be the worker that the apps' scripts run in.
func TestMain(m *testing.M) { scripttest.Main(m) }

func newBox(t *testing.T) *script.Box {
	t.Helper()
	return scripttest.Pool(t, time.Now).Box("apps")
}

// TestTheTestsOfTheBuiltinApps runs them as publishing does. They leave no row, branch or line untried, and
// notice each changed number and comparison.
func TestTheTestsOfTheBuiltinApps(t *testing.T) {
	folder, err := fs.Sub(builtinapps.FS, "crm")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := catalog.LoadFS(folder)
	if err != nil {
		t.Fatal(err)
	}
	compiled, issues := catalog.Compile(bundle)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	report, err := proof.Run(t.Context(), newBox(t), bundle, compiled, true, func() bool { return t.Context().Err() != nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Suites) < 3 || len(report.Untested) > 0 {
		t.Errorf("%d files of tests; without any: %v", len(report.Suites), report.Untested)
	}
	for _, s := range report.Suites {
		if len(s.Failed) > 0 {
			t.Errorf("%s fails: %+v", s.File, s.Failed)
		}
		key := strings.TrimSuffix(path.Base(s.File), ".test.json")
		_, keptUp := compiled.Upkept(catalog.UpkeepTable, key) // what people change is held to no one number
		if len(s.Missed) > 0 || len(s.Survived) > 0 || s.Mutants == 0 && !keptUp {
			t.Errorf("%s: missed %+v, survived %+v of %d", s.File, s.Missed, s.Survived, s.Mutants)
		}
		t.Logf("%s: %d cases, %d of %d ways missed, %d of %d mutants survived", s.File, s.Cases, len(s.Missed), s.Ways, len(s.Survived), s.Mutants)
	}
}
