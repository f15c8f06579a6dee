package field

// percentKind holds a share as people write it: 12.5 at scale 1 means 12.5 %.
func percentKind() Kind {
	return percentField{exactField{spec{Percent, []string{"number", "integer", "string"}, words(input, bounds, []string{"x-scale"})}}}
}

type percentField struct{ exactField }
