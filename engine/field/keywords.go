package field

import (
	"encoding/json"
	"maps"
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// spec is what every kind states about its definitions.
type spec struct {
	name     meta.FieldKind
	types    []string // JSON Schema types that an author may state
	keywords []string // beside the common ones
}

func (s spec) Name() meta.FieldKind { return s.name }

// common are the keywords that every kind knows.
var common = []string{"type", "x-field", "x-label", "x-help", "x-requiredIf", "x-visibleIf"}

// Groups of keywords that several kinds share.
var (
	input      = []string{"x-default", "x-compute", "readOnly", "x-readOnlyIf", "x-mask", "x-lookup", "x-index", "x-group"}
	lengths    = []string{"minLength", "maxLength", "pattern"}
	bounds     = []string{"x-min", "x-max"}
	counts     = []string{"minItems", "maxItems"}
	unique     = []string{"x-unique"}
	searchable = []string{"x-search"}
	reminds    = []string{"x-remind"}
	turns      = []string{"x-turns"}
)

func words(groups ...[]string) []string { return slices.Concat(groups...) }

// Check finds keywords the kind does not know and a stated type it cannot have.
func (s spec) Check(def *meta.Field) fault.Issues {
	var issues fault.Issues
	for _, key := range keywordsOf(def) {
		if !slices.Contains(common, key) && !slices.Contains(s.keywords, key) {
			issues.Add("/"+fault.Escape(key), "meta.fieldOption", "key", key, "kind", s.name)
		}
	}
	if stated, ok := def.Type.(string); def.Type != nil && (!ok || !slices.Contains(s.types, stated)) {
		issues.Add("/type", "meta.fieldOption", "key", "type", "kind", s.name)
	}
	return append(issues, checkBounds(def)...)
}

func checkBounds(def *meta.Field) fault.Issues {
	var issues fault.Issues
	refuse := func(key string) { issues.Add("/"+key, "meta.fieldOption", "key", key, "kind", def.Kind) }
	for key, n := range map[string]*int{"minLength": def.MinLength, "maxLength": def.MaxLength, "minItems": def.MinItems, "maxItems": def.MaxItems} {
		if n != nil && *n < 0 {
			refuse(key)
		}
	}
	if def.MinLength != nil && def.MaxLength != nil && *def.MinLength > *def.MaxLength {
		refuse("minLength")
	}
	if def.MinItems != nil && def.MaxItems != nil && *def.MinItems > *def.MaxItems {
		refuse("minItems")
	}
	return issues
}

// keywordsOf lists the keywords that a definition states, sorted. Whatever meta.Field can hold is told
// by its JSON form, so that no list here can forget one.
func keywordsOf(def *meta.Field) []string {
	text, err := json.Marshal(def)
	if err != nil {
		return nil // only a Type that is no JSON can fail, and it was decoded from JSON
	}
	var stated map[string]json.RawMessage
	if err := json.Unmarshal(text, &stated); err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(stated))
}

// wrongType is the issue for a value of another JSON type.
func wrongType(want string) fault.Issues {
	var issues fault.Issues
	issues.Add("", "field.type", "want", want)
	return issues
}

func refused(code string, args ...any) fault.Issues {
	return fault.Issues{fault.Issue{Code: code, Args: argsOf(args)}}
}

func argsOf(args []any) fault.Args {
	if len(args) == 0 {
		return nil
	}
	out := fault.Args{}
	for n := 0; n+1 < len(args); n += 2 {
		out[args[n].(string)] = args[n+1]
	}
	return out
}
