package field

import (
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field/region"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// idcardKind holds the number of a resident identity card of mainland China (GB 11643): six digits of a
// division, eight of the birthday, three of the order, and a check digit, which may be X.
func idcardKind() Kind {
	return idcardField{spec{IDCard, []string{"string"}, words(input, unique, searchable)}}
}

type idcardField struct{ spec }

func (idcardField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	if code := wrongIDCard(s); code != "" {
		return nil, refused(code)
	}
	return s, nil
}

// wrongIDCard names what is wrong with a number; "" for a good one. The division's province is checked
// and no more, for cards keep the codes of divisions that are gone. Numbers of fifteen digits ended in
// 2013 and have no check digit, so that a slip of the pen could not be told.
func wrongIDCard(s string) (code string) {
	switch {
	case len(s) == 15 && isDigits(s):
		return "field.idcardOld"
	case len(s) != 18 || !isDigits(s[:17]) || !strings.Contains("0123456789X", s[17:]):
		return "field.idcard"
	case !region.Valid(s[:2] + "0000"):
		return "field.idcardRegion"
	case idcardBirthday(s) == 0:
		return "field.idcardBirthday"
	case idcardCheck(s[:17]) != s[17]:
		return "field.idcardCheck"
	}
	return ""
}

// firstBirthYear is before the birth of whoever can hold a card.
const firstBirthYear = 1850

// idcardBirthday is the day, yyyymmdd, in a number; 0 where there is no such day.
func idcardBirthday(s string) int64 {
	day, err := strconv.ParseInt(s[6:14], 10, 64)
	if err != nil || !value.ValidDay(day) || day < firstBirthYear*10_000 {
		return 0
	}
	return day
}

// idcardCheck is the check digit of ISO 7064 MOD 11-2 over the first seventeen.
func idcardCheck(digits string) byte {
	sum := 0
	for _, digit := range []byte(digits) {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	return "0123456789X"[(12-sum)%11]
}

func (idcardField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (idcardField) JSONSchema(*meta.Field) map[string]any {
	return map[string]any{"type": "string", "pattern": "^[0-9]{17}[0-9X]$"}
}

func (idcardField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: textual} }

func (idcardField) Texts(_ *meta.Field, v value.Value) []string { return oneText(v) }
