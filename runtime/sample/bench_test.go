package sample_test

import (
	"io/fs"
	"testing"

	builtinapps "tidewater/builtin-apps"
	"tidewater/runtime/sample"
)

// BenchmarkGenerate makes the whole demo company: what the first start of a demo waits for beside writing.
func BenchmarkGenerate(b *testing.B) {
	plan, err := fs.Sub(builtinapps.FS, "crm/demo")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := sample.Generate(plan, 1, today); err != nil {
			b.Fatal(err)
		}
	}
}
