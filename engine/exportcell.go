package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/value"
)

// cell writes a value of the wire as people read it.
func (w exporting) cell(c outColumn, v any, locale string) grid.Cell {
	if v == nil {
		return grid.Cell{}
	}
	switch {
	case c.part == "id":
		return grid.Cell{Text: manyTexts(v, func(one any) string { return inside(one, "id") })}
	case c.part != "":
		return grid.Cell{Text: inside(v, c.part)}
	}
	f := c.field
	switch f.As.Kind {
	case field.Number, field.Currency, field.Percent:
		return grid.Cell{Text: fmt.Sprint(v)}
	case field.Datetime:
		text, _ := v.(string)
		return instantCell(text, w.config.Zone)
	case field.Boolean:
		if v == true {
			return grid.Cell{Text: w.config.Texts.Text(locale, "explain.yes", nil)}
		}
		return grid.Cell{Text: w.config.Texts.Text(locale, "explain.no", nil)}
	case field.Select, field.Stage, field.Multiselect, field.Tags:
		return grid.Cell{Text: manyTexts(v, func(one any) string {
			text, _ := one.(string)
			if o, ok := field.OptionOf(f.As.Options, text); ok && !c.whole {
				return cmp.Or(labelOf(o.Label, locale), text)
			}
			return intake.OptionName(f.As.Options, text, locale)
		})}
	case field.Cascade:
		if path := textsOf(v); path != nil && c.whole {
			return grid.Cell{Text: intake.PathName(f.As.Options, path, locale)}
		}
	case field.RichText:
		text, _ := v.(string) // with its marks, or an import of it would lose them
		return grid.Cell{Text: text}
	case field.AnyRef:
		return grid.Cell{Text: field.Naming(value.FormKey(inside(v, "form")), value.ID(inside(v, "id")))}
	case field.Attachment, field.Image, field.Signature:
		return grid.Cell{Text: manyTexts(v, func(one any) string { return inside(one, "name") })}
	}
	if f.Target() != "" {
		return grid.Cell{Text: manyTexts(v, func(one any) string {
			if title := inside(one, "title"); title != "" {
				return title
			}
			return inside(one, "id")
		})}
	}
	return grid.Cell{Text: titled(f, v, locale)}
}

func textsOf(v any) (out []string) {
	list, _ := v.([]any)
	for _, one := range list {
		text, _ := one.(string)
		out = append(out, text)
	}
	return out
}

// instantCell shows an instant by the clocks of a zone, if that means it; else in UTC, and says so:
// where clocks go back an hour comes twice, and spreadsheets keep no parts of seconds.
func instantCell(text string, zone *time.Location) grid.Cell {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return grid.Cell{Text: text, Own: true}
	}
	const plain = "2006-01-02T15:04:05"
	local := at.In(zone).Format(plain)
	if meant, err := time.ParseInLocation(plain, local, zone); err == nil && meant.Equal(at) {
		return grid.Cell{Text: local}
	}
	return grid.Cell{Text: at.UTC().Format(time.RFC3339Nano), Own: true}
}

// titled is a value as people read it; what is masked stays as it is shown.
func titled(f outField, v any, locale string) string {
	if n, ok := v.(int64); ok {
		v = json.Number(strconv.FormatInt(n, 10))
	}
	stored, issues := f.Kind.Decode(f.As, v)
	if _, titler := f.Kind.(field.Titler); titler && len(issues) == 0 {
		return f.Text(stored, locale)
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

func inside(v any, key string) string {
	object, _ := v.(map[string]any)
	text, _ := object[key].(string)
	return text
}

// manyTexts writes one value or many, in the way in which an import reads them.
func manyTexts(v any, one func(any) string) string {
	list, ok := v.([]any)
	if !ok {
		return one(v)
	}
	texts := make([]string, len(list))
	for n := range list {
		texts[n] = one(list[n])
	}
	return intake.Together(texts)
}
