// Package fault is the one way errors are told in Tidewater.
//
// An Error says what kind of thing went wrong (Kind), during what (Op), where (Path) and why (Cause);
// Issues collect every fault of one input so that its author sees all of them at once. Texts for
// people are not here: a fault carries a stable Code and Args, and package message turns those into a
// sentence in the reader's language.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind groups faults by what the caller can do about them. HTTP statuses follow from it.
type Kind string

const (
	Malformed    Kind = "malformed"    // the input cannot be read at all (400)
	Unknown      Kind = "unknown"      // nobody is signed in, or not as anyone we know (401)
	Forbidden    Kind = "forbidden"    // this actor may not do that (403)
	NotFound     Kind = "notFound"     // it does not exist, or not for this actor (404)
	Conflict     Kind = "conflict"     // the world has moved on: stale version, taken value (409)
	TooLarge     Kind = "tooLarge"     // beyond a size limit (413)
	Unsupported  Kind = "unsupported"  // a media type nobody here reads (415)
	Invalid      Kind = "invalid"      // readable, but its values break rules; see Issues (422)
	Precondition Kind = "precondition" // the request must say which version it means (428)
	Throttled    Kind = "throttled"    // too often (429)
	Unavailable  Kind = "unavailable"  // try again later: shutting down, disk full, store away (503)
	Internal     Kind = "internal"     // our own mistake (500); its inside is logged, never shown
)

// Args are the values that a message's text is filled with, by name.
type Args map[string]any

// Restore gives args that were read back from JSON the types by which messages know how to say them: labels
// and lists of texts.
func (a Args) Restore() {
	for name, arg := range a {
		switch arg := arg.(type) {
		case map[string]any:
			a[name] = texts(arg)
		case []any:
			list := make([]string, 0, len(arg))
			for _, one := range arg {
				if text, ok := one.(string); ok {
					list = append(list, text)
				}
			}
			a[name] = list
		}
	}
}

func texts(labels map[string]any) map[string]string {
	out := make(map[string]string, len(labels))
	for locale, one := range labels {
		if text, ok := one.(string); ok {
			out[locale] = text
		}
	}
	return out
}

// Error is a fault: Kind and Code for programs, Op and Path for people who look for the place, Cause for the log.
type Error struct {
	Kind   Kind
	Code   string // stable, dotted camelCase, e.g. "record.stale"; the key into package message
	Op     string // what was being done, e.g. "record.update"
	Path   string // a JSON Pointer into the input, or a file name and pointer for metadata
	Args   Args
	Issues Issues // every fault of the input, where Kind is Invalid or Malformed
	Cause  error
	// Detail carries what the answer must show beside the fault, such as both versions of a conflict.
	Detail any
}

// New makes a fault of the given kind and code.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// In names the operation during which the fault happened; the innermost name stays.
func (e *Error) In(op string) *Error {
	if e.Op == "" {
		e.Op = op
	}
	return e
}

// At names the place in the input.
func (e *Error) At(path string) *Error { e.Path = path; return e }

// With adds a named value for the message's text.
func (e *Error) With(name string, value any) *Error {
	if e.Args == nil {
		e.Args = Args{}
	}
	e.Args[name] = value
	return e
}

// Because keeps the cause for the log.
func (e *Error) Because(cause error) *Error { e.Cause = cause; return e }

// Error is for logs and tests; people read package message.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	fmt.Fprintf(&b, "%s (%s)", e.Code, e.Kind)
	if e.Path != "" {
		b.WriteString(" at " + e.Path)
	}
	if len(e.Issues) > 0 {
		b.WriteString(": " + e.Issues.Error())
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf tells the kind of any error; one that is not a fault is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf tells the code of any error, or "" for one that is not a fault.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Wrap turns any error into a fault, keeping one that already is.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e.In(op)
	}
	return &Error{Kind: Internal, Code: "internal", Op: op, Cause: err}
}
