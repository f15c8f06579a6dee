package wire

import (
	_ "embed" // for api.json
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/fault"
)

// Form is a form as its callers may use it.
type Form struct {
	Key, Label                   string
	Shown, Sent                  map[string]any // JSON Schema of each field, in answers and in requests
	Create, Read, Update, Delete bool
}

// object is a JSON object in the making.
type object = map[string]any

// api.json describes the routes that every tenant has. The web apps' types are generated from it.
//
//go:embed api.json
var api []byte

// OpenAPI returns an OpenAPI 3.1 description of the API: the routes that every tenant has, and those of
// these forms with what their records hold. Each of more is a JSON object with further paths and schemas.
func OpenAPI(version string, forms []Form, more ...[]byte) (map[string]any, error) {
	var out struct {
		OpenAPI    string `json:"openapi"`
		Info       object `json:"info"`
		Servers    []any  `json:"servers"`
		Security   []any  `json:"security"`
		Paths      object `json:"paths"`
		Components struct {
			Schemas         object `json:"schemas"`
			Responses       object `json:"responses"`
			SecuritySchemes object `json:"securitySchemes"`
		} `json:"components"`
	}
	if err := json.Unmarshal(api, &out); err != nil {
		return nil, fault.Wrap("wire.openapi", err)
	}
	every := maps.Clone(out.Paths)
	for _, form := range forms {
		addSchemas(out.Components.Schemas, form)
		own, err := pathsOf(form, every)
		if err != nil {
			return nil, err
		}
		maps.Copy(out.Paths, own)
	}
	for _, text := range more {
		var part struct {
			Paths   object `json:"paths"`
			Schemas object `json:"schemas"`
		}
		if err := json.Unmarshal(text, &part); err != nil {
			return nil, fault.Wrap("wire.openapi", err)
		}
		maps.Copy(out.Paths, part.Paths)
		maps.Copy(out.Components.Schemas, part.Schemas)
	}
	out.Info["version"] = version
	return object{
		"openapi": out.OpenAPI, "info": out.Info, "servers": out.Servers, "security": out.Security, "paths": out.Paths,
		"components": out.Components,
	}, nil
}

// of names a form's own schema apart from that which every tenant has.
func of(name string, form Form) string { return name + "." + form.Key }

// narrow are the schemas that a form has of its own, for they hold its values.
var narrow = []string{"record", "page", "input", "evaluation", "batchResult", "batchResults"}

// addSchemas adds those of a form to the schemas of every form.
func addSchemas(schemas object, form Form) {
	schemas[of("values", form)] = object{"type": "object", "properties": form.Shown}
	schemas[of("sent", form)] = object{"type": "object", "properties": form.Sent}
	own := func(name string) object { return ref(of(name, form)) }
	list := func(name string) object { return object{"type": "array", "items": own(name)} }
	record := changed(schemas["record"], "values", own("values"))
	schemas[of("record", form)] = changed(record, "form", object{"const": form.Key})
	schemas[of("page", form)] = changed(schemas["page"], "records", list("record"))
	schemas[of("input", form)] = changed(schemas["input"], "values", own("sent"))
	schemas[of("evaluation", form)] = changed(schemas["evaluation"], "values", own("values"))
	schemas[of("batchResult", form)] = changed(schemas["batchResult"], "record", own("record"))
	schemas[of("batchResults", form)] = changed(schemas["batchResults"], "results", list("batchResult"))
}

// pathsOf are the operations on the records of a form: those of every form, with what this one's hold.
func pathsOf(form Form, paths object) (object, error) {
	base := "/forms/" + form.Key
	out := object{}
	for _, is := range []struct {
		may          bool
		path, method string
	}{
		{form.Read, "/records", "get"},
		{form.Read, "/records/{id}", "get"},
		{form.Read, "/query", "post"},
		{form.Create, "/records", "post"},
		{form.Update, "/records/{id}", "patch"},
		{form.Delete, "/records/{id}", "delete"},
		{form.Delete, "/records/{id}/restore", "post"},
		{form.Create || form.Update || form.Delete, "/batch", "post"},
		{form.Create || form.Read, "/evaluate", "post"},
	} {
		if !is.may {
			continue
		}
		item, _ := paths["/forms/{form}"+is.path].(object)
		operation, err := narrowed(item, is.method, form)
		if err != nil {
			return nil, err
		}
		own, there := out[base+is.path].(object)
		if !there {
			own = object{}
			out[base+is.path] = own
		}
		own[is.method] = operation
	}
	return out, nil
}

// narrowed is an operation on the records of any form as one on those of this.
func narrowed(item object, method string, form Form) (object, error) {
	text, err := json.Marshal(item[method])
	if err != nil {
		return nil, fault.Wrap("wire.openapi", err)
	}
	said := string(text)
	for _, name := range narrow {
		said = strings.ReplaceAll(said, refTo(name), refTo(of(name, form)))
	}
	var out object
	if err := json.Unmarshal([]byte(said), &out); err != nil {
		return nil, fault.Wrap("wire.openapi", err)
	}
	id, _ := out["operationId"].(string)
	summary, _ := out["summary"].(string)
	out["operationId"], out["summary"] = id+"_"+form.Key, summary+" ("+form.Label+")"
	shared, _ := item["parameters"].([]any)
	own, _ := out["parameters"].([]any)
	out["parameters"] = slices.DeleteFunc(slices.Concat(shared, own), func(p any) bool { parameter, _ := p.(object); return parameter["name"] == "form" })
	return out, nil
}

// refTo is a reference to a schema, in JSON.
func refTo(name string) string { return `{"$ref":"#/components/schemas/` + name + `"}` }

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// changed is a schema with one property put in the place of another.
func changed(schema any, name string, property object) object {
	is, _ := schema.(object)
	out := maps.Clone(is)
	properties, _ := is["properties"].(object)
	properties = maps.Clone(properties)
	properties[name] = property
	out["properties"] = properties
	return out
}
