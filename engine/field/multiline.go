package field

// multilineKind holds text of several lines.
func multilineKind() Kind {
	return multilineField{textField{
		spec{Multiline, []string{"string"}, words(input, lengths, searchable)}, true, maxMultiline}}
}

type multilineField struct{ textField }
