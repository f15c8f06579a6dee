package files

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxName = 255 // bytes, what file systems take
	// maxExtension bounds what is kept behind the last dot where a name is cut, in bytes.
	maxExtension = 16
	noName       = "file"
)

// CleanName makes of what a sender calls a file a name that is safe to show and to save: without folders,
// characters that nobody sees or that turn the direction of reading, or such as file systems refuse; at
// most 255 bytes of UTF-8, with the extension kept. It is never empty.
func CleanName(sent string) string {
	sent = strings.ToValidUTF8(sent, "")
	sent = sent[strings.LastIndexAny(sent, `/\`)+1:]
	// Composed last, for what is left may compose across what was removed.
	name := norm.NFC.String(strings.Map(cleanRune, sent))
	name = cut(strings.Trim(name, " ."))
	if name == "" {
		return noName
	}
	if isReserved(name) {
		return cut("_" + name)
	}
	return name
}

func cleanRune(r rune) rune {
	switch {
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), r == unicode.ReplacementChar:
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// cut shortens a name before its extension, between two characters.
func cut(name string) string {
	if len(name) <= maxName {
		return name
	}
	extension := path.Ext(name)
	if len(extension) > maxExtension {
		extension = ""
	}
	stem := name[:maxName-len(extension)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, " .") + extension
}

// isReserved tells the names that are devices on Windows, whatever their extension.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch strings.TrimSpace(stem) {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}
