package engine_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The engine runs any app, so it must not know one app's words, not even in its tests. The lists are
// short on purpose: "order", "line", "lead to" and "quote a string" are plain English, and 公海池 is
// the glossary's own word for a pool.
var (
	// foreignWords are told apart in identifiers (customerID), strings and comments alike.
	foreignWords = []string{"customer", "customers", "crm", "sales", "salesperson", "salespeople", "payslip", "payslips"}
	// foreignKeys are plain English elsewhere, but form keys when they stand alone in quotes or a path.
	foreignKeys = regexp.MustCompile("[\"'`/](leads?|quotes?|campaigns?|opportunit(?:y|ies)|receipt)[\"'`/]")
	// foreignHan needs no boundaries: these pairs mean nothing else.
	foreignHan = regexp.MustCompile("客户|线索|商机|报价单|销售|回款")

	letters = regexp.MustCompile(`[A-Za-z]+`)
	humps   = regexp.MustCompile(`[A-Z]+(?:[a-z]+)?|[a-z]+`)
)

// checkWords finds one app's words in the engine, tests included. The files of this check are spared.
func checkWords(s source) []string {
	if !s.inEngine() || strings.HasPrefix(s.name, "engine/arch_") {
		return nil
	}
	var faults []string
	line := 0
	for text := range strings.Lines(s.text) {
		line++
		for _, word := range foreignIn(text) {
			faults = append(faults, fmt.Sprintf("%s:%d: %q is a word of one app", s.name, line, word))
		}
	}
	return faults
}

func foreignIn(text string) []string {
	var found []string
	for _, run := range letters.FindAllString(text, -1) {
		for _, word := range append(humps.FindAllString(run, -1), run) {
			if word = strings.ToLower(word); slices.Contains(foreignWords, word) {
				found = append(found, word)
			}
		}
	}
	for _, m := range foreignKeys.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	found = append(found, foreignHan.FindAllString(text, -1)...)
	slices.Sort(found)
	return slices.Compact(found)
}
