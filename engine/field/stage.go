package field

import (
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// stageKind holds where something stands: one option, with a probability (percent) and, at the ends,
// won or lost.
func stageKind() Kind {
	return stageField{selectField{spec{Stage, []string{"string"}, words(input, searchable, turns, []string{"x-options"})}}}
}

type stageField struct{ selectField }

func (k stageField) Check(def *meta.Field) fault.Issues {
	issues := append(k.spec.Check(def), checkOptions(def.Options, false, "/x-options")...)
	for n, o := range def.Options {
		at := "/x-options/" + strconv.Itoa(n)
		if o.Probability != nil && (*o.Probability < 0 || *o.Probability > 100) {
			issues.Add(at+"/probability", "field.range", "min", 0, "max", 100)
		}
		if o.Closed != "" && o.Closed != "won" && o.Closed != "lost" {
			issues.Add(at+"/closed", "field.option", "value", o.Closed)
		}
	}
	return issues
}
