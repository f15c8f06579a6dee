package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// mirrorKind shows a field of a record that this one refers to: stored, so that it sorts, filters and
// groups; kept up to date behind the save.
func mirrorKind() Kind {
	return mirrorField{spec{Mirror, []string{"string", "number", "integer", "boolean", "array", "object"},
		[]string{"x-via", "x-of", "x-index", "x-search", "x-mask", "x-lookup"}}}
}

type mirrorField struct{ spec }

func (k mirrorField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if def.Via == "" {
		issues.Add("/x-via", "meta.missing", "key", "x-via")
	}
	if def.Of == "" {
		issues.Add("/x-of", "meta.missing", "key", "x-of")
	}
	return issues
}

// As is the definition of the field mirrored, with this one's own search, index and mask. Tables are
// not mirrored: a record would carry another's rows.
func (k mirrorField) As(def *meta.Field, lookup Lookup) (*meta.Field, fault.Issues) {
	var issues fault.Issues
	via, ok := lookup("", def.Via)
	if !ok || via.Kind != Reference {
		issues.Add("/x-via", "meta.mirror")
		return nil, issues
	}
	target, ok := lookup(via.Ref, def.Of)
	if !ok || target.Kind == Table {
		issues.Add("/x-of", "meta.reference", "key", string(via.Ref)+"."+string(def.Of))
		return nil, issues
	}
	as := *target
	as.Label, as.Help = def.Label, def.Help
	as.Search, as.Index, as.Mask, as.Lookup = def.Search, def.Index, def.Mask, def.Lookup
	as.Unique, as.ReadOnly = false, true
	return &as, nil
}
