package field

// imageKind holds the ids of pictures.
func imageKind() Kind {
	return filesField{spec{Image, []string{"array"}, words(counts, []string{"readOnly", "x-readOnlyIf"})}}
}
