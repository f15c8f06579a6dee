package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Exchange is a request and its answer.
type Exchange struct {
	Method   string
	URL      string // below the server's own: path and query, as sent
	Sent     http.Header
	Body     []byte
	Status   int
	Answered http.Header
	Answer   []byte
}

// ProblemType is the media type of all refusals.
const ProblemType = "application/problem+json"

// Check holds an exchange to the description that its caller has. op is nil where nothing is described
// there: then only a refusal will do.
func (d *Description) Check(x Exchange) (op *Operation, err error) {
	path, query, _ := strings.Cut(x.URL, "?")
	method := x.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	op, ok := d.Find(method, path)
	if !ok {
		return nil, checkUndescribed(x)
	}
	faults := []error{d.checkAnswer(op, x)}
	if x.Status < http.StatusBadRequest {
		faults = append(faults, d.checkQuery(op, query), d.checkSent(op, x))
	}
	return op, errors.Join(faults...)
}

func checkUndescribed(x Exchange) error {
	kind, _, _ := mime.ParseMediaType(x.Answered.Get("Content-Type"))
	if x.Status < http.StatusBadRequest || x.Status >= http.StatusInternalServerError || kind != ProblemType {
		return fmt.Errorf("not described, yet answered %d %s", x.Status, kind)
	}
	return nil
}

// told are the headers that say something to clients of an API: each is described where it comes.
var told = []string{
	"Etag", "Location", "Retry-After", "Www-Authenticate", "Allow", "Content-Disposition", "Content-Range", "Accept-Ranges", "Set-Cookie",
}

func (d *Description) checkAnswer(op *Operation, x Exchange) error {
	response, ok := op.Responses[strconv.Itoa(x.Status)]
	if !ok && x.Status >= http.StatusBadRequest && x.Status != http.StatusInternalServerError {
		response, ok = op.Responses["default"]
	}
	if !ok {
		return fmt.Errorf("%s: status %d is not described: %.300s", op.ID, x.Status, x.Answer)
	}
	var faults []error
	for _, name := range told {
		if _, ok := header(response, name); x.Answered.Get(name) != "" && !ok {
			faults = append(faults, fmt.Errorf("%s: %d: the header %s is not described", op.ID, x.Status, name))
		}
	}
	for name, h := range response.Headers {
		text := x.Answered.Get(name)
		switch {
		case text == "" && h.Required:
			faults = append(faults, fmt.Errorf("%s: %d: no header %s", op.ID, x.Status, name))
		case text != "":
			faults = append(faults, prefixed(op.ID+" "+name, d.checkText(h.schema, text)))
		}
	}
	if x.Method != http.MethodHead {
		faults = append(faults, prefixed(fmt.Sprintf("%s: %d", op.ID, x.Status), d.checkBody(response.Content, x.Answered.Get("Content-Type"), x.Answer)))
	}
	return errors.Join(faults...)
}

func header(r Response, name string) (Parameter, bool) {
	for described, p := range r.Headers {
		if http.CanonicalHeaderKey(described) == name {
			return p, true
		}
	}
	return Parameter{}, false
}

func prefixed(at string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", at, err)
}

// checkBody holds bytes of a media type to what may be there.
func (d *Description) checkBody(content map[string]Media, contentType string, body []byte) error {
	if len(content) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("a body where none is described: %.300s", body)
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(contentType)
	media, ok := content[kind]
	if !ok {
		media, ok = content["*/*"]
	}
	if err != nil && !ok {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	if !ok {
		return fmt.Errorf("content type %q is not described", kind)
	}
	if !strings.HasSuffix(kind, "json") {
		return nil
	}
	v, err := decode(body)
	if err != nil {
		return err
	}
	if err := d.schemas.check(media.schema, v); err != nil {
		return fmt.Errorf("%w in %.600s", readable(err), body)
	}
	return nil
}

func decode(text []byte) (v any, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	if err := in.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// checkText holds the text of a parameter to its schema: as it is, or as the JSON that it reads as.
func (d *Description) checkText(schema, text string) error {
	err := d.schemas.check(schema, text)
	if err == nil {
		return nil
	}
	if v, broken := decode([]byte(text)); broken == nil && d.schemas.check(schema, v) == nil {
		return nil
	}
	return fmt.Errorf("%q: %w", text, readable(err))
}

func (d *Description) checkQuery(op *Operation, query string) error {
	sent, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	known := op.parameters("query")
	var faults []error
	for name, texts := range sent {
		p, ok := known[name]
		if !ok || len(texts) != 1 {
			faults = append(faults, fmt.Errorf("%s: ?%s is not described, or there twice, and was granted", op.ID, name))
			continue
		}
		faults = append(faults, prefixed(op.ID+" ?"+name, d.checkText(p.schema, texts[0])))
	}
	for name, p := range known {
		if p.Required && !sent.Has(name) {
			faults = append(faults, fmt.Errorf("%s: granted without ?%s", op.ID, name))
		}
	}
	return errors.Join(faults...)
}

// checkSent holds what was granted to what the description says may be sent.
func (d *Description) checkSent(op *Operation, x Exchange) error {
	var faults []error
	for name, p := range op.parameters("header") {
		switch text := x.Sent.Get(name); {
		case text == "" && p.Required:
			faults = append(faults, fmt.Errorf("%s: granted without the header %s", op.ID, name))
		case text != "":
			faults = append(faults, prefixed(op.ID+" "+name, d.checkText(p.schema, text)))
		}
	}
	for _, name := range []string{"If-Match", "If-None-Match", "Idempotency-Key"} {
		described := slices.ContainsFunc(op.Parameters, func(p Parameter) bool { return p.Name == name })
		if x.Sent.Get(name) != "" && !described {
			faults = append(faults, fmt.Errorf("%s: takes a header %s that is not described", op.ID, name))
		}
	}
	faults = append(faults, prefixed(op.ID+": granted", d.checkBody(op.Body, x.Sent.Get("Content-Type"), x.Body)))
	return errors.Join(faults...)
}
