package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// grammar collects what keeps a document from being an OpenAPI 3.1 description that clients can be
// generated from.
type grammar struct {
	doc    map[string]any
	ids    map[string]string // operationId → where it stands
	faults []error
}

func checkGrammar(text []byte) error {
	g := &grammar{ids: map[string]string{}}
	if err := json.Unmarshal(text, &g.doc); err != nil {
		return err
	}
	g.keys("", g.doc, "openapi", "info", "servers", "security", "paths", "components")
	if version, _ := g.doc["openapi"].(string); !strings.HasPrefix(version, "3.1.") {
		g.say("/openapi", "%q is no 3.1", version)
	}
	info, _ := g.doc["info"].(map[string]any)
	if info["title"] == nil || info["version"] == nil {
		g.say("/info", "no title or no version")
	}
	paths, _ := g.doc["paths"].(map[string]any)
	if len(paths) == 0 {
		g.say("/paths", "there are none")
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, _ := paths[path].(map[string]any)
		g.path(path, item)
	}
	g.components()
	return errors.Join(g.faults...)
}

func (g *grammar) say(at, text string, args ...any) {
	g.faults = append(g.faults, fmt.Errorf("%s: "+text, append([]any{at}, args...)...))
}

// keys holds that an object has no other keys than these, and extensions.
func (g *grammar) keys(at string, in map[string]any, known ...string) {
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if !slices.Contains(known, key) && !strings.HasPrefix(key, "x-") {
			g.say(at, "knows no %s", key)
		}
	}
}

func (g *grammar) components() {
	components, _ := g.doc["components"].(map[string]any)
	g.keys("/components", components, "schemas", "responses", "securitySchemes")
	parts := func(kind string) map[string]any { part, _ := components[kind].(map[string]any); return part }
	named := regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)
	for _, kind := range []string{"schemas", "responses", "securitySchemes"} {
		for _, name := range slices.Sorted(maps.Keys(parts(kind))) {
			if !named.MatchString(name) {
				g.say("/components/"+kind, "%q is no name", name)
			}
		}
	}
	for name, schema := range parts("schemas") {
		g.schema("/components/schemas/"+name, schema)
	}
	for name, response := range parts("responses") {
		g.response("/components/responses/"+name, response)
	}
}

var inTemplate = regexp.MustCompile(`\{([^{}]*)\}`)

func (g *grammar) path(path string, item map[string]any) {
	g.keys("/paths"+path, item, append([]string{"parameters"}, methods...)...)
	if !strings.HasPrefix(path, "/") {
		g.say("/paths", "%q begins with no slash", path)
	}
	for _, method := range methods {
		op, ok := item[method].(map[string]any)
		if !ok {
			continue
		}
		at := method + " " + path
		g.keys(at, op, "operationId", "summary", "description", "tags", "parameters", "requestBody", "responses", "security", "deprecated")
		id, _ := op["operationId"].(string)
		if other, twice := g.ids[id]; twice || id == "" {
			g.say(at, "operationId %q is missing or that of %s", id, other)
		}
		g.ids[id] = at
		shared, _ := item["parameters"].([]any)
		own, _ := op["parameters"].([]any)
		g.parameters(at, path, append(slices.Clone(shared), own...))
		if body, ok := op["requestBody"].(map[string]any); ok {
			g.keys(at+" requestBody", body, "required", "description", "content")
			g.content(at+" requestBody", body["content"])
		}
		responses, _ := op["responses"].(map[string]any)
		if len(responses) == 0 {
			g.say(at, "no responses")
		}
		for status, response := range responses {
			if !regexp.MustCompile(`^([1-5][0-9][0-9]|default)$`).MatchString(status) {
				g.say(at, "%q is no status", status)
			}
			g.response(at+" "+status, response)
		}
	}
}

