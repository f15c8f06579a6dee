package field

import (
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// formulaKind holds what an expression gives, computed at each save. Its values are of the kind that
// x-result names; without it of the kind that type implies, a currency where x-currency is stated, else a number.
func formulaKind() Kind {
	return formulaField{spec{Formula, []string{"string", "number", "integer", "boolean"},
		words(bounds, searchable, unique, []string{"x-compute", "x-result", "x-scale", "x-currency", "x-index", "x-mask", "x-lookup"})}}
}

type formulaField struct{ spec }

// results are the kinds a formula can have.
var results = []meta.FieldKind{Text, Multiline, Number, Currency, Percent, Boolean, Date, Datetime, Time, Duration}

func (k formulaField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if def.Compute == "" {
		issues.Add("/x-compute", "meta.missing", "key", "x-compute")
	}
	if def.Result != "" && !slices.Contains(results, def.Result) {
		issues.Add("/x-result", "meta.fieldKind", "kind", def.Result)
		return issues
	}
	as, _ := k.As(def, nil)
	kind, ok := Of(as.Kind)
	if !ok {
		return issues
	}
	as.Compute, as.ReadOnly = "", false
	return append(issues, kind.Check(as)...)
}

func (k formulaField) As(def *meta.Field, _ Lookup) (*meta.Field, fault.Issues) {
	as := *def
	as.Kind, as.Result, as.ReadOnly = resultOf(def), "", true
	return &as, nil
}

func resultOf(def *meta.Field) meta.FieldKind {
	switch {
	case def.Result != "":
		return def.Result
	case def.Type == "string" && def.Scale == 0 && def.Currency == "":
		return Text
	case def.Type == "boolean":
		return Boolean
	case def.Currency != "":
		return Currency
	}
	return Number
}
