package wire

import "maps"

// Form is a form as its callers may use it.
type Form struct {
	Key, Label                   string
	Properties                   map[string]any // JSON Schema of each field in wire form
	Create, Read, Update, Delete bool
}

// object is a JSON object in the making.
type object = map[string]any

// OpenAPI returns an OpenAPI 3.1 description of the API as far as these forms go.
func OpenAPI(version string, forms []Form) map[string]any {
	paths, schemas := object{}, object{"problem": problemSchema(), "reference": referenceSchema()}
	for _, form := range forms {
		schemas[form.Key+"Values"] = object{"type": "object", "properties": form.Properties, "additionalProperties": false}
		schemas[form.Key] = recordSchema(form.Key)
		maps.Copy(paths, pathsOf(form))
	}
	return object{
		"openapi": "3.1.0",
		"info":    object{"title": "Tidewater", "version": version},
		"servers": []any{object{"url": "/api/v1"}},
		"paths":   paths,
		"components": object{
			"schemas":         schemas,
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
		},
		"security": []any{object{"token": []any{}}},
	}
}

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
		"properties": object{"values": ref(form + "Values"), "reason": object{"type": "string"}},
		"required":   []any{"values"},
	}
}

func recordResponse(form string) object {
	return object{"description": "the record", "content": jsonContent(ref(form))}
}

func pageResponse(form string) object {
	return object{"description": "a page", "content": jsonContent(object{
		"type": "object",
		"properties": object{
			"records": object{"type": "array", "items": ref(form)}, "next": object{"type": "string"},
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
			"values": object{"type": "object"}, "createdAt": instant, "createdBy": ref("reference"),
			"updatedAt": instant, "updatedBy": ref("reference"), "rights": object{"type": "object"},
		},
		"required": []any{"id", "version", "form", "values"},
	}
}

func referenceSchema() object {
	return object{"type": "object", "properties": object{"id": object{"type": "string"}, "title": object{"type": "string"}}}
}

func problemSchema() object {
	text := object{"type": "string"}
	return object{
		"type": "object",
		"properties": object{
			"type": text, "title": text, "status": object{"type": "integer"}, "detail": text, "instance": text, "code": text,
			"errors": object{"type": "array", "items": object{
				"type": "object", "properties": object{"path": text, "code": text, "message": text},
			}},
		},
		"required": []any{"type", "title", "status", "detail", "instance", "code"},
	}
}