func (g *grammar) parameters(at, path string, list []any) {
	seen := map[string]bool{}
	for _, one := range list {
		p, _ := one.(map[string]any)
		name, _ := p["name"].(string)
		in, _ := p["in"].(string)
		g.keys(at+" parameter "+name, p, "name", "in", "required", "description", "schema")
		if seen[in+" "+name] || name == "" || !slices.Contains([]string{"path", "query", "header", "cookie"}, in) {
			g.say(at, "parameter %q in %q: no name, no place, or there twice", name, in)
		}
		seen[in+" "+name] = true
		if in == "path" && p["required"] != true {
			g.say(at, "parameter %s of the path must be required", name)
		}
		g.schema(at+" parameter "+name, p["schema"])
	}
	for _, found := range inTemplate.FindAllStringSubmatch(path, -1) {
		if !seen["path "+found[1]] {
			g.say(at, "{%s} is not among the parameters", found[1])
		}
		delete(seen, "path "+found[1])
	}
	for name := range seen {
		if strings.HasPrefix(name, "path ") {
			g.say(at, "%s is not in the template", name)
		}
	}
}

func (g *grammar) response(at string, in any) {
	response, _ := in.(map[string]any)
	if ref, ok := response["$ref"].(string); ok {
		g.ref(at, ref, "#/components/responses/")
		return
	}
	g.keys(at, response, "description", "headers", "content")
	if text, _ := response["description"].(string); text == "" {
		g.say(at, "no description")
	}
	headers, _ := response["headers"].(map[string]any)
	for name, header := range headers {
		h, _ := header.(map[string]any)
		g.keys(at+" "+name, h, "description", "required", "schema")
		g.schema(at+" "+name, h["schema"])
	}
	if response["content"] != nil {
		g.content(at, response["content"])
	}
}

func (g *grammar) content(at string, in any) {
	content, _ := in.(map[string]any)
	if len(content) == 0 {
		g.say(at, "no content")
	}
	for name, one := range content {
		media, _ := one.(map[string]any)
		g.keys(at+" "+name, media, "schema")
		g.schema(at+" "+name, media["schema"])
	}
}

// keywords of JSON Schema 2020-12 that descriptions use.
var keywords = []string{
	"$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "oneOf", "format",
	"description", "default", "examples", "readOnly", "writeOnly", "contentMediaType", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum",
}

// schema holds that a schema is one, that its references lead somewhere, and that it says what its
// objects and lists hold.
func (g *grammar) schema(at string, in any) {
	if _, always := in.(bool); always {
		return
	}
	schema, ok := in.(map[string]any)
	if !ok {
		g.say(at, "no schema")
		return
	}
	g.keys(at, schema, keywords...)
	if ref, ok := schema["$ref"].(string); ok {
		g.ref(at, ref, inDescription)
	}
	properties, _ := schema["properties"].(map[string]any)
	if schema["type"] == "object" && properties == nil && schema["additionalProperties"] == nil && schema["x-schema"] == nil {
		g.say(at, "does not say what the object holds")
	}
	if schema["type"] == "array" && schema["items"] == nil {
		g.say(at, "does not say what the list holds")
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if text, _ := name.(string); properties[text] == nil {
			g.say(at, "requires %v, which it does not describe", name)
		}
	}
	for name, part := range properties {
		g.schema(at+"/"+name, part)
	}
	for _, key := range schemaAlone {
		if part, ok := schema[key]; ok {
			g.schema(at+"/"+key, part)
		}
	}
	for _, key := range schemaLists {
		parts, _ := schema[key].([]any)
		for _, part := range parts {
			g.schema(at+"/"+key, part)
		}
	}
}

func (g *grammar) ref(at, ref, below string) {
	name, ok := strings.CutPrefix(ref, below)
	components, _ := g.doc["components"].(map[string]any)
	kind := strings.Split(below, "/")[2]
	parts, _ := components[kind].(map[string]any)
	if !ok || parts[name] == nil {
		g.say(at, "%s leads nowhere", ref)
	}
}
