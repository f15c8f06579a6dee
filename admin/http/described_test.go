package http_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	adminhttp "tidewater/admin/http"
)

// TestAdministratorsGetTheirRoutesDescribed holds the description against the routes, and that nobody else
// is told of them.
func TestAdministratorsGetTheirRoutesDescribed(t *testing.T) {
	s := newSite(t)
	var said []string
	described := s.as("one", "admin").get("/openapi.json").is(200)
	paths, _ := described.at("paths").(object)
	for path, operations := range paths {
		if !strings.HasPrefix(path, "/admin/") {
			continue
		}
		for verb := range operations.(object) {
			said = append(said, strings.ToUpper(verb)+" "+path)
		}
	}
	var have []string
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, r := range adminhttp.Routes(adminhttp.Config{}) {
		have = append(have, r.Method+" "+strings.Replace(parameter.ReplaceAllString(r.Path, "{$1}"), "+", "{path}", 1))
	}
	slices.Sort(said)
	slices.Sort(have)
	if !slices.Equal(said, have) {
		t.Errorf("served and described differ:\nserved    %v\ndescribed %v", have, said)
	}
	// Whatever is referred to is there.
	schemas, _ := described.at("components", "schemas").(object)
	for _, name := range regexp.MustCompile(`#/components/schemas/([\w.]+)`).FindAllStringSubmatch(string(described.raw), -1) {
		if _, there := schemas[name[1]]; !there {
			t.Errorf("no schema %s", name[1])
		}
	}
	if got := s.as("one", "keeper").get("/openapi.json").is(200); strings.Contains(string(got.raw), "/admin/") {
		t.Error("somebody who is no administrator is told of their routes")
	}
}
