package expr

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/value"
)

// TestEveryFunctionGivesWhatItsExampleSays evaluates the examples that the manual shows.
func TestEveryFunctionGivesWhatItsExampleSays(t *testing.T) {
	for _, e := range Library() {
		if !strings.Contains(e.Example, e.Name+"(") {
			t.Errorf("%s is not in its example %s", e.Name, e.Example)
		}
		got, want := mustCompile(t, e.Example, Type{}), mustCompile(t, e.Shows, Type{})
		told := func(p *Program) any {
			v, err := p.root.eval(p.run(assetContext(t), assetValues()))
			if err != nil {
				t.Errorf("%s: %v", p.Source(), err)
			}
			out, _ := tell(v)
			return out
		}
		if a, b := told(got), told(want); a == nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s gives %v, not %v", e.Example, a, b)
		}
	}
}

// TestEveryFunctionGivesWhatItSays calls each with every mixture of kinds that it takes: the result is then of
// a kind that it gives, and any other kind is refused.
func TestEveryFunctionGivesWhatItSays(t *testing.T) {
	samples := map[string]Kind{
		"name": Text, "2": Int, "amount": Decimal, "active": Bool, "due": Date, "madeAt": DateTime, "tags": List,
		"[1, 2]": List, "lines": Rows,
	}
	for n := range library {
		f := &library[n]
		calls := []string{""}
		for i, p := range f.params[:f.needed()] {
			var next []string
			for _, call := range calls {
				for sample, kind := range samples {
					if !p.kinds.has(kind) {
						continue
					}
					if i > 0 {
						sample = call + ", " + sample
					}
					next = append(next, sample)
				}
			}
			calls = next
		}
		compiled := 0
		for _, call := range calls {
			source := f.name + "(" + call + ")"
			p, issues := Compile(source, assetEnv(), Type{})
			if len(issues) > 0 {
				if code := issues[0].Code; code != "expr.arguments" && !f.many { // one value alone is no choice
					t.Errorf("%s: %v", source, issues)
				}
				continue
			}
			if compiled++; !f.gives.has(p.Type().Kind) {
				t.Errorf("%s gives %s, which is none of %v", source, p.Type().Kind, f.gives.names())
			}
		}
		if compiled == 0 {
			t.Errorf("no call of %s compiles", f.name)
		}
		if p, _ := Compile(f.name+"("+strings.Repeat("address, ", len(f.params))+"address)", assetEnv(), Type{}); p != nil {
			t.Errorf("%s takes objects, and too many", f.name)
		}
	}
}

