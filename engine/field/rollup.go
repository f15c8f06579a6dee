package field

import (
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// The figures a rollup can be.
const (
	RollupCount = "count"
	RollupSum   = "sum"
	RollupMin   = "min"
	RollupMax   = "max"
	RollupAvg   = "avg"
)

// When a rollup follows its records.
const (
	TimingTransaction = "transaction" // in the same transaction, under a guard
	TimingSoon        = "soon"        // behind the save; the default
)

// rollupKind holds a figure over the records of another form that refer to this one.
func rollupKind() Kind {
	return rollupField{spec{Rollup, []string{"string", "number", "integer"},
		[]string{"x-from", "x-via", "x-of", "x-op", "x-timing", "x-filter", "x-scale", "x-index", "x-mask", "x-lookup", "x-remind"}}}
}

type rollupField struct{ spec }

func (k rollupField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	missing := func(key string, is bool) {
		if is {
			issues.Add("/"+key, "meta.missing", "key", key)
		}
	}
	missing("x-from", def.From == "")
	missing("x-via", def.Via == "")
	missing("x-of", def.Of == "" && def.Op != RollupCount)
	if !slices.Contains([]string{RollupCount, RollupSum, RollupMin, RollupMax, RollupAvg}, def.Op) {
		issues.Add("/x-op", "field.option", "value", def.Op)
	}
	if !slices.Contains([]string{"", TimingTransaction, TimingSoon}, def.Timing) {
		issues.Add("/x-timing", "field.option", "value", def.Timing)
	}
	return issues
}

// As is a whole number for a count, else the definition of the field that is summed up. An average may
// state more decimals.
func (k rollupField) As(def *meta.Field, lookup Lookup) (*meta.Field, fault.Issues) {
	var issues fault.Issues
	if via, ok := lookup(def.From, def.Via); !ok || via.Kind != Reference {
		issues.Add("/x-via", "meta.rollup")
		return nil, issues
	}
	if def.Op == RollupCount {
		return &meta.Field{Kind: Number, Label: def.Label, Help: def.Help, ReadOnly: true, Index: def.Index, Mask: def.Mask}, nil
	}
	of, ok := lookup(def.From, def.Of)
	if !ok || !reckons(def.Op, of.Kind) {
		issues.Add("/x-of", "meta.rollup")
		return nil, issues
	}
	as := &meta.Field{Kind: of.Kind, Label: def.Label, Help: def.Help, Scale: of.Scale, Currency: of.Currency,
		ReadOnly: true, Index: def.Index, Mask: def.Mask}
	if def.Op == RollupAvg {
		as.Scale = max(def.Scale, of.Scale)
	}
	switch {
	case of.Kind == Rating && def.Op == RollupAvg:
		as.Kind = Number // the average of points is no longer one
	case of.Kind == Rating:
		as.Points = of.Points
	}
	return as, nil
}

func reckons(op string, kind meta.FieldKind) bool {
	switch op {
	case RollupSum:
		return Adds(kind)
	case RollupAvg:
		return Averages(kind)
	}
	return Adds(kind) || slices.Contains([]meta.FieldKind{Rating, Date, Datetime, Time}, kind)
}

// Adds tells whether values of a kind add up to another of it.
func Adds(kind meta.FieldKind) bool {
	return slices.Contains([]meta.FieldKind{Number, Currency, Percent, Duration}, kind)
}

// Averages tells whether values of a kind have an average. Points do, though nobody adds them up.
func Averages(kind meta.FieldKind) bool { return Adds(kind) || kind == Rating }
