package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"tidewater/runtime/http/contract"
)

// sound describes one thing that can be read and one that can be made.
const sound = `{
  "openapi": "3.1.0", "info": {"title": "Assets", "version": "1"}, "security": [{"token": []}],
  "paths": {
    "/assets/{id}": {
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "get": {
        "operationId": "getAsset",
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "responses": {
          "200": {
            "description": "it", "headers": {"ETag": {"required": true, "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/asset"}}}
          },
          "default": {"$ref": "#/components/responses/problem"}
        }
      }
    },
    "/assets": {
      "post": {
        "operationId": "makeAsset",
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/asset"}}}},
        "responses": {"204": {"description": "done"}}
      }
    }
  },
  "components": {
    "schemas": {"asset": {"type": "object", "properties": {"name": {"type": "string"}, "day": {"type": "string", "format": "date"}}, "required": ["name"]}},
    "responses": {"problem": {"description": "refused", "content": {"application/problem+json": {"schema": {"type": "object", "properties": {"status": {"type": "integer"}}}}}}},
    "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
  }
}`

// TestParseTellsWhatIsNoDescription changes a sound one in each way that would mislead whoever generates a client.
func TestParseTellsWhatIsNoDescription(t *testing.T) {
	if _, err := contract.Parse([]byte(sound)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{`"3.1.0"`, `"3.0.3"`, "is no 3.1"},
		{`"makeAsset"`, `"getAsset"`, "getAsset"},
		{`#/components/schemas/asset`, `#/components/schemas/assets`, "leads nowhere"},
		{`#/components/responses/problem`, `#/components/responses/gone`, "leads nowhere"},
		{`"/assets/{id}"`, `"/assets/{key}"`, "{key} is not among the parameters"},
		{`"/assets/{id}"`, `"/assets/one"`, "id is not in the template"},
		{`"in": "path", "required": true`, `"in": "path"`, "must be required"},
		{`"name": "limit", "in": "query"`, `"name": "limit", "in": "nowhere"`, "no place"},
		{`"204": {"description": "done"}`, `"2004": {"description": "done"}`, "is no status"},
		{`"204": {"description": "done"}`, `"204": {}`, "no description"},
		{`"type": "string", "format": "date"`, `"type": "object"`, "does not say what the object holds"},
		{`"type": "string", "format": "date"`, `"type": "array"`, "does not say what the list holds"},
		{`"type": "string", "format": "date"`, `"kind": "string"`, "knows no kind"},
		{`"required": ["name"]`, `"required": ["title"]`, "requires title"},
		{`"requestBody": {`, `"requestbody": {`, "knows no requestbody"},
	} {
		text := strings.ReplaceAll(sound, c.from, c.to)
		if _, err := contract.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s instead of %s: %v, want %q", c.to, c.from, err, c.want)
		}
	}
}

// TestCheckBites holds exchanges that differ from what is described in one thing each.
func TestCheckBites(t *testing.T) {
	d, err := contract.Parse([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	read := func(change func(x *contract.Exchange)) contract.Exchange {
		x := contract.Exchange{
			Method: "GET", URL: "/assets/7?limit=3", Sent: http.Header{}, Status: 200, Answer: []byte(`{"name": "Saw", "day": "2026-03-02"}`),
			Answered: http.Header{"Etag": {"1"}, "Content-Type": {"application/json"}},
		}
		change(&x)
		return x
	}
	made := func(change func(x *contract.Exchange)) contract.Exchange {
		x := contract.Exchange{
			Method: "POST", URL: "/assets", Sent: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"name": "Saw"}`), Status: 204,
			Answered: http.Header{},
		}
		change(&x)
		return x
	}
	for _, c := range []struct {
		x    contract.Exchange
		want string
	}{
		{read(func(*contract.Exchange) {}), ""},
		{made(func(*contract.Exchange) {}), ""},
		{read(func(x *contract.Exchange) { x.Answer = []byte(`{"name": "Saw", "colour": "red"}`) }), "colour"},
		{read(func(x *contract.Exchange) { x.Answer = []byte(`{}`) }), "missing properties: 'name'"},
		{read(func(x *contract.Exchange) { x.Answer = []byte(`{"name": "Saw", "day": "tomorrow"}`) }), "not valid 'date'"},
		{read(func(x *contract.Exchange) { x.Answer = []byte(`{"name": "Saw"} {}`) }), "more than one"},
		{read(func(x *contract.Exchange) { x.Status = 202 }), "status 202 is not described"},
		{read(func(x *contract.Exchange) { x.Status = 500 }), "status 500 is not described"},
		{read(func(x *contract.Exchange) { x.Status = 404 }), `"application/json" is not described`},
		{read(func(x *contract.Exchange) { x.Answered.Del("Etag") }), "no header ETag"},
		{read(func(x *contract.Exchange) { x.Answered.Set("Location", "/") }), "header Location is not described"},
		{read(func(x *contract.Exchange) { x.Answered.Set("Content-Type", "text/html") }), `"text/html" is not described`},
		{read(func(x *contract.Exchange) { x.URL = "/assets/7?limit=many" }), "?limit"},
		{read(func(x *contract.Exchange) { x.URL = "/assets/7?colour=red" }), "?colour is not described"},
		{read(func(x *contract.Exchange) { x.Sent.Set("If-Match", "1") }), "takes a header If-Match"},
		{read(func(x *contract.Exchange) { x.URL = "/nowhere" }), "not described, yet answered 200"},
		{made(func(x *contract.Exchange) { x.Body = []byte(`{"title": "Saw"}`) }), "granted"},
		{made(func(x *contract.Exchange) { x.Sent.Set("Content-Type", "text/plain") }), "granted"},
		{made(func(x *contract.Exchange) { x.Answer = []byte(`{}`) }), "a body where none is described"},
	} {
		_, err := d.Check(c.x)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s %s → %d: %v, want %q", c.x.Method, c.x.URL, c.x.Status, err, c.want)
		}
	}
}