// TestTheManualIsOfTheLibrary holds the written manual to the table; UPDATE_GOLDEN=1 writes it anew.
func TestTheManualIsOfTheLibrary(t *testing.T) {
	texts, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range message.Locales() {
		path, want := "library."+locale+".md", manual(t, texts, locale)
		if os.Getenv("UPDATE_GOLDEN") == "1" {
			if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil || string(have) != want {
			t.Errorf("%s is not what the library says (%v): run this test with UPDATE_GOLDEN=1", path, err)
		}
	}
}

// manual writes the library for people.
func manual(t *testing.T, texts *message.Catalog, locale string) string {
	t.Helper()
	say := func(code string, args fault.Args) string {
		if !texts.Knows(code) {
			t.Errorf("no text %s", code)
		}
		return texts.Text(locale, code, args)
	}
	kinds := func(list []string) string {
		out := make([]string, len(list))
		for n, kind := range list {
			out[n] = say("type."+kind, nil)
		}
		return strings.Join(out, " / ")
	}
	var b strings.Builder
	b.WriteString("# " + say("manual.functions", nil) + "\n")
	group := Group("")
	for _, e := range Library() {
		if e.Group != group {
			group = e.Group
			b.WriteString("\n## " + say("functionGroup."+string(group), nil) + "\n")
		}
		fmt.Fprintf(&b, "\n### `%s`\n\n**%s.** %s\n\n", e.Signature, say("function."+e.Name, nil), say("functionHelp."+e.Name, nil))
		for _, p := range e.Params {
			fmt.Fprintf(&b, "- `%s`: %s\n", p.Name, kinds(p.Types))
		}
		fmt.Fprintf(&b, "- %s: %s\n", say("manual.gives", nil), kinds(e.Gives))
		fmt.Fprintf(&b, "- %s\n", say("manual.cost", fault.Args{"steps": e.Cost.Steps, "perText": e.Cost.PerText}))
		fmt.Fprintf(&b, "\n```\n%s  →  %s\n```\n", e.Example, e.Shows)
	}
	return b.String()
}

func TestGroupsStandTogether(t *testing.T) {
	var seen []Group
	for _, e := range Library() {
		if len(seen) == 0 || seen[len(seen)-1] != e.Group {
			if slices.Contains(seen, e.Group) {
				t.Errorf("%s stands apart from its group", e.Name)
			}
			seen = append(seen, e.Group)
		}
	}
	if len(functions) != len(library) {
		t.Error("a name stands twice")
	}
}

func TestLibraryAtItsEdges(t *testing.T) {
	for _, c := range []struct {
		source string
		want   value.Value
	}{
		{`indexOf("abc", "x")`, nil},
		{`indexOf("a设备", "备")`, int64(2)},
		{`replace("aaa", "", "b")`, "aaa"},
		{`replace(note, "a", "b")`, nil},
		{`padStart("12345", 3, "0")`, "12345"},
		{`padStart("1", 4, "ab")`, "aba1"},
		{`padStart("1", -4, "0")`, "1"},
		{`join(tags, "")`, "redblue"},
		{`join([], ",")`, nil},
		{`join([note, "x"], ",")`, "x"},
		{`text(10.50)`, "10.5"},
		{`text(-0.005, 2)`, "-0.01"},
		{`text(3, 2)`, "3.00"},
		{`text(madeAt)`, "2026-01-30 00:00"},
		{`number("１２.５") == 12.5 and number("-3") == -3 and number("+1,000,000") == 1000000`, true},
		{`number("1e5") == nil and number("1_0") == nil and number("1,00") == nil and number("--1") == nil and number("1.0,00") == nil`, true},
		{`number("") == nil and number("12345678901234567890") == nil and number("0x10") == nil`, true},
		{`roundUp(-2.341, 2) == -2.35 and roundUp(2.34, 2) == 2.34 and roundDown(-2.349, 2) == -2.34 and roundUp(0.1) == 1`, true},
		{`dateOf(2028, 2, 29)`, int64(20280229)},
		{`monthsBetween("2026-01-31", "2026-02-28")`, int64(1)},
		{`monthsBetween("2026-04-14", "2026-01-15")`, int64(-2)},
		{`startOfQuarter("2026-12-31")`, int64(20261001)},
		{`endOfQuarter("2026-01-01")`, int64(20260331)},
		{`startOfWeek("2026-02-01")`, int64(20260126)},
		{`quarter("2026-01-01") * 1000 + quarter("2026-03-31") * 100 + quarter("2026-10-01") * 10 + quarter("2026-09-30")`, int64(1143)},
		{`nextWorkday("2026-01-30")`, int64(20260130)},
		{`isWorkday("2026-01-30")`, true},
		{`inZone("z2") and not inZone("z3") and not inZone("")`, true},
		{`regionName("999999")`, nil},
		{`province("999999")`, nil},
		{`inRegion("999999", "990000") or inRegion("330000", "330100") or inRegion("", "")`, false},
		{`inRegion("330000", "330000") and inRegion("469001", "460000")`, true},
		{`netOf(100, 13) + taxIn(100, 13) == 100`, true},
		{`netOf(0.01, 13)`, int64(1)},
		{`grouped(-1234.565, 2)`, "-1,234.57"},
		{`grouped(999)`, "999"},
		{`grouped(1000, 0)`, "1,000"},
		{`avg(filter([1], # > 1))`, nil},
		{`avg(map(lines, .qty)) == 2.5`, true},
		{`avg([1, 2])`, int64(1_500_000_000)},
		{`nameKey("Ａcme, Ltd.", ["ltd"])`, "acme"},
	} {
		p := mustCompile(t, c.source, Type{})
		if got, err := p.Run(assetContext(t), assetValues()); err != nil || !value.Equal(got, c.want) {
			t.Errorf("%s = %v, %v, want %v", c.source, got, err, c.want)
		}
	}
}

func TestLibraryRefuses(t *testing.T) {
	for source, code := range map[string]string{
		`dateOf(2026, 2, 29)`:              "expr.day",
		`dateOf(0, 1, 1)`:                  "expr.day",
		`dateOf(2026, 13, 1)`:              "expr.day",
		`startOfWeek("0001-01-01") == nil`: "",
		`addHours(now(), 100000000)`:       "expr.day",
		`capital(0.001)`:                   "expr.fen",
		`capital(1000000000000000.01)`:     "expr.number",
		`capital(9999999999999999)`:        "expr.number",
		`netOf(100, -100)`:                 "expr.divisionByZero",
		`padStart("1", 1000000000, "0")`:   "expr.textTooLong",
		`padStart("1", 60000, "啊") == nil`: "expr.textTooLong",
	} {
		if _, err := mustCompile(t, source, Type{}).Run(assetContext(t), assetValues()); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", source, err, code)
		}
	}
	endings := `["a"` + strings.Repeat(`, "a"`, maxEndings) + `]`
	for _, source := range []string{
		`round(1, count)`, `roundUp(1, 10)`, `text(due, 2)`, `text(true)`, `join(holidays, ",")`, `nameKey(name, tags)`, `nameKey(name, ` + endings + `)`,
		`avg(tags)`, `sum(tags)`, `count()`, `min()`, `capital("1")`, `grouped(1, count)`, `inRegion("330106")`,
	} {
		if p, _ := Compile(source, assetEnv(), Type{}); p != nil {
			t.Errorf("%s compiles", source)
		}
	}
}

