package catalog

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"tidewater/engine/fault"
)

// Bundle is an app's metadata as files: path with forward slashes → content.
type Bundle map[string][]byte

// maxFile bounds one file of a bundle, in bytes.
const maxFile = 4 << 20

// LoadFS reads a bundle from a folder. A file too large is a TooLarge fault.
func LoadFS(fsys fs.FS) (Bundle, error) {
	bundle := Bundle{}
	err := fs.WalkDir(fsys, ".", func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		data, err := fs.ReadFile(fsys, at)
		if err != nil {
			return err
		}
		if len(data) > maxFile {
			return fault.New(fault.TooLarge, "file.tooLarge").At(at).With("max", maxFile)
		}
		bundle[at] = data
		return nil
	})
	if err != nil {
		return nil, fault.Wrap("catalog.load", err)
	}
	return bundle, nil
}

// paths lists the bundle's files, sorted.
func (b Bundle) paths() []string { return slices.Sorted(maps.Keys(b)) }

// place is what a path says about its file.
type place struct {
	kind string // of places; "" for what this package does not read
	form string
	key  string // the file's name without its ending
}

// places are the files that a bundle may have; * stands for a name. The first that fits counts.
var places = []struct{ pattern, kind string }{
	{"app.json", "app"},
	{"roles/*.json", "role"},
	{"tables/*.test.json", "test"},
	{"tables/*.json", "table"},
	{"dashboards/*.json", "dashboard"},
	{"pools/*.json", "pool"},
	{"flows/*.json", "flow"},
	{"jobs/*.json", "job"},
	{"forms/*/form.json", "form"},
	{"forms/*/form.test.json", "test"},
	{"forms/*/views/*.json", "view"},
	{"forms/*/rules/*.test.json", "test"},
	{"forms/*/rules/*.json", "rule"},
	{"forms/*/scripts/*.test.json", "test"},
	{"forms/*/scripts/*.json", "script"},
	{"forms/*/scripts/*.lua", "lua"},
	{"forms/*/prints/*.json", "print"},
	{"forms/*/prints/*.html", "page"},
	{"forms/*/prints/*.png", "image"},
	{"forms/*/prints/*.jpg", "image"},
}

// others are the folders whose files belong to a bundle and are read by others.
var others = []string{"labels", "demo", "scenarios"}

// placeOf reads a path; ok is false for one that no bundle has.
func placeOf(file string) (p place, ok bool) {
	parts := strings.Split(file, "/")
	for _, known := range places {
		if fits, err := path.Match(known.pattern, file); err != nil || !fits {
			continue
		}
		p.kind = known.kind
		if _, ending, named := strings.Cut(path.Base(known.pattern), "*"); named {
			p.key = strings.TrimSuffix(parts[len(parts)-1], ending)
		}
		if parts[0] == "forms" {
			p.form = parts[1]
		}
		return p, true
	}
	return place{}, len(parts) > 1 && slices.Contains(others, parts[0])
}
