package fault

import (
	"fmt"
	"strings"
)

// Issue is one thing wrong with an input.
type Issue struct {
	Path string `json:"path"` // a JSON Pointer into what was sent, e.g. /values/lines/0/quantity
	Code string `json:"code"` // stable, the key into package message, e.g. "field.required"
	Args Args   `json:"args,omitempty"`
	File string `json:"file,omitempty"` // for metadata: the file in the bundle
	Line int    `json:"line,omitempty"` // for rules and scripts: 1-based
	Col  int    `json:"col,omitempty"`  // for rules and scripts: 1-based, in characters
}

// Error names the issue for logs and tests.
func (i Issue) Error() string {
	place := i.File
	if i.Path != "" {
		if place != "" {
			place += "#"
		}
		place += i.Path
	}
	if i.Line > 0 {
		place += fmt.Sprintf(":%d:%d", i.Line, i.Col)
	}
	text := place + " " + i.Code
	if len(i.Args) > 0 {
		text += fmt.Sprintf(" %v", map[string]any(i.Args))
	}
	return text
}

// Issues are all the faults of one input. The zero value has none.
type Issues []Issue

// Add notes one more issue; args are name, value pairs.
func (is *Issues) Add(path, code string, args ...any) {
	*is = append(*is, Issue{Path: path, Code: code, Args: pairs(args)})
}

// Under returns the issues with a prefix before each path.
func (is Issues) Under(prefix string) Issues {
	out := make(Issues, len(is))
	for n, i := range is {
		i.Path = prefix + i.Path
		out[n] = i
	}
	return out
}

// InFile returns the issues with the file named on each that names none.
func (is Issues) InFile(file string) Issues {
	out := make(Issues, len(is))
	for n, i := range is {
		if i.File == "" {
			i.File = file
		}
		out[n] = i
	}
	return out
}

func (is Issues) Error() string {
	texts := make([]string, len(is))
	for n, i := range is {
		texts[n] = i.Error()
	}
	return strings.Join(texts, "; ")
}

// Fault returns nil when there are no issues, else one Invalid fault that carries them all.
func (is Issues) Fault(op, code string) error {
	if len(is) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: code, Op: op, Issues: is}
}

// Escape makes a key fit into a JSON Pointer (RFC 6901).
func Escape(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}

// Unescape reads what Escape writes.
func Unescape(step string) string {
	return strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
}

func pairs(args []any) Args {
	if len(args) == 0 {
		return nil
	}
	out := make(Args, len(args)/2)
	for n := 0; n+1 < len(args); n += 2 {
		out[fmt.Sprint(args[n])] = args[n+1]
	}
	return out
}
