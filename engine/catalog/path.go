package catalog

import (
	"regexp"
	"strings"
)

const (
	maxPath  = 200 // bytes of a file's path in a bundle
	maxSteps = 6   // folders and the file itself
)

// goodStep is one step of a path: it begins with a letter or digit, so that neither "." nor "..", nor a
// hidden file, nor what a shell takes for an option is one.
var goodStep = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// KnownPath tells whether a bundle may have a file there. Whoever unpacks a bundle into a folder writes
// nowhere else, whatever the bundle says.
func KnownPath(path string) bool {
	steps := strings.Split(path, "/")
	if len(path) > maxPath || len(steps) > maxSteps {
		return false
	}
	for _, step := range steps {
		if !goodStep.MatchString(step) {
			return false
		}
	}
	_, ok := placeOf(path)
	return ok
}
