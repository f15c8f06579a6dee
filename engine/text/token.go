package text

import (
	"slices"
	"strings"
)

// TokensVersion names the scheme of Tokens; records indexed under another one are indexed again.
const TokensVersion = 1

// MaxTokens bounds the distinct tokens of one text; what follows after them is not indexed.
const MaxTokens = 2000

// MaxQueryTokens bounds the tokens of one term; a longer term is told apart by its text.
const MaxQueryTokens = 32

// MaxTerms bounds the terms of one question; further ones are left out.
const MaxTerms = 16

// Terms splits what someone typed into a search box at white space, folded, without doubles, at most
// MaxTerms. A record is found when each of its terms matches. Terms without a letter, digit or symbol
// (a lone dash) are left out, so that each term has at least one token; none at all means that
// nothing was asked.
func Terms(q string) []string {
	var terms []string
	for _, term := range strings.Fields(Fold(q)) {
		if len(terms) == MaxTerms {
			break
		}
		if !slices.Contains(terms, term) && hasRun(term) {
			terms = append(terms, term)
		}
	}
	return terms
}

// Tokens returns the tokens under which s is indexed: sorted, without doubles, at most MaxTokens
// (those that come first in the text). They are made of three classes of characters:
//
//   - signs, characters of scripts written without blanks between words (Han, kana, Hangul, Thai …)
//     and symbols such as ★: each by itself, and each two neighbours;
//   - word characters, all other letters, digits and combining marks: each three neighbours within a
//     run, and the first one and two of each word, where a word also begins between letters and digits
//     (iphone15 has the words iphone and 15);
//   - all else separates and is not indexed.
//
// QueryTokens states what this finds.
func Tokens(s string) []string { return FoldedTokens(Fold(s)) }

// FoldedTokens is Tokens of a text that is folded, or of several, one in each line.
func FoldedTokens(folded string) []string {
	tokens := tokenSet{limit: MaxTokens}
	eachRun(folded, func(r run) bool { return r.index(&tokens) })
	return tokens.sorted()
}

// QueryTokens returns tokens that a text must have to hold term; a record is a candidate when it has
// them all. The promise: whenever Fold(term) is a substring of Fold(s), and s has fewer than MaxTokens
// tokens, QueryTokens(term) ⊆ Tokens(s), wherever the term cuts the words of s. One kind of term is
// excepted because nothing in it must be a token: one or two word characters with no more than
// separators behind them ("5", "te", "a-"). Such a term stands for the beginning of a word: it finds
// "tea" and "iphone5", not "steam".
//
// So found are: Han words of any length, one character included; every fragment of at least three
// letters or digits; shorter ones where a word begins. The result is sorted, without doubles, at most
// MaxQueryTokens, and empty only for a term of nothing but separators.
func QueryTokens(term string) []string {
	tokens := tokenSet{limit: MaxQueryTokens}
	folded := Fold(term)
	eachRun(folded, func(r run) bool { return r.ask(&tokens) })
	if len(tokens.list) == 0 {
		eachRun(folded, func(r run) bool { return tokens.add(r.text) })
	}
	return tokens.sorted()
}

// Holds is the one predicate of search and of the filter "contains" over whole records: all tokens of
// term are among tokens, and the folded term is part of folded. tokens is what Tokens returned for
// the text, folded its Fold. Each store's answer equals this one.
func Holds(tokens []string, folded, term string) bool {
	term = Fold(term)
	if !strings.Contains(folded, term) {
		return false
	}
	for _, token := range QueryTokens(term) {
		if _, ok := slices.BinarySearch(tokens, token); !ok {
			return false
		}
	}
	return true
}
