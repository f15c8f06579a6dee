package expr

import "slices"

// Group is a chapter of the library.
type Group string

// The chapters, in the order of the manual.
const (
	Texts    Group = "text"
	Numbers  Group = "number"
	Dates    Group = "date"
	Workdays Group = "workday"
	People   Group = "org"
	Money    Group = "money"
	Regions  Group = "region"
	Lists    Group = "list"
)

// function is one row of the library: all that the checker, the runner, the manual and an editor's
// completion know of it. What it is for is in package message: "function.<name>" and "functionHelp.<name>".
type function struct {
	name   string
	group  Group
	params []param
	least  int                     // arguments needed; 0: all params
	many   bool                    // the last param may be given again and again
	gives  kinds                   // of its results
	result func(args []*node) Type // of checked arguments; nil: the one kind that it gives
	check  func(args []*node) bool // what kinds cannot say; nil holds
	uses   uses                    // beside what the arguments use
	// What a call counts of a run's steps: so many, and so many more for each textUnit bytes of text (0: 1)
	// and each element of a list that are passed. Texts and lists that it makes count as memory beside.
	steps, perText int
	blank          bool // gets absent arguments too; else one that is absent makes the result absent
	call           func(r *run, args []any) (any, error)
	each           *each // of one with a predicate, instead of call
	// An example and what it gives, written as a literal, in the setting that the tests state.
	example, shows string
}

type param struct {
	name  string
	kinds kinds
}

// library is the whole list of what can be called, by chapters.
var library = slices.Concat(
	textFunctions, numberFunctions, dateFunctions, workdayFunctions, peopleFunctions, moneyFunctions,
	regionFunctions, listFunctions,
)

// functions is the library by name.
var functions = byName(library)

func byName(list []function) map[string]*function {
	out := make(map[string]*function, len(list))
	for n := range list {
		out[list[n].name] = &list[n]
	}
	return out
}

const (
	aText   kinds = 1 << Text
	anInt   kinds = 1 << Int
	aBool   kinds = 1 << Bool
	aDay    kinds = 1 << Date
	aMoment kinds = 1 << DateTime
)

var textFunctions = []function{
	{
		name: "len", group: Texts, params: []param{{"x", lists | aText}}, gives: anInt, blank: true, call: length,
		example: `len("设备")`, shows: `2`,
	},
	{
		name: "lower", group: Texts, params: []param{{"text", aText}}, gives: aText, call: changed(lowered),
		example: `lower("ABC Ltd")`, shows: `"abc ltd"`,
	},
	{
		name: "upper", group: Texts, params: []param{{"text", aText}}, gives: aText, call: changed(raised),
		example: `upper("hz-01")`, shows: `"HZ-01"`,
	},
	{
		name: "trim", group: Texts, params: []param{{"text", aText}}, gives: aText, call: changed(trimmed),
		example: `trim("  A 1 ")`, shows: `"A 1"`,
	},
	{
		name: "substring", group: Texts, params: []param{{"text", aText}, {"first", anInt}, {"count", anInt}}, least: 2,
		gives: aText, call: substring, example: `substring("HZ-0042", 3, 2)`, shows: `"00"`,
	},
	{
		name: "indexOf", group: Texts, params: []param{{"text", aText}, {"part", aText}}, gives: anInt, call: indexOf,
		example: `indexOf("HZ-0042", "-")`, shows: `2`,
	},
	{
		name: "replace", group: Texts, params: []param{{"text", aText}, {"what", aText}, {"by", aText}}, gives: aText, call: replaced,
		example: `replace("138-0013-8000", "-", "")`, shows: `"13800138000"`,
	},
	{
		name: "padStart", group: Texts, params: []param{{"text", aText}, {"width", anInt}, {"fill", aText}}, gives: aText,
		call: padStart, example: `padStart("42", 5, "0")`, shows: `"00042"`,
	},
	{
		name: "join", group: Texts, params: []param{{"texts", 1 << List}, {"between", aText}}, gives: aText, check: ofTexts,
		call: joinedTexts, example: `join(["A", "B"], ", ")`, shows: `"A, B"`,
	},
	{
		name: "text", group: Texts, params: []param{{"x", numbers | days}, {"digits", anInt}}, least: 1, gives: aText,
		check: writtenText, call: written, example: `text(12.5, 2) + " / " + text(date("2026-01-31"))`, shows: `"12.50 / 2026-01-31"`,
	},
	{
		name: "fold", group: Texts, params: []param{{"text", aText}}, gives: aText, perText: dearText, call: changed(folded),
		example: `fold("Ａcme  LTD")`, shows: `"acme ltd"`,
	},
	{
		name: "nameKey", group: Texts, params: []param{{"name", aText}, {"endings", 1 << List}}, least: 1, gives: aText,
		check: writtenEndings, steps: maxEndings, perText: dearText, call: nameKey,
		example: `nameKey("杭州（西湖）仪器有限公司", ["有限公司"])`, shows: `"杭州西湖仪器"`,
	},
	{
		name: "phoneKey", group: Texts, params: []param{{"phone", aText}}, gives: aText, perText: dearText, call: changed(phoneKey),
		example: `phoneKey("+86 138-0013-8000")`, shows: `"13800138000"`,
	},
}

