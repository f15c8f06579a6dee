package value

import "slices"

// Scopes of a token: what it lets its holder do of what they may do anyway, everywhere ("read") or with
// one form's records ("read:asset"). Writing includes reading.
const (
	ReadScope   = "read"
	WriteScope  = "write"
	ExportScope = "export"
	AdminScope  = "admin" // of the whole tenant, never of a form
)

// Grants tells whether the actor's token has a scope, for all forms or for this one. Without a token, and
// with one that is not narrowed, everything is granted.
func (a Actor) Grants(scope string, form FormKey) bool {
	if a.Scopes == nil {
		return true
	}
	has := func(s string) bool {
		return slices.Contains(a.Scopes, s) || form != "" && slices.Contains(a.Scopes, s+":"+string(form))
	}
	return has(scope) || scope == ReadScope && has(WriteScope)
}
