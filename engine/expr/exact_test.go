package expr

import (
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/value"
)

// halfUpRat is the oracle: x scaled by 10^scale, rounded half away from zero with fractions of any size.
func halfUpRat(x *big.Rat, scale int) *big.Int {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	x = new(big.Rat).Mul(x, new(big.Rat).SetInt(power))
	double := new(big.Int).Mul(x.Num(), big.NewInt(2))
	sign := int64(x.Sign())
	double.Add(double, new(big.Int).Mul(x.Denom(), big.NewInt(sign)))
	return double.Quo(double, new(big.Int).Mul(x.Denom(), big.NewInt(2)))
}

func rat(scaled int64, scale int) *big.Rat {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	return new(big.Rat).SetFrac(big.NewInt(scaled), power)
}

// TestReckoningIsExact compares formulas with fractions of any size.
func TestReckoningIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scaleA, scaleB, scale := rapid.IntRange(0, 6).Draw(t, "scaleA"), rapid.IntRange(0, 4).Draw(t, "scaleB"), rapid.IntRange(0, 6).Draw(t, "scale")
		a, b := rapid.Int64Range(-1e10, 1e10).Draw(t, "a"), rapid.Int64Range(-1e6, 1e6).Draw(t, "b")
		op := rapid.SampledFrom([]string{"+", "-", "*"}).Draw(t, "op")
		env := Env{Fields: map[string]Type{"a": {Kind: Decimal, Scale: scaleA}, "b": {Kind: Decimal, Scale: scaleB}}}
		written := "(" + value.FormatExact(b, scaleB) + ")"
		for _, source := range []string{"a " + op + " b", "a " + op + " " + written, "b " + op + " a"} {
			x, y := rat(a, scaleA), rat(b, scaleB)
			if source[0] == 'b' {
				x, y = y, x
			}
			want := map[string]func(x, y *big.Rat) *big.Rat{"+": new(big.Rat).Add, "-": new(big.Rat).Sub, "*": new(big.Rat).Mul}[op](x, y)
			p, issues := Compile(source, env, Type{Kind: Decimal, Scale: scale})
			if len(issues) > 0 {
				t.Fatal(issues)
			}
			got, err := p.Run(Context{}, value.Doc{"a": a, "b": b})
			rounded := halfUpRat(want, scale)
			if rounded.CmpAbs(big.NewInt(value.MaxExact)) > 0 {
				if err == nil {
					t.Fatalf("%s = %v is beyond what is stored", source, got)
				}
				continue
			}
			if err != nil || got != rounded.Int64() {
				t.Fatalf("%s of %d/%d and %d/%d = %v (%v), want %v", source, a, scaleA, b, scaleB, got, err, rounded)
			}
		}
	})
}

// TestRoundingIsHalfUp holds round against the oracle, ties above all.
func TestRoundingIsHalfUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(0, 5).Draw(t, "digits")
		scaled := rapid.Int64Range(-1e9, 1e9).Draw(t, "scaled")
		if rapid.Bool().Draw(t, "tie") {
			scaled = scaled/10*10 + 5
		}
		source := fmt.Sprintf("round(x, %d)", digits)
		p, issues := Compile(source, Env{Fields: map[string]Type{"x": {Kind: Decimal, Scale: 6}}}, Type{Kind: Decimal, Scale: 6})
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		got, err := p.Run(Context{}, value.Doc{"x": scaled})
		want := new(big.Int).Mul(halfUpRat(rat(scaled, 6), digits), big.NewInt(int64(pow10(6-digits))))
		if err != nil || got != want.Int64() {
			t.Fatalf("%s of %d = %v (%v), want %v", source, scaled, got, err, want)
		}
	})
}

// TestSumsAreExact adds what float64 cannot.
func TestSumsAreExact(t *testing.T) {
	rows := make(value.List, 1_000)
	want := int64(0)
	for i := range rows {
		price := int64(i*i*7919 + 10)
		rows[i] = value.Doc{"qty": int64(i % 7), "price": price}
		want += int64(i%7) * price
	}
	p := mustCompile(t, "sum(lines, .qty * .price)", Type{Kind: Decimal, Scale: 2})
	if got, err := p.Run(Context{}, value.Doc{"lines": rows}); err != nil || got != want {
		t.Errorf("%v (%v), want %d", got, err, want)
	}
}

func TestLimitsOfStoredNumbers(t *testing.T) {
	p := mustCompile(t, "count + 0", Type{Kind: Int})
	for _, n := range []int64{value.MaxExact, -value.MaxExact} {
		if got, err := p.Run(Context{}, value.Doc{"count": n}); err != nil || got != n {
			t.Errorf("%v (%v), want %d", got, err, n)
		}
		if got, err := p.Run(Context{}, value.Doc{"count": n + n/100}); err == nil {
			t.Errorf("%v is beyond what is stored", got)
		}
	}
}

// TestInstantsKeepTheirClock moves an instant over a change of clocks.
func TestInstantsKeepTheirClock(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Date(2026, 3, 7, 9, 30, 0, 0, zone) // clocks go forward on the 8th
	p := mustCompile(t, "addDays(madeAt, 1)", Type{Kind: DateTime})
	got, err := p.Run(Context{Zone: zone}, value.Doc{"madeAt": before.UnixMilli()})
	if want := time.Date(2026, 3, 8, 9, 30, 0, 0, zone).UnixMilli(); err != nil || got != want {
		t.Errorf("%v (%v), want %d", got, err, want)
	}
}

// TestProgramsAreShared runs one program from many goroutines; go test -race looks on.
func TestProgramsAreShared(t *testing.T) {
	p := mustCompile(t, "let x = count; sum(lines, let y = .qty ?? 0; y * x) + len(map(lines, .item))", Type{Kind: Int})
	ctx := assetContext(t)
	var group sync.WaitGroup
	for n := range int64(8) {
		group.Go(func() {
			vars := assetValues()
			vars["count"] = n
			for range 50 {
				if got, err := p.Run(ctx, vars); err != nil || got != 5*n+3 {
					t.Errorf("%v (%v), want %d", got, err, 5*n+3)
				}
			}
		})
	}
	group.Wait()
}

// TestResultsAreCopies holds that nobody changes a record through what a rule gave.
func TestResultsAreCopies(t *testing.T) {
	vars := assetValues()
	for source, kind := range map[string]Kind{"filter(lines, true)": Rows, "address": Object, "tags": List} {
		got, err := mustCompile(t, source, Type{Kind: kind}).Run(Context{}, vars)
		if err != nil {
			t.Fatal(err)
		}
		switch got := got.(type) {
		case value.Doc:
			got["region"] = "changed"
		case value.List:
			if row, ok := got[0].(value.Doc); ok {
				row["item"] = "changed"
			}
			got[0] = nil
		}
	}
	if !value.Equal(vars, assetValues()) {
		t.Errorf("the record became %v", vars)
	}
}

func TestWithoutCalendar(t *testing.T) {
	if _, err := mustCompile(t, "addWorkdays(today(), 1)", Type{}).Run(Context{}, nil); err == nil {
		t.Error("working days were counted without a calendar")
	}
}