// TestCapital has the examples of the rules for filling in bills, and amounts around each unit.
func TestCapital(t *testing.T) {
	for amount, want := range map[string]string{
		"0": "零元整", "0.5": "伍角整", "0.05": "伍分", "1": "壹元整", "10": "壹拾元整", "15.10": "壹拾伍元壹角整",
		"1409.50": "壹仟肆佰零玖元伍角整", "6007.14": "陆仟零柒元壹角肆分", "1680.32": "壹仟陆佰捌拾元叁角贰分",
		"107000.53": "壹拾万柒仟元伍角叁分", "16409.02": "壹万陆仟肆佰零玖元零贰分", "325.04": "叁佰贰拾伍元零肆分",
		"10010": "壹万零壹拾元整", "100000001": "壹亿零壹元整", "105000000": "壹亿零伍佰万元整", "3960.00": "叁仟玖佰陆拾元整",
		"1000000000000": "壹万亿元整", "1000000010000": "壹万亿零壹万元整", "1000000000000000": "壹仟万亿元整",
		"-12.3": "负壹拾贰元叁角整", "999999999999999.99": "玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
	} {
		got, err := mustCompile(t, "capital("+amount+")", Type{}).Run(assetContext(t), nil)
		if err != nil || got != want {
			t.Errorf("%s is %v, %v, not %s", amount, got, err, want)
		}
	}
}

// TestCapitalReadsBack reads the words of any amount as a person would, and comes to the amount.
func TestCapitalReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yuan := rapid.Int64Range(0, maxCapital-1).Draw(t, "yuan")
		if rapid.Bool().Draw(t, "round") {
			yuan = yuan / 100_000 * 100_000
		}
		fen := rapid.Int64Range(0, 99).Draw(t, "fen")
		p, issues := Compile(fmt.Sprintf("capital(%d.%02d)", yuan, fen), Env{}, Type{})
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		words, err := p.Run(Context{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(words.(string), "零零") || strings.Contains(words.(string), "零万") || strings.Contains(words.(string), "零元") && yuan+fen > 0 {
			t.Fatalf("%d.%02d is written %s", yuan, fen, words)
		}
		if got := readWords(words.(string)); got != yuan*100+fen {
			t.Fatalf("%d.%02d is written %s, which is %d fen", yuan, fen, words, got)
		}
	})
}

// readWords adds up what words say, in fen.
func readWords(words string) int64 {
	sections := map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}
	var total, high, section, digit int64
	for _, r := range words {
		if at := strings.IndexRune(capitals, r); at >= 0 {
			digit = int64(at / 3)
			continue
		}
		switch r {
		case '拾', '佰', '仟':
			section, digit = section+digit*sections[r], 0
		case '万':
			high, section, digit = high+(section+digit)*10_000, 0, 0
		case '亿':
			total, high, section, digit = total+(high+section+digit)*100_000_000, 0, 0, 0
		case '元':
			total, high, section, digit = (total+high+section+digit)*100, 0, 0, 0
		case '角':
			total, digit = total+digit*10, 0
		case '分':
			total, digit = total+digit, 0
		}
	}
	return total
}

// TestMonthsBetweenIsWhatAddMonthsAllows holds it against addMonths.
func TestMonthsBetweenIsWhatAddMonthsAllows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2_000 {
		from := value.DayAt(value.DayNumber(20200101) + random.Int64N(3000))
		to := value.DayAt(value.DayNumber(from) + random.Int64N(2000))
		got, err := monthsBetween(nil, []any{day(from), day(to)})
		n, ok := toInt(got.(number))
		if err != nil || !ok || value.AddMonths(from, n) > to || value.AddMonths(from, n+1) <= to {
			t.Fatalf("%d to %d is %v months, %v", from, to, got, err)
		}
	}
}
