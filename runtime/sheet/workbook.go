package sheet

import (
	"context"
	"io"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

const workbookPart = "xl/workbook.xml"

// workbook is an opened file (ECMA-376, SpreadsheetML).
type workbook struct {
	archive *archive
	sheets  []sheetPart
	strings *sharedTexts
	formats []format // by style
	is1904  bool
}

type sheetPart struct {
	name, part string
	hidden     bool
}

// reads ends reading from the store with the context.
type reads struct {
	ctx context.Context
	at  io.ReaderAt
}

func (r reads) ReadAt(p []byte, off int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.at.ReadAt(p, off)
}

func openWorkbook(ctx context.Context, f grid.File, choice grid.Choice) (grid.Reader, grid.Look, error) {
	look := grid.Look{Format: grid.XLSX}
	a, err := openArchive(reads{ctx, f.At}, f.Size)
	if err != nil {
		return nil, look, err
	}
	if !a.has(workbookPart) {
		return nil, look, fault.New(fault.Unsupported, "import.format").In("sheet.open")
	}
	w := &workbook{archive: a}
	if err := w.open(); err != nil {
		return nil, look, err
	}
	for _, s := range w.sheets {
		if s.hidden {
			look.Aside = append(look.Aside, s.name)
			continue
		}
		look.Sheets = append(look.Sheets, s.name)
	}
	at := max(0, slices.IndexFunc(w.sheets, func(s sheetPart) bool { return !s.hidden }))
	if choice.Sheet != "" {
		at = slices.IndexFunc(w.sheets, func(s sheetPart) bool { return s.name == choice.Sheet })
	}
	if at < 0 || at >= len(w.sheets) {
		return nil, look, fault.New(fault.NotFound, "import.sheetUnknown").In("sheet.open").With("sheet", choice.Sheet)
	}
	look.Sheet = w.sheets[at].name
	merged, err := w.merged(w.sheets[at].part)
	if err != nil {
		return nil, look, err
	}
	look.Merged = len(merged)
	rows, err := w.rows(w.sheets[at].part, merged)
	return rows, look, err
}

// open reads what all sheets have in common.
func (w *workbook) open() error {
	var said struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// Strict workbooks have another name for the same.
			Strict string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.archive.decode(workbookPart, &said); err != nil {
		return err
	}
	w.is1904 = said.Properties.Date1904 == "1" || said.Properties.Date1904 == "true"
	targets, err := w.archive.relations(workbookPart)
	if err != nil {
		return err
	}
	for _, s := range said.Sheets {
		if part := targets[s.ID+s.Strict]; w.archive.has(part) && strings.Contains(part, "worksheets/") {
			w.sheets = append(w.sheets, sheetPart{s.Name, part, s.State != "" && s.State != "visible"})
		}
	}
	if w.formats, err = w.styles(); err != nil {
		return err
	}
	w.strings, err = w.shared()
	return err
}
