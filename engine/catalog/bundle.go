package catalog

import (
	"io/fs"
	"maps"
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
	err := fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		if len(data) > maxFile {
			return fault.New(fault.TooLarge, "file.tooLarge").At(path).With("max", maxFile)
		}
		bundle[path] = data
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
	kind string // app, form, view, rule, role, dashboard; "" for what this package does not read
	form string
	key  string // of the view, rule, role or dashboard
}

// others are the folders whose files belong to a bundle and are read by others.
var others = []string{"labels", "demo", "scenarios", "pools", "flows", "jobs"}

// placeOf reads a path; ok is false for one that no bundle has.
func placeOf(path string) (p place, ok bool) {
	parts := strings.Split(path, "/")
	last, isJSON := strings.CutSuffix(parts[len(parts)-1], ".json")
	switch {
	case path == "app.json":
		return place{kind: "app"}, true
	case len(parts) == 2 && parts[0] == "roles" && isJSON:
		return place{kind: "role", key: last}, true
	case len(parts) == 2 && parts[0] == "dashboards" && isJSON:
		return place{kind: "dashboard", key: last}, true
	case len(parts) == 3 && parts[0] == "forms" && parts[2] == "form.json":
		return place{kind: "form", form: parts[1]}, true
	case len(parts) == 4 && parts[0] == "forms" && parts[2] == "views" && isJSON:
		return place{kind: "view", form: parts[1], key: last}, true
	case len(parts) == 4 && parts[0] == "forms" && parts[2] == "rules" && isJSON:
		return place{kind: "rule", form: parts[1], key: last}, true
	case len(parts) >= 4 && parts[0] == "forms" && (parts[2] == "scripts" || parts[2] == "prints"):
		return place{}, true
	}
	return place{}, slices.Contains(others, parts[0])
}
