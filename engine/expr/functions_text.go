package expr

import (
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// What functions of text may ask for beside the limits of a run.
const (
	dearText   = 16 // steps for textUnit bytes, of functions that look at each character closely
	maxEndings = 50 // of nameKey
)

// changed makes a text of a text, about as long.
func changed(change func(string) string) func(*run, []any) (any, error) {
	return func(r *run, a []any) (any, error) {
		s := a[0].(string)
		if err := r.made(len(s)); err != nil {
			return nil, err
		}
		return change(s), nil
	}
}

func lowered(s string) string  { return strings.ToLower(s) }
func raised(s string) string   { return strings.ToUpper(s) }
func trimmed(s string) string  { return strings.TrimSpace(s) }
func folded(s string) string   { return text.Fold(s) }
func phoneKey(s string) string { return text.PhoneKey(s) }

func substring(_ *run, a []any) (any, error) {
	s := a[0].(string)
	first, ok := toInt(a[1].(number))
	count := int64(len(s))
	if ok && len(a) == 3 {
		count, ok = toInt(a[2].(number))
	}
	if !ok {
		return "", nil
	}
	return cut(s, first, count), nil
}

// indexOf counts characters from 0; absent where the part is not in the text.
func indexOf(_ *run, a []any) (any, error) {
	s, part := a[0].(string), a[1].(string)
	at := strings.Index(s, part)
	if at < 0 || part == "" {
		return nil, nil
	}
	return whole(int64(utf8.RuneCountInString(s[:at]))), nil
}

// replaced counts before it makes anything, because the text may become much longer.
func replaced(r *run, a []any) (any, error) {
	s, what, by := a[0].(string), a[1].(string), a[2].(string)
	if what == "" {
		return s, nil
	}
	if err := r.made(len(s) + strings.Count(s, what)*(len(by)-len(what))); err != nil {
		return nil, err
	}
	return strings.ReplaceAll(s, what, by), nil
}

func padStart(r *run, a []any) (any, error) {
	s, fill := a[0].(string), a[2].(string)
	width, ok := toInt(a[1].(number))
	if !ok || width > maxText {
		return nil, fault.New(fault.Invalid, "expr.textTooLong").With("max", maxText)
	}
	missing := int(width) - utf8.RuneCountInString(s)
	if missing <= 0 || fill == "" {
		return s, nil
	}
	signs := []rune(fill)
	if err := r.made(len(s) + missing*utf8.UTFMax); err != nil {
		return nil, err
	}
	var out strings.Builder
	for n := range missing {
		out.WriteRune(signs[n%len(signs)])
	}
	return out.String() + s, nil
}

func ofTexts(args []*node) bool {
	of := args[0].typ.Of
	return of != nil && (of.Kind == Text || of.Kind == None)
}

func joinedTexts(r *run, a []any) (any, error) {
	list, between := a[0].(value.List), a[1].(string)
	size, parts := 0, make([]string, 0, len(list))
	for _, v := range list {
		if s, ok := v.(string); ok && !isBlank(s) {
			parts, size = append(parts, s), size+len(s)+len(between)
		}
	}
	if err := r.made(size); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return strings.Join(parts, between), nil
}

func writtenText(args []*node) bool {
	return writtenDigits(args) && (len(args) == 1 || numbers.has(args[0].typ.Kind))
}

// written is how a number, a day or an instant on the tenant's clocks is read by people and programs alike.
func written(r *run, a []any) (any, error) {
	switch v := a[0].(type) {
	case day:
		return formatDay(v), nil
	case instant:
		return time.UnixMilli(int64(v)).In(r.zone()).Format("2006-01-02 15:04"), nil
	case number:
		if len(a) == 1 {
			return v.Trim(0).String(), nil
		}
		d, err := round(v, digitsIn(a))
		return d.Pad(digitsIn(a)).String(), err
	}
	return nil, nil
}

func writtenEndings(args []*node) bool {
	return len(args) == 1 || args[1].op == opList && len(args[1].kids) <= maxEndings && ofTexts(args[1:])
}

func nameKey(r *run, a []any) (any, error) {
	s := a[0].(string)
	if err := r.made(len(s)); err != nil {
		return nil, err
	}
	var endings []string
	if len(a) == 2 {
		for _, v := range a[1].(value.List) {
			if one, ok := v.(string); ok {
				endings = append(endings, one)
			}
		}
	}
	return text.NameKey(s, endings), nil
}

// numberIn reads a number as people write it: full-width digits, and commas between groups. Absent for all else.
func numberIn(_ *run, a []any) (any, error) {
	const longest = 60 // bytes; no number that fits is longer
	s := a[0].(string)
	if len(s) > longest {
		return nil, nil
	}
	s = text.Fold(s)
	unsigned := strings.TrimLeft(s, "+-")
	if len(s)-len(unsigned) > 1 || strings.Contains(unsigned, "_") || !isGrouped(unsigned) {
		return nil, nil
	}
	d, ok := literal(strings.ReplaceAll(unsigned, ",", ""))
	if !ok {
		return nil, nil
	}
	if strings.HasPrefix(s, "-") {
		return d.Neg(), nil
	}
	return d, nil
}

// isGrouped tells whether commas, if any, stand before each three digits of the whole part.
func isGrouped(s string) bool {
	before, after, _ := strings.Cut(s, ".")
	groups := strings.Split(before, ",")
	for n, group := range groups {
		if n > 0 && len(group) != 3 || n == 0 && len(groups) > 1 && (group == "" || len(group) > 3) {
			return false
		}
	}
	return !strings.Contains(after, ",")
}