var numberFunctions = []function{
	{
		name: "number", group: Numbers, params: []param{{"text", aText}}, gives: 1 << Decimal, result: exact, perText: dearText,
		call: numberIn, example: `number("1,234.50")`, shows: `1234.5`,
	},
	{
		name: "round", group: Numbers, params: []param{{"x", numbers}, {"digits", anInt}}, least: 1, gives: numbers,
		result: rounded, check: writtenDigits, call: toDigits(round), example: `round(2.345, 2)`, shows: `2.35`,
	},
	{
		name: "roundUp", group: Numbers, params: []param{{"x", numbers}, {"digits", anInt}}, least: 1, gives: numbers,
		result: rounded, check: writtenDigits, call: toDigits(roundUp), example: `roundUp(2.341, 2)`, shows: `2.35`,
	},
	{
		name: "roundDown", group: Numbers, params: []param{{"x", numbers}, {"digits", anInt}}, least: 1, gives: numbers,
		result: rounded, check: writtenDigits, call: toDigits(roundDown), example: `roundDown(2.349, 2)`, shows: `2.34`,
	},
	{
		name: "floor", group: Numbers, params: []param{{"x", numbers}}, gives: anInt,
		call: func(_ *run, a []any) (any, error) { return a[0].(number).Floor(0), nil }, example: `floor(-1.5)`, shows: `-2`,
	},
	{
		name: "ceil", group: Numbers, params: []param{{"x", numbers}}, gives: anInt,
		call: func(_ *run, a []any) (any, error) { return a[0].(number).Ceil(0), nil }, example: `ceil(1.2)`, shows: `2`,
	},
	{
		name: "abs", group: Numbers, params: []param{{"x", numbers}}, gives: numbers, result: first,
		call: func(_ *run, a []any) (any, error) { return a[0].(number).Abs(), nil }, example: `abs(-2.5)`, shows: `2.5`,
	},
	{
		name: "min", group: Numbers, params: []param{{"x", ordered | 1<<List}}, many: true, gives: ordered, blank: true,
		call: extreme(-1), example: `min(3, 1.5, 2)`, shows: `1.5`,
	},
	{
		name: "max", group: Numbers, params: []param{{"x", ordered | 1<<List}}, many: true, gives: ordered, blank: true,
		call: extreme(1), example: `max([3, 1.5, 2])`, shows: `3`,
	},
}

var peopleFunctions = []function{
	{
		name: "hasRole", group: People, params: []param{{"role", aText}}, gives: aBool, uses: usesActor, call: hasRole,
		example: `hasRole("approver")`, shows: `true`,
	},
	{
		name: "inZone", group: People, params: []param{{"zone", aText}}, gives: aBool, uses: usesActor, call: inZone,
		example: `inZone("z9")`, shows: `false`,
	},
}

var moneyFunctions = []function{
	{
		name: "capital", group: Money, params: []param{{"amount", numbers}}, gives: aText, steps: 4, call: capital,
		example: `capital(3960.05)`, shows: `"叁仟玖佰陆拾元零伍分"`,
	},
	{
		name: "grouped", group: Money, params: []param{{"amount", numbers}, {"digits", anInt}}, least: 1, gives: aText,
		check: writtenDigits, steps: 2, call: grouped, example: `grouped(1234567.5, 2)`, shows: `"1,234,567.50"`,
	},
	{
		name: "netOf", group: Money, params: []param{{"gross", numbers}, {"percent", numbers}}, gives: 1 << Decimal,
		result: cents, call: netOf, example: `netOf(113, 13)`, shows: `100.00`,
	},
	{
		name: "taxIn", group: Money, params: []param{{"gross", numbers}, {"percent", numbers}}, gives: 1 << Decimal,
		result: cents, call: taxIn, example: `taxIn(100, 13)`, shows: `11.50`,
	},
}

var regionFunctions = []function{
	{
		name: "regionName", group: Regions, params: []param{{"code", aText}}, gives: aText, steps: 4, call: regionName,
		example: `regionName("330106")`, shows: `"浙江省杭州市西湖区"`,
	},
	{
		name: "province", group: Regions, params: []param{{"code", aText}}, gives: aText, call: province,
		example: `province("330106")`, shows: `"330000"`,
	},
	{
		name: "inRegion", group: Regions, params: []param{{"code", aText}, {"within", aText}}, gives: aBool, call: inRegion,
		example: `inRegion("330106", "330100")`, shows: `true`,
	},
}
