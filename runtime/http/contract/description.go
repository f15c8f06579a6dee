// Package contract holds a server to the description of its API: every answer, and every request that was
// granted, against what the caller was told. Only tests use it; it serves nothing, and it trusts the
// description for nothing but its OpenAPI 3.1 grammar.
package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Description is an OpenAPI 3.1 description that Parse found sound.
type Description struct {
	Operations []*Operation // sorted by path and method
	schemas    *schemas
}

// Operation is one method of one path.
type Operation struct {
	ID, Method, Path string // Path is a template: /forms/{form}/records
	Parameters       []Parameter
	Open             bool             // needs no sign-in
	Body             map[string]Media // what may be sent, by media type; nil: nothing
	Responses        map[string]Response
}

// Parameter is a part of the path, of the query, or a header.
type Parameter struct {
	Name, In string
	Required bool
	// Slashes says that the parameter of a path may be sent with its slashes as they are.
	Slashes bool
	schema  string
}

// Response is what a status brings.
type Response struct {
	Headers map[string]Parameter // by canonical name
	Content map[string]Media     // by media type
}

// Media is a body of one media type: text of the schema where it is JSON, else bytes.
type Media struct{ schema string }

// The parts of the document that are read. What is not read is held by the grammar in grammar.go.
type document struct {
	OpenAPI    string                     `json:"openapi"`
	Paths      map[string]json.RawMessage `json:"paths"`
	Security   []map[string][]string      `json:"security"`
	Components struct {
		Schemas   map[string]any         `json:"schemas"`
		Responses map[string]rawResponse `json:"responses"`
	} `json:"components"`
}

type rawOperation struct {
	ID          string                 `json:"operationId"`
	Parameters  []rawParameter         `json:"parameters"`
	Security    *[]map[string][]string `json:"security"`
	RequestBody *rawBody               `json:"requestBody"`
	Responses   map[string]rawResponse `json:"responses"`
}

type rawParameter struct {
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Slashes  bool   `json:"x-slashes"`
	Schema   any    `json:"schema"`
}

type rawBody struct {
	Content map[string]rawMedia `json:"content"`
}

type rawMedia struct {
	Schema any `json:"schema"`
}

type rawResponse struct {
	Ref     string                  `json:"$ref"`
	Headers map[string]rawParameter `json:"headers"`
	Content map[string]rawMedia     `json:"content"`
}

// Methods that a path may describe, lower case as in the document.
var methods = []string{"get", "put", "post", "delete", "patch", "head", "options", "trace"}

// Parse reads a description. The error says all that keeps it from being one.
func Parse(text []byte) (*Description, error) {
	if err := checkGrammar(text); err != nil {
		return nil, err
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	d := &Description{schemas: newSchemas(doc.Components.Schemas)}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		var item map[string]json.RawMessage
		if err := json.Unmarshal(doc.Paths[path], &item); err != nil {
			return nil, err
		}
		var shared []rawParameter
		if text, ok := item["parameters"]; ok {
			if err := json.Unmarshal(text, &shared); err != nil {
				return nil, err
			}
		}
		for _, method := range methods {
			text, ok := item[method]
			if !ok {
				continue
			}
			var raw rawOperation
			if err := json.Unmarshal(text, &raw); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			raw.Parameters = append(slices.Clone(shared), raw.Parameters...)
			d.add(doc, strings.ToUpper(method), path, raw)
		}
	}
	return d, nil
}

func (d *Description) add(doc document, method, path string, raw rawOperation) {
	op := &Operation{ID: raw.ID, Method: method, Path: path, Responses: map[string]Response{}}
	op.Open = raw.Security != nil && len(*raw.Security) == 0 || raw.Security == nil && len(doc.Security) == 0
	for _, p := range raw.Parameters {
		op.Parameters = append(op.Parameters, Parameter{p.Name, p.In, p.Required, p.Slashes, d.schemas.add(p.Schema)})
	}
	if raw.RequestBody != nil {
		op.Body = d.media(raw.RequestBody.Content)
	}
	for status, response := range raw.Responses {
		if name, ok := strings.CutPrefix(response.Ref, "#/components/responses/"); ok {
			response = doc.Components.Responses[name]
		}
		headers := map[string]Parameter{}
		for name, p := range response.Headers {
			headers[name] = Parameter{name, "header", p.Required, false, d.schemas.add(p.Schema)}
		}
		op.Responses[status] = Response{Headers: headers, Content: d.media(response.Content)}
	}
	d.Operations = append(d.Operations, op)
}

func (d *Description) media(content map[string]rawMedia) map[string]Media {
	out := map[string]Media{}
	for name, media := range content {
		out[name] = Media{d.schemas.add(media.Schema)}
	}
	return out
}

// Find returns the operation that serves a path, as it stands in a URL, below the server's own: the one
// with the fewest parameters.
func (d *Description) Find(method, path string) (*Operation, bool) {
	var best *Operation
	for _, op := range d.Operations {
		if op.Method == method && op.serves(path) && (best == nil || strings.Count(op.Path, "{") < strings.Count(best.Path, "{")) {
			best = op
		}
	}
	return best, best != nil
}

func (o *Operation) serves(path string) bool {
	template, sent := strings.Split(o.Path, "/"), strings.Split(path, "/")
	last := len(template) - 1
	if len(sent) > len(template) && o.slashes(template[last]) {
		sent = append(sent[:last:last], strings.Join(sent[last:], "/"))
	}
	if len(sent) != len(template) {
		return false
	}
	for i, step := range template {
		if strings.HasPrefix(step, "{") {
			if sent[i] == "" {
				return false
			}
			continue
		}
		if plain, err := url.PathUnescape(sent[i]); err != nil || plain != step {
			return false
		}
	}
	return true
}

func (o *Operation) slashes(step string) bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Slashes && step == "{"+p.Name+"}" })
}

// parameters are those of one place, by name.
func (o *Operation) parameters(in string) map[string]Parameter {
	out := map[string]Parameter{}
	for _, p := range o.Parameters {
		if p.In == in {
			out[p.Name] = p
		}
	}
	return out
}
