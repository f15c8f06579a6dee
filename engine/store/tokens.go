package store

import "hash/fnv"

// TokenSum stands for a set of tokens: equal for the same ones in any order, and else different but for an
// accident. The zero value is that of none.
type TokenSum uint64

// SumTokens is the sum of tokens of which none stands twice.
func SumTokens(tokens []string) TokenSum {
	var sum TokenSum
	for _, token := range tokens {
		sum = sum.With(token)
	}
	return sum
}

// With is the sum with one token more.
func (s TokenSum) With(token string) TokenSum {
	h := fnv.New64a()
	h.Write([]byte(token))
	return s + TokenSum(h.Sum64())
}
