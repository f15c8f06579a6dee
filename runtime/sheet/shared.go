package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"tidewater/engine/fault"
)

// maxShared bounds the texts that a workbook keeps once for all its cells, in bytes: they must be at hand while
// its rows are read.
const maxShared = 128 << 20

// sharedTexts are those texts, in one piece.
type sharedTexts struct {
	all  []byte
	ends []uint32
}

func (s *sharedTexts) at(index string) (string, bool) {
	n, err := strconv.Atoi(index)
	if err != nil || n < 0 || n >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	return string(s.all[from:s.ends[n]]), true
}

// escape is a UTF-16 unit in a text (ECMA-376, 22.9.2.19 ST_Xstring): what XML does not allow, such as a carriage
// return, and an underscore that would begin one.
var escape = regexp.MustCompile(`(?:_x[0-9A-Fa-f]{4}_)+`)

// unescaped is a text with its escapes as what they mean.
func unescaped(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(found string) string {
		var units []uint16
		for _, one := range strings.Split(strings.Trim(found, "_"), "__") {
			unit, err := strconv.ParseUint(one[1:], 16, 16)
			if err != nil {
				return found
			}
			units = append(units, uint16(unit))
		}
		return string(utf16.Decode(units))
	})
}

const sharedPart = "xl/sharedStrings.xml"

// shared reads them: an si is one, its text that of all t in it but for phonetic guides (rPh).
func (w *workbook) shared() (_ *sharedTexts, err error) {
	out := &sharedTexts{}
	if !w.archive.has(sharedPart) {
		return out, nil
	}
	part, err := w.archive.open(sharedPart)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	tokens := xml.NewDecoder(part)
	inText, phonetic := false, 0
	for {
		token, err := tokens.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "t"
			if token.Name.Local == "rPh" {
				phonetic++
			}
		case xml.EndElement:
			inText = false
			switch token.Name.Local {
			case "rPh":
				phonetic--
			case "si":
				out.ends = append(out.ends, uint32(len(out.all)))
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				out.all = append(out.all, token...)
			}
		}
		if len(out.all) > maxShared {
			return nil, fault.New(fault.TooLarge, "import.tooMuchText").In("sheet.open").With("megabytes", maxShared>>20)
		}
	}
}
