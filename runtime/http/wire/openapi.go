package wire

import (
	_ "embed" // for api.json
	"encoding/json"
	"maps"

	"tidewater/engine/fault"
)

// Form is a form as its callers may use it.
type Form struct {
	Key, Label                   string
	Properties                   map[string]any // JSON Schema of each field in wire form
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
			SecuritySchemes object `json:"securitySchemes"`
		} `json:"components"`
	}
	if err := json.Unmarshal(api, &out); err != nil {
		return nil, fault.Wrap("wire.openapi", err)
	}
	for _, form := range forms {
		out.Components.Schemas[valuesOf(form.Key)] = object{"type": "object", "properties": form.Properties, "additionalProperties": false}
		out.Components.Schemas[recordOf(form.Key)] = recordSchema(form.Key)
		maps.Copy(out.Paths, pathsOf(form))
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
		"components": object{"schemas": out.Components.Schemas, "securitySchemes": out.Components.SecuritySchemes},
	}, nil
}

// valuesOf and recordOf name the schemas of a form, apart from those that every tenant has.
func valuesOf(form string) string { return "values." + form }
func recordOf(form string) string { return "record." + form }

func pathsOf(form Form) object {
	base := "/forms/" + form.Key
	many, one := object{}, object{"parameters": []any{parameter("id", "path", true)}}
	paths := object{base + "/records": many, base + "/records/{id}": one}
	if form.Read {
		many["get"] = operation(form, "list", nil, object{"200": pageResponse(form.Key)}, listParameters()...)
		one["get"] = operation(form, "get", nil, object{"200": recordResponse(form.Key)})
		body := object{"type": "object", "properties": queryProperties()}
		paths[base+"/query"] = object{"post": operation(form, "query", body, object{"200": pageResponse(form.Key)})}
	}
	if form.Create {
		many["post"] = operation(form, "create", writeSchema(form.Key), object{"201": recordResponse(form.Key)},
			parameter("Idempotency-Key", "header", false))
	}
	if form.Update {
		one["patch"] = operation(form, "update", writeSchema(form.Key), object{"200": recordResponse(form.Key)},
			parameter("If-Match", "header", true))
	}
	if form.Delete {
		one["delete"] = operation(form, "delete", nil, object{"204": object{"description": "in the recycle bin"}},
			parameter("If-Match", "header", true))
	}
	return paths
}

func operation(form Form, verb string, body, responses object, parameters ...any) object {
	responses["default"] = object{
		"description": "a problem document",
		"content":     object{ProblemType: object{"schema": ref("problem")}},
	}
	op := object{"operationId": verb + "_" + form.Key, "summary": verb + " " + form.Label, "responses": responses}
	if body != nil {
		op["requestBody"] = object{"required": true, "content": jsonContent(body)}
	}
	if len(parameters) > 0 {
		op["parameters"] = parameters
	}
	return op
}

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

func jsonContent(schema object) object { return object{"application/json": object{"schema": schema}} }

func parameter(name, in string, required bool) object {
	return object{"name": name, "in": in, "required": required, "schema": object{"type": "string"}}
}

func listParameters() []any {
	var out []any
	for _, name := range []string{"view", "filter", "q", "sort", "limit", "after", "fields", "count", "deleted"} {
		out = append(out, parameter(name, "query", false))
	}
	return out
}

func queryProperties() object {
	text := object{"type": "string"}
	return object{
		"view": text, "filter": object{}, "q": text, "sort": text, "limit": object{"type": "integer"}, "after": text,
		"fields": object{"type": "array", "items": text}, "count": text, "deleted": object{"type": "boolean"},
	}
}

func writeSchema(form string) object {
	return object{
		"type":       "object",
		"properties": object{"values": ref(valuesOf(form)), "reason": object{"type": "string"}},
		"required":   []any{"values"},
	}
}

func recordResponse(form string) object {
	return object{"description": "the record", "content": jsonContent(ref(recordOf(form)))}
}

func pageResponse(form string) object {
	return object{"description": "a page", "content": jsonContent(object{
		"type": "object",
		"properties": object{
			"records": object{"type": "array", "items": ref(recordOf(form))}, "next": object{"type": "string"},
			"incomplete": object{"type": "boolean"},
			"count": object{"type": "object", "properties": object{
				"value": object{"type": "integer"}, "exact": object{"type": "boolean"},
			}},
		},
	})}
}

func recordSchema(form string) object {
	instant := object{"type": "string", "format": "date-time"}
	return object{
		"type": "object",
		"properties": object{
			"id": object{"type": "string"}, "version": object{"type": "integer"}, "form": object{"const": form},
			"values": ref(valuesOf(form)), "createdAt": instant, "createdBy": ref("reference"),
			"updatedAt": instant, "updatedBy": ref("reference"), "rights": object{"type": "object"},
		},
		"required": []any{"id", "version", "form", "values"},
	}
}
