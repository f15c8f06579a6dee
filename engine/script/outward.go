package script

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Outgoing is a request to another host.
type Outgoing struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
}

// Incoming is what a host has answered; the names of headers are in small letters.
type Incoming struct {
	Status  int
	Headers map[string]string
	Body    []byte
}

// MaxReceived bounds the body of an answer that a script is given, in bytes.
const MaxReceived = 128 << 10

// maxSent bounds the body of one request, in bytes.
const maxSent = 256 << 10

// ReadOutgoing reads the arguments of http(url, {headers=…}); false for what they may not be.
func ReadOutgoing(args []any) (Outgoing, bool) {
	out := Outgoing{Method: "GET"}
	ok := out.read(args, func(name string, _ any) bool { return name == "headers" })
	return out, ok
}

// readSending reads the arguments of send(url, {method=…, headers=…, body=…}).
func readSending(args []any) (Outgoing, bool) {
	out := Outgoing{Method: "POST"}
	ok := out.read(args, func(name string, v any) bool {
		switch name {
		case "headers":
			return true
		case "method":
			method, isText := v.(string)
			out.Method = method
			return isText && slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, method)
		case "body":
			return out.write(v)
		}
		return false
	})
	return out, ok && len(out.Body) <= maxSent
}

// read takes the URL and what stands in the table after it; takes tells whether it may stand there.
func (o *Outgoing) read(args []any, takes func(name string, v any) bool) (ok bool) {
	if o.URL, ok = args[0].(string); !ok || len(args) == 1 {
		return ok
	}
	table, ok := named(args[1])
	for name, v := range table {
		if !takes(name, v) {
			return false
		}
		if name != "headers" {
			continue
		}
		headers, isTable := named(v)
		if !isTable {
			return false
		}
		if o.Headers == nil {
			o.Headers = map[string]string{}
		}
		for header, text := range headers {
			if o.Headers[header], isTable = text.(string); !isTable {
				return false
			}
		}
	}
	return ok
}

// write makes the body: a text as it is, a table as JSON.
func (o *Outgoing) write(v any) bool {
	if text, isText := v.(string); isText {
		o.Body = text
		return true
	}
	body, err := json.Marshal(Wire(v))
	if err != nil {
		return false
	}
	o.Body = string(body)
	if o.Headers == nil {
		o.Headers = map[string]string{}
	}
	for name := range o.Headers {
		if strings.EqualFold(name, "Content-Type") {
			return true
		}
	}
	o.Headers["Content-Type"] = "application/json"
	return true
}

// Value is the answer as a script has it: status, headers, body, and json where the body is.
func (i *Incoming) Value() map[string]any {
	headers := map[string]any{}
	for name, text := range i.Headers {
		headers[name] = text
	}
	out := map[string]any{"status": int64(i.Status), "headers": headers, "body": strings.ToValidUTF8(string(i.Body), "\uFFFD")}
	if read, ok := readJSON(i.Body); ok {
		out["json"] = read
	}
	return out
}

// readJSON reads JSON with whole numbers as such and others exact, as far as decimals go. What could not pass to
// a worker, or would be taken for something else there, is none.
func readJSON(body []byte) (any, bool) {
	if depthOf(body) > maxDepth-8 || bytes.Contains(body, []byte(`"`+decimalKey+`"`)) {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil || decoder.More() {
		return nil, false
	}
	return fromJSON(v), true
}

func fromJSON(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if strings.ContainsAny(v.String(), "eE") || len(v.String()) > 20 {
			return v.String()
		}
		return Decimal(v.String())
	case []any:
		for n := range v {
			v[n] = fromJSON(v[n])
		}
	case map[string]any:
		for name, one := range v {
			v[name] = fromJSON(one)
		}
	}
	return v
}
