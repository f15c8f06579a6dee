package files_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tidewater/runtime/files"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("报", 300) + ".pdf"
	for sent, want := range map[string]string{
		"合同 (终稿).pdf": "合同 (终稿).pdf", "../../x": "x", `C:\tmp\a.txt`: "a.txt", "a\x00b.txt": "ab.txt", "": "file", "...": "file", "/": "file",
		"cod\u202egnp.exe": "codgnp.exe", "a\u200bb": "ab", "x\r\ny": "xy", `q"<>|?*.md`: "q______.md", "nul.txt": "_nul.txt", "COM1": "_COM1", "console": "console",
		"\xff\xfea.png": "a.png", "e\u0301.txt": "é.txt", "A\t\u0300": "À", "nul." + strings.Repeat("y", 251): "_nul." + strings.Repeat("y", 250), " .a. ": "a", long: strings.Repeat("报", 83) + ".pdf",
		strings.Repeat("x", 300): strings.Repeat("x", 255), "a." + strings.Repeat("y", 300): "a." + strings.Repeat("y", 253),
	} {
		if got := files.CleanName(sent); got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
	}
}

func TestAnyNameIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.OneOf(rapid.String(), rapid.StringMatching(`(\.\./)*[\x00-\x7f潮\x{202e}\x{2066}]{0,300}\.[a-z]{0,20}`)).Draw(t, "sent")
		got := files.CleanName(sent)
		bad := func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(`/\<>:"|?*`, r)
		}
		if got == "" || len(got) > 255 || !utf8.ValidString(got) || strings.ContainsFunc(got, bad) || strings.HasPrefix(got, ".") {
			t.Fatalf("%q becomes %q", sent, got)
		}
		if again := files.CleanName(got); again != got {
			t.Fatalf("%q becomes %q, and that %q", sent, got, again)
		}
	})
}
