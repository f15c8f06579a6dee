package contract

import (
	"net/http"
	"slices"
	"strings"
)

// Misuse is a request that an operation must refuse before it does anything, whoever is signed in.
type Misuse struct {
	Name         string
	Method, Path string // below the server's own
	Header       http.Header
	Body         string
	Anonymous    bool // send it without being signed in
	Status       int
	Allow        []string // methods that the answer must list
}

// tooLarge is a JSON object of more than 1 MB.
var tooLarge = `{"a":"` + strings.Repeat("x", 1<<20) + `"}`

// Misuses are the ways in which an operation can be got wrong that its description tells; with names what
// stands for the parameters of paths.
func (d *Description) Misuses(op *Operation, with map[string]string) []Misuse {
	path := op.Path
	for name := range op.parameters("path") {
		path = strings.ReplaceAll(path, "{"+name+"}", with[name])
	}
	_, takesJSON := op.Body["application/json"]
	_, takesAny := op.Body["*/*"]
	headers := op.parameters("header")
	good := http.Header{}
	if takesJSON {
		good.Set("Content-Type", "application/json")
	}
	for name, p := range headers {
		if p.Required || name == "If-Match" {
			good.Set(name, "1")
		}
	}
	var out []Misuse
	add := func(m Misuse) {
		m.Method, m.Path = op.Method, path+m.Path
		if m.Header == nil {
			m.Header = good
		}
		if m.Body == "" && takesJSON {
			m.Body = "{}"
		}
		out = append(out, m)
	}
	if !op.Open {
		add(Misuse{Name: "nobody is signed in", Anonymous: true, Status: http.StatusUnauthorized})
	}
	add(Misuse{Name: "unknown parameter", Path: "?nobodyKnowsThis=1", Status: http.StatusBadRequest})
	for name := range op.parameters("query") {
		add(Misuse{Name: "parameter twice", Path: "?" + name + "=1&" + name + "=2", Status: http.StatusBadRequest})
	}
	if _, ok := headers["If-Match"]; ok {
		without := good.Clone()
		without.Del("If-Match")
		add(Misuse{Name: "no version", Header: without, Status: http.StatusPreconditionRequired})
	}
	if !takesAny {
		add(Misuse{Name: "too large", Body: tooLarge, Status: http.StatusRequestEntityTooLarge})
	}
	if takesJSON {
		for name, text := range map[string]string{"broken": `{"a":`, "no object": `[]`, "unknown key": `{"nobodyKnowsThis":1}`, "key twice": `{"a":1,"a":1}`} {
			add(Misuse{Name: name, Body: text, Status: http.StatusBadRequest})
		}
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", ""} {
			other := good.Clone()
			other.Set("Content-Type", kind)
			add(Misuse{Name: "content type " + kind, Header: other, Status: http.StatusUnsupportedMediaType})
		}
	}
	return append(out, d.wrongMethods(op, path)...)
}

// wrongMethods are requests with methods that nothing at the path takes: 405, with those that it does take.
func (d *Description) wrongMethods(op *Operation, path string) []Misuse {
	var taken []string
	for _, other := range d.Operations {
		if other.Path == op.Path {
			taken = append(taken, other.Method)
		}
	}
	if taken[0] != op.Method {
		return nil // once for each path
	}
	var out []Misuse
	for _, method := range []string{"OPTIONS", "PUT", "PATCH", "DELETE", "POST", "GET"} {
		if !slices.Contains(taken, method) {
			out = append(out, Misuse{Name: "method", Method: method, Path: path, Header: http.Header{}, Status: http.StatusMethodNotAllowed, Allow: taken})
		}
	}
	return out
}
