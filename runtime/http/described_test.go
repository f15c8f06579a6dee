package http

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tidewater/runtime/http/wire"
)

// TestEveryRouteIsDescribed holds the description of the API, from which clients are generated, against the routes.
func TestEveryRouteIsDescribed(t *testing.T) {
	described, err := wire.OpenAPI("1", nil)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for path, operations := range described["paths"].(map[string]any) {
		for verb := range operations.(map[string]any) {
			if verb != "parameters" {
				said = append(said, strings.ToUpper(verb)+" "+path)
			}
		}
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	served := map[string]bool{}
	for _, route := range New(Config{}).app.GetRoutes(true) {
		path, isAPI := strings.CutPrefix(route.Path, "/api/v1")
		if isAPI && route.Method != "HEAD" {
			served[route.Method+" "+parameter.ReplaceAllString(path, "{$1}")] = true
		}
	}
	slices.Sort(said)
	if have := slices.Sorted(maps.Keys(served)); !slices.Equal(have, said) {
		t.Errorf("served and described differ:\nserved    %s\ndescribed %s", strings.Join(have, "\n          "), strings.Join(said, "\n          "))
	}
}
