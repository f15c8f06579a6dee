package sheet

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

// The names of encodings, see grid.Encodings.
const (
	utf8Name    = "utf-8"
	gbName      = "gb18030" // GBK and GB2312 are parts of it
	utf16leName = "utf-16le"
	utf16beName = "utf-16be"
)

// sample is how much text tells its encoding: so much from the first byte on that is not ASCII.
const sample = 64 << 10

var marks = []struct {
	bytes []byte
	name  string
}{{[]byte("\xef\xbb\xbf"), utf8Name}, {[]byte("\xff\xfe"), utf16leName}, {[]byte("\xfe\xff"), utf16beName}}

// encodingOf finds out how a file of text is written, and how long its byte order mark is.
func encodingOf(f grid.File, chosen string) (name string, mark int64, err error) {
	head := make([]byte, sample)
	n, err := f.At.ReadAt(head, 0)
	if err != nil && n == 0 {
		return "", 0, unreadable(err)
	}
	head = head[:n]
	for _, m := range marks {
		if bytes.HasPrefix(head, m.bytes) && (chosen == "" || chosen == m.name) {
			return m.name, int64(len(m.bytes)), nil
		}
	}
	if chosen != "" {
		if !slices.Contains(grid.Encodings(), chosen) {
			return "", 0, fault.New(fault.Invalid, "import.encodingUnknown").In("sheet.open").With("encodings", grid.Encodings())
		}
		return chosen, 0, nil
	}
	if name := wide(head); name != "" {
		return name, 0, nil
	}
	text, err := speaking(f, head)
	if err != nil {
		return "", 0, err
	}
	if validBut(text) {
		return utf8Name, 0, nil
	}
	return gbName, 0, nil
}

// wide tells UTF-16 without a mark: text has separators and digits, whose other byte is zero.
func wide(head []byte) string {
	var zeros [2]int
	for at, b := range head {
		if b == 0 {
			zeros[at%2]++
		}
	}
	switch few := len(head) / 40; {
	case zeros[1] > few && zeros[0] <= zeros[1]/8:
		return utf16leName
	case zeros[0] > few && zeros[1] <= zeros[0]/8:
		return utf16beName
	}
	return ""
}

// speaking is a piece of the file that begins with its first byte beyond ASCII: what stands before it is the
// same in all encodings.
func speaking(f grid.File, head []byte) ([]byte, error) {
	beyond := func(b []byte) int { return slices.IndexFunc(b, func(c byte) bool { return c >= utf8.RuneSelf }) }
	if at := beyond(head); at >= 0 {
		more := make([]byte, sample)
		n, err := f.At.ReadAt(more, int64(at))
		if err != nil && n == 0 {
			return nil, unreadable(err)
		}
		return more[:n], nil
	}
	buffer := make([]byte, 256<<10)
	for from := int64(len(head)); from < f.Size; from += int64(len(buffer)) {
		n, err := f.At.ReadAt(buffer, from)
		if err != nil && n == 0 {
			return nil, unreadable(err)
		}
		if at := beyond(buffer[:n]); at >= 0 {
			return bytes.Clone(buffer[at:n]), nil
		}
	}
	return nil, nil
}

// validBut tells whether bytes are UTF-8 but for a character that is cut at the end.
func validBut(text []byte) bool {
	for cut := range min(utf8.UTFMax, len(text)+1) {
		if utf8.Valid(text[:len(text)-cut]) {
			return true
		}
	}
	return false
}

// decoded reads text of an encoding as UTF-8. What is no text of it becomes U+FFFD.
func decoded(from io.Reader, name string) io.Reader {
	var how encoding.Encoding
	switch name {
	case gbName:
		how = simplifiedchinese.GB18030
	case utf16leName:
		how = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case utf16beName:
		how = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		return from
	}
	return how.NewDecoder().Reader(from)
}
