package expr

import (
	"errors"
	"strings"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// function is one that takes values and returns one.
type function struct {
	doc    string
	params []kinds
	least  int                     // arguments needed; 0: all params
	result func(args []*node) Type // of checked arguments
	check  func(args []*node) bool // what kinds cannot say; nil holds
	uses   uses                    // beside what the arguments use
	call   func(r *run, args []any) (any, error)
	whole  bool // gets absent arguments too; else one that is absent makes the result absent
}

// Doc describes a function for those who write rules.
type Doc struct {
	Name, Doc string
}

// Functions lists what an expression may call, sorted by name.
func Functions() []Doc {
	var docs []Doc
	for name, f := range functions {
		docs = append(docs, Doc{name, f.doc})
	}
	for name, f := range eaches {
		docs = append(docs, Doc{name, f.doc})
	}
	sortDocs(docs)
	return docs
}

func gives(k Kind) func([]*node) Type { return func([]*node) Type { return Type{Kind: k} } }

// functions is the whole list of what can be called without a predicate.
var functions = map[string]function{
	"today": {
		doc: "today() — the day on the tenant's clocks", result: gives(Date), uses: usesClock,
		call: func(r *run, _ []any) (any, error) { return r.today(), nil },
	},
	"now": {
		doc: "now() — the instant at which the rule runs", result: gives(DateTime), uses: usesClock,
		call: func(r *run, _ []any) (any, error) { return instant(r.ctx.Now.UnixMilli()), nil },
	},
	"date": {
		doc:    "date(\"2026-01-31\") or date(createdAt) — a day: as written, or of an instant on the tenant's clocks",
		params: []kinds{days}, result: gives(Date),
		call: func(r *run, a []any) (any, error) { return r.dayOf(a[0]), nil },
	},
	"addDays": {
		doc:    "addDays(date, n) — n days later, earlier for a negative n; an instant keeps its clock time",
		params: []kinds{days, of(Int)}, result: first,
		call: func(r *run, a []any) (any, error) { return r.shift(a[0], a[1].(number), value.AddDays) },
	},
	"addMonths": {
		doc:    "addMonths(date, n) — the same day n months later, or the last of a shorter month",
		params: []kinds{days, of(Int)}, result: first,
		call: func(r *run, a []any) (any, error) { return r.shift(a[0], a[1].(number), value.AddMonths) },
	},
	"addWorkdays": {
		doc:    "addWorkdays(date, n) — the n-th working day after a day, before it for a negative n",
		params: []kinds{of(Date), of(Int)}, result: gives(Date),
		call: func(r *run, a []any) (any, error) {
			if r.ctx.Calendar == nil {
				return nil, errNoCalendar()
			}
			return r.shift(a[0], a[1].(number), r.ctx.Calendar.AddWorkdays)
		},
	},
	"daysBetween": {
		doc:    "daysBetween(from, to) — days from one day to another, negative backwards",
		params: []kinds{of(Date), of(Date)}, result: gives(Int),
		call: func(_ *run, a []any) (any, error) {
			return whole(value.DaysBetween(int64(a[0].(day)), int64(a[1].(day)))), nil
		},
	},
	"workdays": {
		doc:    "workdays(from, to) — working days after from, up to and including to; negative backwards",
		params: []kinds{of(Date), of(Date)}, result: gives(Int),
		call: func(r *run, a []any) (any, error) {
			if r.ctx.Calendar == nil {
				return nil, errNoCalendar()
			}
			return whole(r.ctx.Calendar.WorkdaysBetween(int64(a[0].(day)), int64(a[1].(day)))), nil
		},
	},
	"startOfMonth": {
		doc:    "startOfMonth(date) — the first day of its month",
		params: []kinds{days}, result: gives(Date),
		call: func(r *run, a []any) (any, error) { return r.dayOf(a[0])/100*100 + 1, nil },
	},
	"endOfMonth": {
		doc:    "endOfMonth(date) — the last day of its month",
		params: []kinds{days}, result: gives(Date),
		call: func(r *run, a []any) (any, error) {
			last := r.dayOf(a[0])/100*100 + 31
			for !value.ValidDay(int64(last)) {
				last--
			}
			return last, nil
		},
	},
	"year":    datePart("year(date) — 2026", func(d day) int64 { return int64(d / 10000) }),
	"month":   datePart("month(date) — 1 to 12", func(d day) int64 { return int64(d / 100 % 100) }),
	"day":     datePart("day(date) — 1 to 31", func(d day) int64 { return int64(d % 100) }),
	"weekday": datePart("weekday(date) — 1 for Monday to 7 for Sunday", isoWeekday),

	"round": {
		doc:    "round(x) or round(x, 2) — rounded half up (away from zero) to so many digits, a written number from 0 to 9",
		params: []kinds{numbers, of(Int)}, least: 1, result: rounded, check: writtenDigits,
		call: func(_ *run, a []any) (any, error) {
			digits := int64(0)
			if len(a) == 2 {
				digits, _ = toInt(a[1].(number))
			}
			return asAny(round(a[0].(number), int(digits)))
		},
	},
	"floor": {
		doc:    "floor(x) — the whole number at or below",
		params: []kinds{numbers}, result: gives(Int),
		call: func(_ *run, a []any) (any, error) { return a[0].(number).Floor(0), nil },
	},
	"ceil": {
		doc:    "ceil(x) — the whole number at or above",
		params: []kinds{numbers}, result: gives(Int),
		call: func(_ *run, a []any) (any, error) { return a[0].(number).Ceil(0), nil },
	},
	"abs": {
		doc:    "abs(x) — without its sign",
		params: []kinds{numbers}, result: first,
		call: func(_ *run, a []any) (any, error) { return a[0].(number).Abs(), nil },
	},
	"min": extreme("min(a, b, …) or min(list) — the least; absent for an empty list", -1),
	"max": extreme("max(a, b, …) or max(list) — the greatest; absent for an empty list", 1),

	"len": {
		doc:    "len(x) — characters of a text, values of a list, rows of a table; 0 for absent",
		params: []kinds{lists | of(Text)}, result: gives(Int), whole: true,
		call: func(r *run, a []any) (any, error) {
			switch v := a[0].(type) {
			case string:
				return whole(int64(utf8.RuneCountInString(v))), r.work(len(v) / textUnit)
			case value.List:
				return whole(int64(len(v))), nil
			}
			return whole(0), nil
		},
	},
	"lower": textPart("lower(text) — in lower case", strings.ToLower),
	"upper": textPart("upper(text) — in upper case", strings.ToUpper),
	"trim":  textPart("trim(text) — without white space at its ends", strings.TrimSpace),
	"substring": {
		doc:    "substring(text, first, count) — count characters from the first-th on, counted from 0; without count, the rest",
		params: []kinds{of(Text), of(Int), of(Int)}, least: 2, result: gives(Text),
		call: func(r *run, a []any) (any, error) {
			s := a[0].(string)
			first, ok := toInt(a[1].(number))
			count := int64(len(s))
			if ok && len(a) == 3 {
				count, ok = toInt(a[2].(number))
			}
			if !ok {
				return "", nil
			}
			return cut(s, first, count), r.work(len(s) / textUnit)
		},
	},
	"hasRole": {
		doc:    "hasRole(\"approver\") — whether the actor has the role",
		params: []kinds{of(Text)}, result: gives(Bool), uses: usesActor,
		call: func(r *run, a []any) (any, error) {
			for _, role := range r.ctx.Actor.Roles {
				if role == a[0] {
					return true, nil
				}
			}
			return false, nil
		},
	},
}

func first(args []*node) Type {
	t := args[0].typ
	return Type{Kind: t.Kind, Scale: t.Scale}
}

func asAny(d number, err error) (any, error) { return d, err }

func datePart(doc string, get func(day) int64) function {
	return function{
		doc: doc, params: []kinds{days}, result: gives(Int),
		call: func(r *run, a []any) (any, error) { return whole(get(r.dayOf(a[0]))), nil },
	}
}

func textPart(doc string, change func(string) string) function {
	return function{
		doc: doc, params: []kinds{of(Text)}, result: gives(Text),
		call: func(r *run, a []any) (any, error) {
			s := a[0].(string)
			if err := r.made(len(s)); err != nil {
				return nil, err
			}
			return change(s), nil
		},
	}
}

// digits reads the written second argument of round.
func digits(args []*node) (n int64, ok bool) {
	if len(args) == 1 {
		return 0, true
	}
	d, ok := args[1].val.(number)
	if !ok {
		return 0, false
	}
	n, ok = toInt(d)
	return n, ok && n >= 0 && n <= maxScale
}

func writtenDigits(args []*node) bool {
	_, ok := digits(args)
	return ok
}

func rounded(args []*node) Type {
	n, _ := digits(args)
	return numberType(n == 0, int(n))
}

// extreme is min or max over two or more values of one kind, or over a list.
func extreme(doc string, sign int) function {
	return function{
		doc: doc, whole: true,
		call: func(_ *run, args []any) (any, error) {
			var best any
			for _, v := range args {
				if best == nil || compare(v, best)*sign > 0 {
					best = v
				}
			}
			return best, nil
		},
	}
}

func errNoCalendar() error {
	return fault.New(fault.Internal, "internal").In("expr.run").Because(errors.New("no working calendar given"))
}
