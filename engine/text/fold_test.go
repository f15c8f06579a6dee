package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tidewater/engine/text"
)

func TestFold(t *testing.T) {
	cases := map[string]string{
		"": "",
		"  Ａｃｍｅ　（Ｈｏｌｄｉｎｇ）\t2 ": "acme (holding) 2",
		"ﬁne ①②":                 "fine 12",
		"北\u200b京\ufeff市":        "北京市",
		"nul\x00 and\x07 bell":   "nul and bell",
		"bad\xff\xfebytes":       "badbytes",
		"Ça va":                  "ça va",
		"C\u0327a":               "ça",
		"ＧＲＯＳＳ ＳＴＲＡẞＥ":           "gross straße",
		"a\u2028b\u00a0c\u3000d": "a b c d",
		"\u00ad\u200d\ufe0f":     "",
		"ｶﾞ":                     "ガ",
	}
	for in, want := range cases {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestOrdinaryTextFoldsAsTheTablesSay holds what Fold does not look up against what it would find: a character that is
// not ordinary sends the whole text to the tables.
func TestOrdinaryTextFoldsAsTheTablesSay(t *testing.T) {
	hold := func(s string) {
		t.Helper()
		if !text.IsOrdinary(s) || !norm.NFC.IsNormalString(s) {
			t.Fatalf("%q is not ordinary", s)
		}
		if quick, looked := text.Fold("x"+s+"x"), text.Fold("x"+s+"xö"); quick+"ö" != looked {
			t.Fatalf("%q folds to %q, and by the tables to %q", s, quick, looked)
		}
	}
	for r := rune(' '); r <= 0xffff; r++ {
		if one := string(r); text.IsOrdinary(one) {
			hold(one)
			hold(one + "A" + one)
		}
	}
	alphabet := rapid.StringOfN(rapid.SampledFrom([]rune(" aZ9~!、。，（）Ａｚ～潮汐一鿿")), 0, 20, -1)
	rapid.Check(t, func(t *rapid.T) { hold(alphabet.Draw(t, "text")) })
}

func TestFoldOfFoldedIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "s")
		once := text.Fold(s)
		if twice := text.Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
		if !utf8.ValidString(once) || strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
			t.Fatalf("Fold(%q) = %q is not tidy", s, once)
		}
	})
}

// anyText draws texts that mix scripts, widths, digits, punctuation and what nobody sees, and now and
// then any bytes at all.
func anyText() *rapid.Generator[string] {
	parts := rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z]{1,9}`),
		rapid.StringMatching(`[0-9]{1,12}`),
		rapid.StringMatching(`[北京上海科技有限公司张王李潮汐]{1,6}`),
		rapid.StringMatching(`[Ａ-Ｚａ-ｚ０-９]{1,4}`),
		rapid.SampledFrom([]string{" ", "  ", "-", "/", "（", "）", "、", ".", "\u200b", "\ufeff", "\t", "\x00", "é", "e\u0301", "ﬁ", "①", "★", "ガ", "ｶﾞ", "한국", "ภาษา", "👍🏽", "İ", "ϓ", "½"}),
		rapid.StringN(0, 4, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }),
	)
	return rapid.Map(rapid.SliceOfN(parts, 0, 12), func(list []string) string { return strings.Join(list, "") })
}

func FuzzFold(f *testing.F) {
	f.Add("Ａcme ① 北\u200b京")
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Fold(s)
		if text.Fold(once) != once {
			t.Fatalf("Fold(%q) = %q moves when folded again", s, once)
		}
	})
}
