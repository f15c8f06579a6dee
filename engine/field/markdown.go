package field

// maxMarkdown bounds texts with marks, in characters, where their definition does not.
const maxMarkdown = 50_000

// markdownKind holds text with marks as it was written (CommonMark). It is kept as text: whoever shows it
// makes the page of it, and takes no HTML from it.
func markdownKind() Kind {
	return textField{spec{Markdown, []string{"string"}, words(input, lengths, searchable)}, true, maxMarkdown}
}
