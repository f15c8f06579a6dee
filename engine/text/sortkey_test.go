package text_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/text"
)

func TestSortKeyOrdersAsPeopleExpect(t *testing.T) {
	// each sorts strictly before the next
	want := []string{
		"", "-", "(甲)", "2", "9", "10", "a9", "a10", "apple", "Apple", "Éclair", "zebra", "Ω",
		"阿", "北京", "曹", "单", "李四", "王五", "乙", "张三", "长沙", "重庆",
	}
	for i := 1; i < len(want); i++ {
		if a, b := text.SortKey(want[i-1]), text.SortKey(want[i]); a >= b {
			t.Errorf("%q (%s) should stand before %q (%s)", want[i-1], a, want[i], b)
		}
	}
	shuffled := slices.Clone(want)
	slices.Reverse(shuffled)
	slices.SortFunc(shuffled, func(a, b string) int { return strings.Compare(text.SortKey(a), text.SortKey(b)) })
	if !slices.Equal(shuffled, want) {
		t.Errorf("sorted: %q", shuffled)
	}
}

func TestSortKeyIsBoundedHexAndBlindToWhatNobodySees(t *testing.T) {
	if text.SortKey("潮\u200b汐\x00 ") != text.SortKey(" 潮汐") {
		t.Error("invisible characters move a name")
	}
	if text.SortKey(strings.Repeat("潮", 64)+"a") != text.SortKey(strings.Repeat("潮", 64)+"b") {
		t.Error("more than 64 characters count")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Repeat(anyText().Draw(t, "s"), rapid.IntRange(1, 50).Draw(t, "times"))
		key := text.SortKey(s)
		if strings.Trim(key, "0123456789abcdef") != "" {
			t.Fatalf("%q is not hexadecimal", key)
		}
		if len(key) > 4096 {
			t.Fatalf("the key of %q has %d digits", s, len(key))
		}
		if text.SortKey(s) != key {
			t.Fatal("two keys for one text")
		}
	})
}

func TestSortKeyFromManyGoroutines(t *testing.T) {
	words := []string{"北京", "apple", "Ω10", strings.Repeat("重庆", 40)}
	want := make([]string, len(words))
	for i, w := range words {
		want[i] = text.SortKey(w)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 400 {
				if n := i % len(words); text.SortKey(words[n]) != want[n] {
					t.Errorf("another key for %q", words[n])
					return
				}
			}
		})
	}
	group.Wait()
}

func FuzzSortKey(f *testing.F) {
	f.Add("a10北京\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if len(text.SortKey(s)) > 4096 {
			t.Fatalf("long key for %q", s)
		}
	})
}

func BenchmarkSortKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.SortKey("北京某某科技有限公司")
	}
}
