package expr

import "strconv"

// Outcomes are the whole numbers that the program's ways end in, where each ends in a number as it is written or in
// nothing; known is false where one is reckoned. Ways that cannot be taken are among them.
func (p *Program) Outcomes() (numbers []int, known bool) { return p.root.outcomes(nil) }

func (n *node) outcomes(before []int) (numbers []int, known bool) {
	ways := n.kids
	switch n.op {
	case opConst:
		if isAbsent(n.val) {
			return before, true
		}
		number, err := strconv.Atoi(n.text)
		return append(before, number), err == nil
	case opChoose:
		ways = n.kids[1:]
	case opOr2:
	default:
		return nil, false
	}
	for _, way := range ways {
		if before, known = way.outcomes(before); !known {
			return nil, false
		}
	}
	return before, true
}
