package script_test

import (
	"strings"
	"testing"

	"tidewater/engine/script"
)

// Numbers, texts and comparisons are changed one at a time; comments, names and what does not end stay.
func TestMutants(t *testing.T) {
	for source, want := range map[string]string{
		`return 1 + x2`:                             `1→2`,
		`return 1.5`:                                `1.5→2.5`,
		`return a <= b and c ~= d`:                  `<=→<, and→or, ~=→==`,
		`return true`:                               `true→false`,
		`return "a" .. 'b'`:                         `"a"→"ax", 'b'→'bx'`,
		`return ""`:                                 `""→"x"`,
		`return "a\"b"`:                             `"a\"b"→"a\"bx"`,
		`return "a\\"`:                              `"a\\"→"a\\x"`,
		`return {["zh-CN"] = "不行"}`:                 `"zh-CN"→"zh-CNx", "不行"→"不行x"`,
		`return [[a]]`:                              `[[a]]→[[ax]]`,
		`return [==[a]]b]==]`:                       `[==[a]]b]==]→[==[a]]bx]==]`,
		`return [==[a]]`:                            ``, // it does not end
		"return \"a\nreturn 'b'":                    `'b'→'bx'`,
		`return t[i] -- 1 < 2 "a"`:                  ``,
		`--[[ 1 "a" ]] return t[ [[k]]]`:            `[[k]]→[[kx]]`,
		"--[==[ 1\n]==]\nreturn 2":                  `2→3`,
		`return "` + strings.Repeat("长", 100) + `"`: `"` + strings.Repeat("长", 29) + "…" + strings.Repeat("长", 29) + `"→"` + strings.Repeat("长", 29) + "…" + strings.Repeat("长", 28) + `x"`,
	} {
		var got []string
		for _, m := range script.Mutants(source) {
			got = append(got, m.Was+"→"+m.Now)
			if m.Source == source {
				t.Errorf("%s: nothing is changed", source)
			}
		}
		if all := strings.Join(got, ", "); all != want {
			t.Errorf("%s:\n%s, want\n%s", source, all, want)
		}
	}
	m := script.Mutants("-- 你好\nif a == '好' and 1 then end")[2]
	if m.Line != 2 || m.Col != 13 || m.Was != "and" || m.Source != "-- 你好\nif a == '好' or 1 then end" {
		t.Errorf("%+v", m)
	}
}
