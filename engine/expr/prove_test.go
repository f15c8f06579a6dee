package expr

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tidewater/engine/value"
)

// proofEnv is assetEnv with a field of options.
func proofEnv() Env {
	env := assetEnv()
	env.Fields["tier"] = Type{Kind: Text, Options: []string{"A", "B", "C"}}
	return env
}

func proved(t testing.TB, source string) *Program {
	t.Helper()
	p, issues := Compile(source, proofEnv(), Type{})
	if len(issues) > 0 {
		t.Fatalf("%s: %v", source, issues)
	}
	return p
}

func TestIdle(t *testing.T) {
	for source, want := range map[string]string{
		`tier == "D"`:                                                             `never tier == "D" 1:1 whole`,
		`tier in ["A", "B", "C"] or tier == nil`:                                  `always tier in ["A", "B", "C"] or tier == nil 1:1 whole`,
		`tier == "A" and tier == "B"`:                                             `never tier == "A" and tier == "B" 1:1 whole`,
		`tier == "A" and tier != "B"`:                                             `always tier != "B" 1:17`,
		`tier == "A" or tier == "B" or tier == "A"`:                               `never tier == "A" 1:31`,
		`amount > 10 and amount <= 10`:                                            `never amount > 10 and amount <= 10 1:1 whole`,
		`amount > 10 and amount < 10.01`:                                          `never amount > 10 and amount < 10.01 1:1 whole`,
		`amount > 10.001 and amount < 10.011`:                                     ``,
		`count > 1 and count < 3`:                                                 ``,
		`count > 1 and count < 2`:                                                 `never count > 1 and count < 2 1:1 whole`,
		`due > "2026-01-31" and due < "2026-02-01"`:                               `never due > "2026-01-31" and due < "2026-02-01" 1:1 whole`,
		`due > "2026-01-31" and due < "2026-02-02"`:                               ``,
		`due != nil or due == nil`:                                                `always due != nil or due == nil 1:1 whole`,
		`due != nil`:                                                              ``,
		`amount == nil or amount >= 0`:                                            ``,
		`not active and active`:                                                   `never not active and active 1:1 whole`,
		`active or not active`:                                                    `always active or not active 1:1 whole`,
		`name == "a" and name != "b"`:                                             `always name != "b" 1:17`,
		`name == "a" or name == "b"`:                                              ``,
		`amount > 5000 ? 3 : amount > 9000 ? 2 : 1`:                               `never amount > 9000 1:21`,
		`amount > 5000 ? 3 : amount > 1000 ? 2 : 1`:                               ``,
		`if tier == "A" { 1 } else if tier == "X" { 2 } else { 3 }`:               `never tier == "X" 1:30`,
		`5 < amount and amount < 5`:                                               `never 5 < amount and amount < 5 1:1 whole`,
		`hasRole("a") and not hasRole("a")`:                                       `never hasRole("a") and not hasRole("a") 1:1 whole`,
		`hasRole("a") or not hasRole("a")`:                                        `never hasRole("a") 1:21`, // the whole may fail
		`hasRole("a") and not hasRole("b")`:                                       ``,
		`any(tags, # == "a") and none(tags, # == "a")`:                            ``,
		`let t = tier == "A"; t and not t`:                                        ``,
		`old.tier == "A" and tier == "B"`:                                         ``,
		`tier < "A" and tier > "B"`:                                               ``,
		`true`:                                                                    ``,
		`madeAt > "2026-01-01T00:00:00Z" and madeAt < "2026-01-01T00:00:00.001Z"`: `never madeAt > "2026-01-01T00:00:00Z" and madeAt < "2026-01-01T00:00:00.001Z" 1:1 whole`,
	} {
		var told []string
		for _, one := range proved(t, source).Idle() {
			text := "never "
			if one.Always {
				text = "always "
			}
			text += fmt.Sprintf("%s %d:%d", one.Text, one.Line, one.Col)
			if one.Whole {
				text += " whole"
			}
			told = append(told, text)
		}
		if got := strings.Join(told, "; "); got != want {
			t.Errorf("%s\n told %q\n want %q", source, got, want)
		}
	}
}

func TestImpossibleTogether(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		impossible bool
	}{
		{`tier == "A"`, `tier != "A"`, true},
		{`tier == "A"`, `tier in ["A", "B"]`, false},
		{`amount > 100`, `amount == nil`, true},
		{`amount > count`, `not (amount > count)`, true},
	} {
		got := Impossible(Claim{proved(t, c.a), true}, Claim{proved(t, c.b), true})
		if got != c.impossible {
			t.Errorf("%s beside %s: %v", c.a, c.b, got)
		}
	}
	if !Impossible(Claim{proved(t, `tier == "A"`), true}, Claim{proved(t, `tier in ["A", "B"]`), false}) {
		t.Error("one that follows from the other may be false beside it")
	}
}

// TestWhatIsProvedHoldsForRecords makes conditions at random and holds each proof against many records: none
// may give what was proved impossible.
func TestWhatIsProvedHoldsForRecords(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 7))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	atoms := []string{
		`tier == "A"`, `tier != "B"`, `tier in ["B", "C"]`, `count > 2`, `count <= 2`, `count == 3`, `amount > 1.5`, `1.5 >= amount`,
		`amount != 1.51`, `due >= "2026-01-02"`, `due < "2026-01-02"`, `active`, `note == nil`, `note == "x"`, `count * 2 > 5`,
	}
	var grow func(depth int) string
	grow = func(depth int) string {
		switch n := random.IntN(5); {
		case depth == 0 || n == 0:
			return pick(atoms)
		case n == 1:
			return "not (" + grow(depth-1) + ")"
		default:
			return "(" + grow(depth-1) + pick([]string{" and ", " or "}) + grow(depth-1) + ")"
		}
	}
	values := map[string][]value.Value{
		"tier": {nil, "A", "B", "C"}, "count": {nil, int64(1), int64(2), int64(3), int64(9)},
		"amount": {nil, int64(0), int64(149), int64(150), int64(151), int64(152)},
		"due":    {nil, int64(20260101), int64(20260102), int64(20260103)}, "active": {nil, true, false}, "note": {nil, "x", "y"},
	}
	found := 0
	for range 1_500 {
		p := proved(t, grow(3))
		never, always := Impossible(Claim{p, true}), Impossible(Claim{p, false})
		if !never && !always {
			continue
		}
		found++
		for range 200 {
			doc := value.Doc{}
			for key, list := range values {
				if v := list[random.IntN(len(list))]; v != nil {
					doc[key] = v
				}
			}
			got, err := p.Holds(Context{}, doc)
			if holds := err == nil && got; holds && never || !holds && always {
				t.Fatalf("%s of %v is %v, which was proved impossible", p.Source(), doc, holds)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d conditions were decided: the test holds little", found)
	}
}

// TestProofsEnd holds that the dearest expressions are left undecided soon.
func TestProofsEnd(t *testing.T) {
	var many, deep strings.Builder
	many.WriteString("true")
	for n := range 60 {
		fmt.Fprintf(&many, ` and (count > %d or hasRole("r%d"))`, n, n)
		fmt.Fprintf(&deep, `amount > %d ? %d : `, 1000-n, n)
	}
	deep.WriteString("0")
	for _, source := range []string{many.String(), deep.String()} {
		p := proved(t, source)
		start := time.Now()
		p.Idle()
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.40s… took %v", source, took)
		}
	}
}
