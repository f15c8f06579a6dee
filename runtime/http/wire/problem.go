package wire

import (
	"errors"
	"net/http"

	"tidewater/engine/fault"
	"tidewater/engine/message"
)

// ProblemType is the media type of problem documents (RFC 9457).
const ProblemType = "application/problem+json"

// Problem is a fault as a client sees it.
type Problem struct {
	Type     string      `json:"type"`
	Title    string      `json:"title"`
	Status   int         `json:"status"`
	Detail   string      `json:"detail"`
	Instance string      `json:"instance"`
	Code     string      `json:"code"`
	Errors   []ProblemAt `json:"errors,omitempty"`
	// Conflict shows both versions where somebody was faster.
	Conflict any `json:"conflict,omitempty"`
}

// ProblemAt is one thing wrong with what was sent.
type ProblemAt struct {
	Path    string `json:"path"` // a JSON Pointer into what was sent
	Code    string `json:"code"`
	Message string `json:"message"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// Status is the HTTP status of a kind of fault.
func Status(kind fault.Kind) int {
	switch kind {
	case fault.Malformed:
		return http.StatusBadRequest
	case fault.Unknown:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Precondition:
		return http.StatusPreconditionRequired
	case fault.Throttled:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// ProblemOf says an error in the reader's language. What is no fault, and what is a fault inside, shows
// nothing but the trace.
func ProblemOf(texts *message.Catalog, locale string, err error, trace string) Problem {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		f = fault.New(fault.Internal, "internal")
	}
	p := Problem{
		Type:     "urn:tidewater:problem:" + f.Code,
		Title:    texts.Title(locale, f.Kind),
		Status:   Status(f.Kind),
		Detail:   texts.Fault(locale, f),
		Instance: "urn:tidewater:trace:" + trace,
		Code:     f.Code,
	}
	if f.Kind == fault.Conflict {
		p.Conflict = f.Detail
	}
	p.Errors = IssuesOf(texts, locale, f.Issues)
	return p
}

// IssuesOf says issues in the reader's language; nil where there are none.
func IssuesOf(texts *message.Catalog, locale string, issues fault.Issues) []ProblemAt {
	var out []ProblemAt
	for _, i := range issues {
		text := texts.Text(locale, i.Code, i.Args)
		out = append(out, ProblemAt{i.Path, i.Code, text, i.File, i.Line, i.Col})
	}
	return out
}
