package region

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheTableIsWhole(t *testing.T) {
	line := regexp.MustCompile(`^[1-6]\d{5} \p{Han}+$`)
	count := make(map[Level]int)
	before := ""
	for text := range strings.Lines(source) {
		text = strings.TrimSuffix(text, "\n")
		if !line.MatchString(text) {
			t.Errorf("line %q", text)
		}
		code, _, _ := strings.Cut(text, " ")
		if code <= before {
			t.Errorf("%s stands after %s", code, before)
		}
		before = code
		count[LevelOf(code)]++
		if p := code[:2] + "0000"; !Valid(p) {
			t.Errorf("%s has no province", code)
		}
	}
	if count[Province] != 31 || count[City] != 333 || count[County] != 2975 {
		t.Errorf("%v provinces, cities, counties", count)
	}
	if len(source) > 120<<10 {
		t.Errorf("%d bytes", len(source))
	}
}

// Going down from the provinces reaches each division once, and going up from it comes back.
func TestTheTreeReachesEveryDivision(t *testing.T) {
	seen := make(map[string]bool)
	var down func(code string, path []string)
	down = func(code string, path []string) {
		if code != "" {
			path = append(slices.Clone(path), code)
			if seen[code] {
				t.Errorf("%s is reached twice", code)
			}
			seen[code] = true
			if got := Path(code); !slices.Equal(got, path) {
				t.Errorf("path of %s is %v, want %v", code, got, path)
			}
			if found, ok := Find(Title(code)); !ok || found != code {
				t.Errorf("%s is found as %q", Title(code), found)
			}
		}
		for _, child := range Children(code) {
			down(child, path)
		}
	}
	down("", nil)
	if len(seen) != len(divisions) {
		t.Errorf("%d of %d are reached", len(seen), len(divisions))
	}
}

func TestKnownDivisions(t *testing.T) {
	cases := []struct {
		code, title string
		level       Level
		children    int
	}{
		{"110000", "北京市", Province, 16},
		{"110105", "北京市 朝阳区", County, 0},
		{"310115", "上海市 浦东新区", County, 0},
		{"500229", "重庆市 城口县", County, 0},
		{"440000", "广东省", Province, 21},
		{"440300", "广东省 深圳市", City, 9},
		{"440305", "广东省 深圳市 南山区", County, 0},
		{"441900", "广东省 东莞市", City, 0},
		{"429004", "湖北省 仙桃市", County, 0},
		{"659001", "新疆维吾尔自治区 石河子市", County, 0},
		{"522301", "贵州省 黔西南布依族苗族自治州 兴义市", County, 0},
	}
	for _, c := range cases {
		if Title(c.code) != c.title || LevelOf(c.code) != c.level || len(Children(c.code)) != c.children {
			t.Errorf("%s: %q, level %d, %d below", c.code, Title(c.code), LevelOf(c.code), len(Children(c.code)))
		}
	}
	if n := len(Children("500000")); n != 38 {
		t.Errorf("Chongqing has %d counties", n)
	}
}

func TestWhatDoesNotExist(t *testing.T) {
	for _, code := range []string{"", "11", "110100", "500200", "429000", "999999", "000000", "11010", "1101050", "１１０１０５", "~", "110105 "} {
		if Valid(code) || Name(code) != "" || Path(code) != nil || Title(code) != "" || LevelOf(code) != 0 || code != "" && Children(code) != nil {
			t.Errorf("%q exists", code)
		}
	}
	for _, title := range []string{"", " / ", "深圳市", "广东省 深圳", "广东省 南山区", "北京市 朝阳区 三里屯", "\xff"} {
		if code, ok := Find(title); ok || code != "" {
			t.Errorf("%q is found as %q", title, code)
		}
	}
	for _, title := range []string{"广东省深圳市南山区", "广东省/深圳市/南山区", " 广东省　深圳市-南山区 "} {
		if code, ok := Find(title); !ok || code != "440305" {
			t.Errorf("%q is found as %q", title, code)
		}
	}
}

// No name is the beginning of a sister's: Find relies on it.
func TestNoNameBeginsASisters(t *testing.T) {
	for _, d := range append([]division{{}}, divisions...) {
		sisters := Children(d.code)
		for _, a := range sisters {
			for _, b := range sisters {
				if a != b && strings.HasPrefix(Name(b), Name(a)) {
					t.Errorf("below %q: %s begins %s", d.code, Name(a), Name(b))
				}
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("广东省 深圳市 南山区")
	f.Fuzz(func(t *testing.T, title string) {
		if code, ok := Find(title); ok && !Valid(code) {
			t.Fatalf("%q is found as %q", title, code)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		read(source)
	}
}

func BenchmarkChildren(b *testing.B) {
	for b.Loop() {
		Children("440000")
	}
}
