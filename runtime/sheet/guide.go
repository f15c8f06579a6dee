package sheet

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// choices are what the cells of a column are chosen from.
type choices struct {
	column int // from 1
	among  []string
	open   bool
}

// choicesName is the sheet that has what is chosen from: a list in the sheet itself may have 255 characters.
const choicesName = "choices"

// guide readies the columns for whoever fills them. Cells that are empty yet take what is typed as their column's
// kind: as text, so that no zero in front is lost, unless they are numbers or dates.
func (s *bookSheet) guide() error {
	for n, c := range s.columns {
		style, err := s.book.style(styleKey{format: formats(c.Kind, c.Scale)})
		if err != nil {
			return err
		}
		if err := s.stream.SetColStyle(n+1, n+1, style); err != nil {
			return cannot(err)
		}
		if c.Note != "" {
			at, err := excelize.CoordinatesToCellName(n+1, 1)
			if err != nil {
				return cannot(err)
			}
			s.notes = append(s.notes, noteOf(at, c.Note))
		}
		if len(c.Among) > 0 {
			s.choices = append(s.choices, choices{n + 1, c.Among, c.Open})
		}
	}
	return nil
}

// noteOf is a note that is as high as what it says.
func noteOf(cell, text string) excelize.Comment {
	const line, width = 20, 320 // points
	lines := 1 + strings.Count(text, "\n") + len([]rune(text))/40
	return excelize.Comment{Cell: cell, Text: cut(text, maxCell), Author: "Tidewater", Height: uint(line * min(lines, 20)), Width: width}
}

// offer writes what is chosen from, and binds the cells below the names of columns to it.
func (b *book) offer() error {
	var lists []choices
	for _, s := range b.sheets {
		lists = append(lists, s.choices...)
	}
	if len(lists) == 0 {
		return nil
	}
	name := b.sheetName(choicesName)
	if err := b.aside(name); err != nil {
		return err
	}
	list := 0
	for _, s := range b.sheets {
		for _, c := range s.choices {
			list++
			if err := b.bind(s, c, name, list); err != nil {
				return err
			}
		}
	}
	return nil
}

// bind writes one list into the next column of the sheet of lists, and binds a column's cells to it.
func (b *book) bind(s *bookSheet, c choices, lists string, at int) error {
	from, err := excelize.CoordinatesToCellName(at, 1)
	if err != nil {
		return err
	}
	texts := make([]any, len(c.among))
	for n, text := range c.among {
		texts[n] = cut(text, maxCell)
	}
	if err := b.file.SetSheetCol(lists, from, &texts); err != nil {
		return err
	}
	where, err := excelize.ColumnNumberToName(at)
	if err != nil {
		return err
	}
	column, err := excelize.ColumnNumberToName(c.column)
	if err != nil {
		return err
	}
	choice := excelize.NewDataValidation(true)
	choice.Sqref = fmt.Sprintf("%s2:%s%d", column, column, maxSheetRows)
	choice.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", lists, where, where, len(texts)))
	choice.ShowErrorMessage = !c.open
	return b.file.AddDataValidation(s.name, choice)
}

// Aside adds a table that spreadsheets do not show, see grid.Book.
func (b *book) Aside(name string, rows [][]string) error {
	if b.named(name) {
		return nil // what is shown goes first
	}
	if err := b.aside(name); err != nil {
		return cannot(err)
	}
	for n, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return cannot(err)
		}
		if err := b.file.SetSheetRow(name, at, &row); err != nil {
			return cannot(err)
		}
	}
	return nil
}

func (b *book) aside(name string) error {
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	return b.file.SetSheetVisible(name, false, true)
}
