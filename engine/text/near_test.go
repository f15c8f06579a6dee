package text_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/text"
)

func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		near bool
	}{
		{"华星杭州科技", "华星杭州科技", false}, // equal is more than near
		{"华星杭州科技", "华兴杭州科技", true},  // exchanged
		{"华星杭州科技", "华星杭州技", true},   // dropped
		{"华星杭州科技", "华星杭州科技术", true}, // added
		{"华星杭州科技", "华星州杭科技", true},  // swapped
		{"华星杭州科技", "华兴杭州技术", false}, // two slips
		{"华星杭州科技", "科技杭州华星", false},
		{"huaxing", "huaxign", true},
		{"huaxing", "hauxign", false},
		{"aaaa", "aaaaa", true},
		{"华为", "华伟", false},    // too short to tell
		{"华星科技", "星科技", false}, // and so is the other
	} {
		if got := text.Near(c.a, c.b); got != c.near || text.Near(c.b, c.a) != c.near {
			t.Errorf("%s, %s: near %v", c.a, c.b, got)
		}
	}
}

// TestWhatIsNearSharesAKey is what makes the keys enough to find everything that is near.
func TestWhatIsNearSharesAKey(t *testing.T) {
	letter := rapid.RuneFrom([]rune("ab华星"))
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(letter, 4, 24).Draw(t, "a")
		b := slices.Clone(a)
		at := rapid.IntRange(0, len(a)-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "slip") {
		case 0:
			b = slices.Insert(b, at, letter.Draw(t, "added"))
		case 1:
			b = slices.Delete(b, at, at+1)
		case 2:
			b[at] = letter.Draw(t, "exchanged")
		case 3:
			if at+1 < len(b) {
				b[at], b[at+1] = b[at+1], b[at]
			}
		}
		keys, others := text.NearKeys(string(a)), text.NearKeys(string(b))
		if keys == nil || others == nil {
			return
		}
		shared := slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(others, k) })
		if near := text.Near(string(a), string(b)); !shared || near == slices.Equal(a, b) {
			t.Fatalf("%s, %s: shared %v, near %v", string(a), string(b), shared, near)
		}
		if len(slices.Compact(slices.Sorted(slices.Values(keys)))) != len(keys) {
			t.Fatalf("%q: a key twice", keys)
		}
	})
}

func TestNearKeysAreFew(t *testing.T) {
	if keys := text.NearKeys("华华星星"); !slices.Equal(keys, []string{"华华星星", "华星星", "华华星"}) {
		t.Errorf("%q", keys)
	}
	for _, s := range []string{"", "华为技", "一二三四五六七八九十一二三四五六七八九十一二三四五"} {
		if keys := text.NearKeys(s); keys != nil {
			t.Errorf("%q has %q", s, keys)
		}
	}
}
