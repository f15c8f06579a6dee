package field

// Pictures are the media types that an image field takes unless it states others: those whose
// thumbnails can be made, and none that can hold a script.
func Pictures() []string { return []string{"image/jpeg", "image/png", "image/gif", "image/webp"} }

// imageKind holds the ids of pictures.
func imageKind() Kind {
	return filesField{spec{Image, []string{"array"}, filed}, Pictures()}
}
