package expr

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// grown returns how many bytes f allocates.
func grown(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestAttacksAreNotCompiled holds that each known way to make stock expr hang or die is refused before it runs.
func TestAttacksAreNotCompiled(t *testing.T) {
	shared := "1"
	for range 30 {
		shared = "1<(" + shared + ")<1"
	}
	elvis := "active"
	for range 30 {
		elvis = "(" + elvis + ")?:active"
	}
	for name, c := range map[string]struct{ source, code string }{
		"reduce doubling a text":    {`reduce(1..40, #acc + #acc, "ab")`, "expr.unknownFunction"},
		"repeat":                    {`repeat("ab", 1000000000)`, "expr.unknownFunction"},
		"nested repeat":             {`repeat(repeat("ab", 100000), 100000)`, "expr.unknownFunction"},
		"split":                     {`split(name, "")`, "expr.unknownFunction"},
		"toJSON":                    {`toJSON(lines)`, "expr.unknownFunction"},
		"builtin by its full name":  {`::repeat("ab", 1000000000)`, "expr.unknownFunction"},
		"sort and group":            {`sortBy(lines, .qty)`, "expr.unknownFunction"},
		"method of a number":        {`amount.Shift(20000000).String()`, "expr.method"},
		"method of an instant":      {`now().AddDate(1, 1, 1)`, "expr.method"},
		"method of a row":           {`any(lines, .Clone())`, "expr.method"},
		"call of a call":            {`today()()`, "expr.syntax"},
		"dynamic key":               {`address[name]`, "expr.member"},
		"dynamic index":             {`lines[count].qty`, "expr.member"},
		"whole environment":         {`$env["name"]`, "expr.unknownName"},
		"pattern from data":         {`name matches note`, "expr.pattern"},
		"pattern put together":      {`name matches "a" + "b"`, "expr.pattern"},
		"long pattern":              {`name matches "` + strings.Repeat("a", 101) + `"`, "expr.pattern"},
		"pattern with a big engine": {`name matches "(\\w{20}){20}(\\w{20}){20}(\\w{20}){20}"`, "expr.pattern"},
		"pattern of big classes":    {`name matches "` + strings.Repeat(`\\pL{999}`, 11) + `"`, "expr.pattern"},
		"pattern of folded classes": {`name matches "(?i)` + strings.Repeat(`[\\w\\pL]{999}`, 6) + `"`, "expr.pattern"},
		"pattern of deep groups":    {`name matches "` + strings.Repeat("(", 33) + "a" + strings.Repeat("+)", 33) + `{500}"`, "expr.pattern"},
		"broken pattern":            {`name matches "("`, "expr.pattern"},
		"range from data":           {`count(1..count, true)`, "expr.range"},
		"range too wide":            {`count(1..1001, true)`, "expr.range"},
		"range with huge ends":      {`count(9223372036854775800..9223372036854775807, true)`, "expr.range"},
		"range around all numbers":  {`count(-9223372036854775807..9223372036854775807, true)`, "expr.range"},
		"many ranges":               {strings.Repeat("count(1..900, true) + ", 2) + "1", "expr.range"},
		"many patterns":             {strings.Repeat(`name matches "\\w{300}" or `, 4) + "active", "expr.pattern"},
		"predicates nested thrice":  {`any(lines, any(lines, any(lines, .qty > 1)))`, "expr.nested"},
		"power":                     {`9 ** 9 ** 9`, "expr.notAllowed"},
		"huge exponent":             {`1e1000000000`, "expr.syntax"},
		"tiny exponent":             {`1e-1000000000`, "expr.number"},
		"infinity":                  {`1e308 * 10`, "expr.number"},
		"a megabyte of brackets":    {strings.Repeat("(", 1<<20), "expr.tooLong"},
		"deep brackets":             {strings.Repeat("(", 65) + "1" + strings.Repeat(")", 65), "expr.tooDeep"},
		"deep lists":                {strings.Repeat("[", 2000) + strings.Repeat("]", 2000), "expr.tooDeep"},
		"brackets behind a quote":   {`"\"" + ` + strings.Repeat("(", 65) + "name" + strings.Repeat(")", 65), "expr.tooDeep"},
		"many nodes":                {strings.Repeat("1+", 600) + "1", "expr.tooComplex"},
		"many signs":                {strings.Repeat("-", 4000) + "1", "expr.tooComplex"},
		"chained comparisons":       {shared + " == true", "expr.tooComplex"},
		"chained ?:":                {elvis, "expr.tooComplex"},
		"many ifs":                  {strings.Repeat("if active {1} else ", 200) + "{1}", "expr.tooComplex"},
		"many variables":            {strings.Repeat("let a = 1; ", 17) + "a", "expr.tooComplex"},
	} {
		t.Run(name, func(t *testing.T) {
			var issues fault.Issues
			bytes := grown(func() { _, issues = Compile(c.source, assetEnv(), Type{}) })
			codes := told(issues)
			if !strings.Contains(codes, c.code) {
				t.Errorf("told %q, want %s", codes, c.code)
			}
			if bytes > 2<<20 {
				t.Errorf("refusing took %d bytes", bytes)
			}
		})
	}
}

// manyRows is more rows than a run may pair with each other.
func manyRows(n int) value.List {
	rows := make(value.List, n)
	for i := range rows {
		rows[i] = value.Doc{"item": fmt.Sprint("i", i), "qty": int64(i), "price": int64(100)}
	}
	return rows
}

// TestRunsAreBounded holds what compiles to its budget of steps and memory, whatever the record is.
func TestRunsAreBounded(t *testing.T) {
	long := strings.Repeat("啊x", 100_000)
	multiplied := `let a = replace(note, "x", "xxxxxxxxxxxxxxxxxxxx"); let b = replace(a, "x", a); let c = replace(b, "x", b); len(c) > 0`
	doubled := "let a = note + note; let b = a + a; let c = b + b; let d = c + c; len(d) > 0"
	zones := make([]value.ID, 5_000)
	for i := range zones {
		zones[i] = value.ID(fmt.Sprint("z", i))
	}
	for name, c := range map[string]struct {
		source, code string
		vars         value.Doc
	}{
		"nested predicates":      {"any(lines, let q = .qty; any(lines, .qty + q < 0))", "expr.steps", value.Doc{"lines": manyRows(2_000)}},
		"nested sums":            {"sum(lines, sum(lines, .qty)) > 0", "expr.steps", value.Doc{"lines": manyRows(2_000)}},
		"list made in predicate": {"any(lines, len(map(lines, .item)) < 0)", "expr.memory", value.Doc{"lines": manyRows(500)}},
		"doubled text":           {doubled, "expr.textTooLong", value.Doc{"note": long[:8_000]}},
		"text made many times":   {"any(lines, len(note + .item) < 0)", "expr.memory", value.Doc{"lines": manyRows(2_000), "note": long[:30_000]}},
		"upper case many times":  {"any(lines, upper(note) == .item)", "expr.memory", value.Doc{"lines": manyRows(2_000), "note": long[:40_000]}},
		"replaced text":          {multiplied, "expr.textTooLong", value.Doc{"note": "xxxx"}},
		"replaced many times":    {`any(lines, len(replace(note, "x", "yy")) < 0)`, "expr.memory", value.Doc{"lines": manyRows(2_000), "note": long[:40_000]}},
		"joined texts":           {`len(join(tags, note)) > 0`, "expr.textTooLong", value.Doc{"tags": manyTexts(2_000), "note": long[:4_000]}},
		"joined many times":      {`any(lines, len(join(tags, "")) < 0)`, "expr.steps", value.Doc{"lines": manyRows(2_000), "tags": manyTexts(2_000)}},
		"padded many times":      {`any(lines, len(padStart(.item, 9000, "0")) < 0)`, "expr.memory", value.Doc{"lines": manyRows(2_000)}},
		"keys of names":          {`any(lines, nameKey(note + .item, ["a"]) == "b")`, "expr.steps", value.Doc{"lines": manyRows(2_000), "note": long[:40_000]}},
		"numbers of long texts":  {`any(lines, number(note) == .qty)`, "expr.steps", value.Doc{"lines": manyRows(2_000), "note": long}},
		"folded many times":      {`any(lines, fold(note) == .item)`, "expr.steps", value.Doc{"lines": manyRows(2_000), "note": long[:40_000]}},
		"folding many times":     {"any(lines, note contains .item)", "expr.steps", value.Doc{"lines": manyRows(2_000), "note": long}},
		"matching many times":    {`any(lines, note matches "(x+x+)+y")`, "expr.steps", value.Doc{"lines": manyRows(2_000), "note": long}},
		"comparing long texts":   {"any(lines, any(lines, note == name + \"y\"))", "expr.memory", value.Doc{"lines": manyRows(1_000), "note": long, "name": long[:60_000]}},
		"a list read many times": {"any(lines, tags == nil)", "expr.steps", value.Doc{"lines": manyRows(2_000), "tags": manyTexts(2_000)}},
		"the actor's many zones": {"any(lines, .item in actor.zones)", "expr.steps", value.Doc{"lines": manyRows(2_000)}},
		"a range in a predicate": {"any(lines, any(1..1000, # == -1))", "expr.steps", value.Doc{"lines": manyRows(2_000)}},
	} {
		t.Run(name, func(t *testing.T) {
			p := mustCompile(t, c.source, Type{Kind: Bool})
			ctx := assetContext(t)
			ctx.Actor.Zones = zones
			var err error
			bytes := grown(func() { _, err = p.Run(ctx, c.vars) })
			if fault.CodeOf(err) != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
			if bytes > 128<<20 {
				t.Errorf("the run took %d bytes before it was stopped", bytes)
			}
		})
	}
}

func manyTexts(n int) value.List {
	out := make(value.List, n)
	for i := range out {
		out[i] = fmt.Sprint("t", i)
	}
	return out
}

// TestUsualRunsAreFarFromTheirBudget holds that a table of 2,000 rows can be summed, filtered and asked.
func TestUsualRunsAreFarFromTheirBudget(t *testing.T) {
	p := mustCompile(t, "sum(filter(lines, .qty % 2 == 0 and .item != nil), round(.qty * .price * 0.95, 2)) > 0", Type{Kind: Bool})
	r := p.run(Context{}, value.Doc{"lines": manyRows(2_000)})
	v, err := p.root.eval(r)
	if err != nil || v != true || r.steps > maxSteps/10 || r.memory > maxMemory/10 {
		t.Errorf("%v, %v after %d steps and %d of memory", v, err, r.steps, r.memory)
	}
}

func TestBracketsInTextDoNotCount(t *testing.T) {
	for _, quote := range []string{`"`, `'`, "`"} {
		mustCompile(t, quote+strings.Repeat("(", 100)+quote+" == name", Type{Kind: Bool})
	}
	mustCompile(t, `"a\"((" + '\'' == name or `+strings.Repeat("(", 60)+"active"+strings.Repeat(")", 60), Type{Kind: Bool})
}

func TestStoredValuesThatDoNotFit(t *testing.T) {
	for source, vars := range map[string]value.Doc{
		"count + 1":                 {"count": "1"},
		"due == today()":            {"due": int64(20260231)},
		"name == \"a\"":             {"name": int64(1)},
		"any(lines, .qty > 1)":      {"lines": value.List{value.Doc{"qty": true}}},
		"address.region == \"a\"":   {"address": value.List{"a"}},
		"len(tags)":                 {"tags": value.List{int64(1)}},
		"any(lines, .item != \"\")": {"lines": value.Doc{}},
	} {
		_, err := mustCompile(t, source, Type{}).Run(Context{}, vars)
		var e *fault.Error
		if !errors.As(err, &e) || e.Code != "expr.stored" {
			t.Errorf("%s over %v: %v", source, vars, err)
		}
	}
}
