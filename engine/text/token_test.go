package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tidewater/engine/text"
)

// found says whether a search for term finds the text s, the way a store decides it.
func found(s, term string) bool { return text.Holds(text.Tokens(s), text.Fold(s), term) }

func TestSearchFinds(t *testing.T) {
	cases := []struct {
		s, term string
		want    bool
	}{
		{"北京潮汐科技有限公司", "潮汐", true},
		{"北京潮汐科技有限公司", "潮", true},
		{"北京潮汐科技有限公司", "京潮汐科", true},
		{"北京潮汐科技有限公司", "汐潮", false},
		{"北京潮汐科技有限公司", "北京 科技", false}, // one term is one piece; Terms parts them
		{"13812345678", "2345", true},
		{"13812345678", "5678", true},
		{"13812345678", "138", true},
		{"13812345678", "13", true}, // a beginning
		{"13812345678", "45", false},
		{"SO-202603-0042", "03-0042", true},
		{"SO-202603-0042", "0042", true},
		{"SO-202603-0042", "so-2", true},
		{"Biotechnology", "tech", true},
		{"Technology", "tech", true},
		{"Technology", "TECH", true},
		{"Technology", "te", true},
		{"Biotechnology", "te", false},
		{"iPhone15 Pro", "15", true},
		{"iphone15", "e15", true},
		{"ＶＩＰ　客", "vip", true},
		{"潮汐 te", "汐 t", true},
		{"零\u200b件", "零件", true},
		{"anything", "-", false},
		{"a-b", "-", true}, // no tokens: the text alone decides
		{"★★★ 好", "★★", true},
	}
	for _, c := range cases {
		if got := found(c.s, c.term); got != c.want {
			t.Errorf("%q in %q: found %v, want %v (asked %q, indexed %q)", c.term, c.s, got, c.want, text.QueryTokens(c.term), text.Tokens(c.s))
		}
	}
}

func TestTokens(t *testing.T) {
	cases := map[string][]string{
		"":       nil,
		" -/ ":   nil,
		"潮汐":     {"汐", "潮", "潮汐"},
		"Ab":     {"a", "ab"},
		"x1":     {"1", "x", "x1"},
		"2024":   {"024", "2", "20", "202"},
		"潮abc":   {"a", "ab", "abc", "潮"},
		"aa aa":  {"a", "aa"},
		"北\n京 k": {"k", "京", "北"},
	}
	for s, want := range cases {
		if got := text.Tokens(s); !slices.Equal(got, want) {
			t.Errorf("Tokens(%q) = %q, want %q", s, got, want)
		}
	}
}

// The promise of QueryTokens, for every cut of every text: all terms of at least one sign or three
// word characters, and shorter ones that begin a word.
func TestQueryTokensAreAmongTheTokensOfEveryTextThatHoldsTheTerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "s")
		folded := []rune(text.Fold(s))
		from := rapid.IntRange(0, len(folded)).Draw(t, "from")
		to := rapid.IntRange(from, len(folded)).Draw(t, "to")
		term := text.Fold(string(folded[from:to]))
		if !strings.Contains(string(folded), term) || isShortFragment(term) {
			return
		}
		tokens := text.Tokens(s)
		for _, token := range text.QueryTokens(term) {
			if !slices.Contains(tokens, token) {
				t.Fatalf("text %q, term %q: asks for %q, indexed are %q", s, term, token, tokens)
			}
		}
		if !text.Holds(tokens, string(folded), term) {
			t.Fatalf("text %q, term %q: not found", s, term)
		}
	})
}

// isShortFragment tells, from the words of the promise and not from its code, whether a folded term is
// of the excepted kind: one or two word characters, then separators at most.
func isShortFragment(term string) bool {
	core := strings.TrimRightFunc(term, func(r rune) bool { return text.QueryTokens(string(r)) == nil })
	if core == "" || utf8.RuneCountInString(core) > 2 {
		return false
	}
	for _, r := range core {
		if len(text.Tokens(string(r)+string(r))) != 2 || len(text.Tokens(string(r)+string(r)+string(r))) != 3 {
			return false // a separator has no tokens, and a sign no token of three
		}
	}
	return true
}

func TestShortFragmentsFindWordsThatBeginWithThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`([a-z]{1,8}|[0-9]{1,8})`).Draw(t, "word")
		before := rapid.SampledFrom([]string{"", "- ", "潮汐", "x ", "9 "}).Draw(t, "before")
		fragment := word[:min(len(word), rapid.IntRange(1, 2).Draw(t, "n"))]
		if !found(before+word, fragment) {
			t.Fatalf("%q does not find %q", fragment, before+word)
		}
	})
}

func TestTokensAreBoundedSortedAndSingle(t *testing.T) {
	var long strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&long, "%c%04d ", rune(0x4e00+i), i)
	}
	if n := len(text.Tokens(long.String())); n != text.MaxTokens {
		t.Errorf("%d tokens of a long text, want %d", n, text.MaxTokens)
	}
	if n := len(text.QueryTokens(long.String())); n != text.MaxQueryTokens {
		t.Errorf("%d tokens of a long term, want %d", n, text.MaxQueryTokens)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "s")
		for _, tokens := range [][]string{text.Tokens(s), text.QueryTokens(s)} {
			if !slices.IsSorted(tokens) || len(slices.Compact(slices.Clone(tokens))) != len(tokens) {
				t.Fatalf("%q gives %q", s, tokens)
			}
		}
	})
}

func TestTerms(t *testing.T) {
	cases := map[string][]string{
		"":                    nil,
		" - ， ":               nil,
		"潮汐 Tech　ｔｅｃｈ":        {"潮汐", "tech"},
		"潮汐 & co":             {"潮汐", "co"},
		"2024-03 a/b \u200b ": {"2024-03", "a/b"},
	}
	for q, want := range cases {
		if got := text.Terms(q); !slices.Equal(got, want) {
			t.Errorf("Terms(%q) = %q, want %q", q, got, want)
		}
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "t%d ", i)
	}
	if n := len(text.Terms(many.String())); n != text.MaxTerms {
		t.Errorf("%d terms of a hundred, want %d", n, text.MaxTerms)
	}
}

func TestEachTermHasTokens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, term := range text.Terms(anyText().Draw(t, "q")) {
			if len(text.QueryTokens(term)) == 0 {
				t.Fatalf("term %q has no tokens", term)
			}
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	s := "北京潮汐科技有限公司 13812345678 SO-202603-0042 海淀区中关村大街27号 tidewater technology"
	b.ReportAllocs()
	for b.Loop() {
		text.Tokens(s)
	}
}
