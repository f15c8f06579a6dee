package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tidewater/engine/text"
)

func TestNameKey(t *testing.T) {
	suffixes := []string{"公司", "有限公司", "有限责任公司", "股份有限公司", "集团", "Co., Ltd.", "Inc", "GmbH"}
	cases := map[string]string{
		"":              "",
		"北京潮汐科技有限公司":    "北京潮汐科技",
		"北京潮汐科技有限责任公司 ": "北京潮汐科技",
		"北京（潮汐）科技　有限公司":     "北京潮汐科技",
		"北京(潮汐)科技股份有限公司":    "北京潮汐科技",
		"潮汐集团有限公司":          "潮汐",
		"有限公司":              "有限公司", // nothing would be left
		"Acme Co.,Ltd":      "acme",
		"ＡＣＭＥ　ＣＯ．，ＬＴＤ．":     "acme",
		"Acme, Inc.":        "acme",
		"Zinc":              "zinc", // no word begins there
		"潮汐Inc":             "潮汐",
		"O'Brien & Sons":    "obriensons",
		"——":                "",
		"Inc":               "inc",
		"Müller GmbH (Ulm)": "müllergmbhulm",
	}
	for in, want := range cases {
		if got := text.NameKey(in, suffixes); got != want {
			t.Errorf("NameKey(%q) = %q, want %q", in, got, want)
		}
	}
	if got := text.NameKey("潮汐 公司", nil); got != "潮汐公司" {
		t.Errorf("without suffixes: %q", got)
	}
}

func TestNameKeyOfAKeyIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "s")
		key := text.NameKey(s, nil)
		if again := text.NameKey(key, nil); again != key {
			t.Fatalf("%q: %q, then %q", s, key, again)
		}
		if withSuffix := text.NameKey(s+"（有限公司）", []string{"有限公司"}); key != "" && withSuffix != text.NameKey(s, []string{"有限公司"}) {
			t.Fatalf("%q: a suffix changes the key to %q", s, withSuffix)
		}
	})
}

func TestPhoneKey(t *testing.T) {
	cases := map[string]string{
		"":                        "",
		"none":                    "",
		"13812345678":             "13812345678",
		"138-1234-5678":           "13812345678",
		"１３８ １２３４ ５６７８":           "13812345678",
		"+86 138 1234 5678":       "13812345678",
		"(+86)13812345678":        "13812345678",
		"0086-13812345678":        "13812345678",
		"8613812345678":           "13812345678",
		"+86 10 6234-5678":        "01062345678",
		"+86 (0)10 62345678":      "01062345678",
		"+86 010 62345678":        "01062345678",
		"(010) 62345678":          "01062345678",
		"861062345678":            "01062345678",
		"86 571 87654321":         "057187654321",
		"+86 571 8765432":         "05718765432",
		"+86 400 123 4567":        "4001234567",
		"400-123-4567":            "4001234567",
		"+86 10086":               "10086",
		"86543210":                "86543210", // a local number that happens to begin so
		"010-62345678 转 12":       "01062345678x12",
		"010-62345678 ext. 12":    "01062345678x12",
		"010-62345678#12":         "01062345678x12",
		"电话：010-62345678":         "01062345678",
		"13812345678/13987654321": "13812345678",
		"13812345678、021-5555":    "13812345678",
		"+44 (0)20 7946 0958":     "+442079460958",
		"0044 20 7946 0958":       "+442079460958",
		"+1 (555) 010-1234":       "+15550101234",
		"030-0074321":             "0300074321",
		"(171) 555-7788":          "1715557788",
		"+":                       "",
		"+86":                     "+86",
		"00":                      "",
	}
	for in, want := range cases {
		if got := text.PhoneKey(in); got != want {
			t.Errorf("PhoneKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPhoneKeyOfAKeyIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[-+0-9() x/转]{0,24}`).Draw(t, "s")
		key := text.PhoneKey(s)
		if again := text.PhoneKey(key); again != key {
			t.Fatalf("%q: %q, then %q", s, key, again)
		}
	})
}

func FuzzPhoneKey(f *testing.F) {
	f.Add("+86 (0)10 6234-5678 转 12")
	f.Fuzz(func(t *testing.T, s string) {
		if key := text.PhoneKey(s); strings.Trim(key, "+x0123456789") != "" {
			t.Fatalf("PhoneKey(%q) = %q", s, key)
		}
	})
}

func TestMask(t *testing.T) {
	cases := []struct {
		s          string
		head, tail int
		want       string
	}{
		{"", 3, 4, ""},
		{"13812345678", 3, 4, "138****5678"},
		{"张", 1, 1, "*"},
		{"张三", 1, 0, "张*"},
		{"张三", 1, 1, "张*"},
		{"欧阳锋", 1, 1, "欧**"},
		{"12345", 3, 4, "1***5"},
		{"1234567", 3, 4, "12****7"},
		{"12345678", 3, 4, "123***78"},
		{"6222021234567890123", 4, 4, "6222****0123"},
		{"abcdefgh", -5, 1 << 62, "***defgh"},
		{"secret", 0, 0, "****"},
	}
	for _, c := range cases {
		if got := text.Mask(c.s, c.head, c.tail); got != c.want {
			t.Errorf("Mask(%q, %d, %d) = %q, want %q", c.s, c.head, c.tail, got, c.want)
		}
	}
}

func TestMaskHidesAtLeastAThird(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z潮汐]{1,40}`).Draw(t, "s")
		masked := text.Mask(s, rapid.IntRange(-1, 50).Draw(t, "head"), rapid.IntRange(-1, 50).Draw(t, "tail"))
		all := utf8.RuneCountInString(s)
		shown := utf8.RuneCountInString(strings.ReplaceAll(masked, "*", ""))
		if 3*shown > 2*all || all < 8 && 2*shown > all {
			t.Fatalf("Mask(%q) = %q shows %d of %d", s, masked, shown, all)
		}
	})
}

func TestPhoneMask(t *testing.T) {
	cases := map[string]string{
		"":                     "",
		"+86 138-1234-5678":    "138****5678",
		"010-62345678 转 12":    "010****5678",
		"+44 (0)20 7946 0958":  "+44****0958",
		"5555":                 "5**5",
		"ask at the reception": "****",
	}
	for in, want := range cases {
		if got := text.PhoneMask(in); got != want {
			t.Errorf("PhoneMask(%q) = %q, want %q", in, got, want)
		}
	}
}
