package expr

import (
	"slices"
	"strconv"

	"github.com/govalues/decimal"

	"tidewater/engine/value"
)

// Claim is that a condition gives true, or that it does not: one that fails gives nothing.
type Claim struct {
	Condition *Program
	Holds     bool
}

// What a proof may take, so that no author makes a publication hang; what takes more is left undecided.
const (
	maxCases = 20_000  // of one proof
	maxProof = 200_000 // conditions looked at, of all proofs over one expression
)

// Impossible tells whether no record can meet all claims at once. It goes through the cases that comparisons
// of single fields with what is written tell apart; whatever else the conditions ask may be true, false or
// fail. So true is certain as far as the fields hold what their types say (options among them), and false
// says nothing. The conditions must be of one Env.
func Impossible(claims ...Claim) bool {
	list, left := make([]claim, 0, len(claims)), maxProof
	for _, c := range claims {
		list = append(list, claim{c.Condition.root, writing{c.Condition.source, []rune(c.Condition.source)}, c.Holds})
	}
	possible, decided := satisfiable(list, &left)
	return decided && !possible
}

// claim is Claim of a part of a condition.
type claim struct {
	node  *node
	in    writing
	holds bool
}

// satisfiable tells whether a case meets all claims; decided is false where there are too many to look at.
func satisfiable(claims []claim, left *int) (possible, decided bool) {
	p := proof{left: left, atoms: map[*node]int{}, places: map[string]int{}}
	for _, c := range claims {
		p.gather(c.node, c.in)
	}
	cases := 1
	for n := range p.variables {
		p.variables[n].settle()
		if cases *= len(p.variables[n].values); cases > maxCases {
			return false, false
		}
	}
	p.now = make([]int, len(p.variables))
	for range cases {
		if p.meets(claims) {
			return true, true
		}
		if *left < 0 {
			return false, false
		}
		p.step()
	}
	return false, *left >= 0
}

// proof is a walk through cases.
type proof struct {
	left      *int           // of maxProof
	atoms     map[*node]int  // which variable decides a condition
	places    map[string]int // variables by what they are of
	variables []variable
	now       []int // which value of each variable the case has
}

// variable is a field, or something that only its outcome is known of.
type variable struct {
	typ     Type
	opaque  bool
	written []any // what the field is compared with
	values  []any // of the cases: absent, and one of each stretch that the written values tell apart
}

// fails is the outcome of a condition that cannot be evaluated.
type fails struct{}

func (p *proof) gather(n *node, in writing) {
	if *p.left--; *p.left < 0 {
		return
	}
	switch n.op {
	case opAnd, opOr, opNot:
		for _, kid := range n.kids {
			p.gather(kid, in)
		}
		return
	case opChoose:
		if n.typ.Kind == Bool {
			for _, kid := range n.kids {
				p.gather(kid, in)
			}
			return
		}
	case opConst:
		return
	}
	if of, written, ok := asked(n); ok {
		at := p.variable("field "+originName(of.typ.origin)+of.typ.Path.String(), of.typ, false)
		p.atoms[n] = at
		p.variables[at].written = append(p.variables[at].written, written...)
		return
	}
	p.atoms[n] = p.variable(outcomeOf(n, in), n.typ, true)
}

func originName(o origin) string {
	if o == fromOld {
		return "old."
	}
	return ""
}

// outcomeOf names what a condition asks, so that the same question asked twice has one answer. Variables and
// what predicates look at mean something else elsewhere: each such question stands for itself.
func outcomeOf(n *node, in writing) string {
	scoped := false
	n.walk(func(kid *node) { scoped = scoped || kid.op == opVar || kid.op == opItem || kid.op == opLet })
	at := n.place(in.source, in.chars)
	if scoped || at == nil {
		return "at " + strconv.Itoa(n.at) + " of " + in.source
	}
	return "asked " + at.Text
}

func (p *proof) variable(place string, typ Type, opaque bool) int {
	at, ok := p.places[place]
	if !ok {
		at = len(p.variables)
		p.places[place] = at
		p.variables = append(p.variables, variable{typ: typ, opaque: opaque})
	}
	return at
}

// asked recognises a question about one field and what is written beside it.
func asked(n *node) (of *node, written []any, ok bool) {
	switch n.op {
	case opField:
		return n, nil, n.typ.Kind == Bool
	case opEqual, opDiffer, opLess:
		left, right := n.kids[0], n.kids[1]
		if left.op == opConst {
			left, right = right, left
		}
		if left.op != opField || right.op != opConst || !scalars.has(left.typ.Kind) || n.op == opLess && left.typ.Kind == Text {
			return nil, nil, false
		}
		return left, givenBy(right.val), true
	case opIn:
		left, right := n.kids[0], n.kids[1]
		if left.op != opField || right.op != opList || right.isMade() {
			return nil, nil, false
		}
		for _, kid := range right.kids {
			written = append(written, givenBy(kid.val)...)
		}
		return left, written, true
	}
	return nil, nil, false
}

func givenBy(v any) []any {
	if isAbsent(v) {
		return nil
	}
	return []any{v}
}

// settle finds the values that stand for all that the variable can be.
func (v *variable) settle() {
	switch {
	case v.opaque:
		v.values = []any{true, false, fails{}}
		return
	case v.typ.Kind == Bool:
		v.values = []any{nil, true, false}
		return
	case len(v.typ.Options) > 0:
		v.values = append(v.values, nil)
		for _, option := range v.typ.Options {
			v.values = append(v.values, option)
		}
		return
	case v.typ.Kind == Text:
		v.values = append([]any{nil, anyOther(v.written)}, v.written...)
		return
	}
	if len(v.written) == 0 {
		v.written = []any{anyOf(v.typ.Kind)}
	}
	slices.SortFunc(v.written, compare)
	v.written = slices.CompactFunc(v.written, func(a, b any) bool { return compare(a, b) == 0 })
	v.values = append(v.values, nil)
	for n, one := range v.written {
		if n == 0 {
			v.values = append(v.values, v.beside(one, -1)...)
		}
		v.values = append(v.values, one)
		for _, next := range v.beside(one, 1) {
			if n+1 == len(v.written) || compare(next, v.written[n+1]) < 0 {
				v.values = append(v.values, next)
			}
		}
	}
}

// anyOf is some value of a kind: a field that is compared with nothing written is there or absent.
func anyOf(k Kind) any {
	switch k {
	case Date:
		return day(20000101)
	case DateTime:
		return instant(0)
	}
	return whole(0)
}

// anyOther is a text that is none of those written.
func anyOther(written []any) string {
	longest := ""
	for _, w := range written {
		if s, ok := w.(string); ok {
			longest = max(longest, s)
		}
	}
	return longest + "x"
}

// beside is the nearest value on one side that the field can hold; none at the ends of what there is.
func (v *variable) beside(of any, side int64) []any {
	switch of := of.(type) {
	case day:
		if to := value.AddDays(int64(of), side); to != 0 {
			return []any{day(to)}
		}
	case instant:
		return []any{of + instant(side)}
	case number:
		one, err := decimal.New(side, v.typ.Scale)
		if err != nil {
			return nil
		}
		from := of.Floor(v.typ.Scale)
		if side < 0 {
			from = of.Ceil(v.typ.Scale)
		}
		if to, err := from.Add(one); err == nil {
			return []any{to}
		}
	}
	return nil
}

// step goes to the next case.
func (p *proof) step() {
	for n := range p.now {
		if p.now[n]++; p.now[n] < len(p.variables[n].values) {
			return
		}
		p.now[n] = 0
	}
}

func (p *proof) meets(claims []claim) bool {
	for _, c := range claims {
		if (p.outcome(c.node) == true) != c.holds {
			return false
		}
	}
	return true
}

// outcome evaluates a condition in the case at hand: true, false or fails.
func (p *proof) outcome(n *node) any {
	*p.left--
	switch n.op {
	case opConst:
		return n.val == true
	case opNot:
		if got, ok := p.outcome(n.kids[0]).(bool); ok {
			return !got
		}
		return fails{}
	case opAnd, opOr:
		left := p.outcome(n.kids[0])
		if got, ok := left.(bool); !ok || got == (n.op == opOr) {
			return left
		}
		return p.outcome(n.kids[1])
	case opChoose:
		if _, leaf := p.atoms[n]; !leaf {
			return p.chosen(n)
		}
	}
	at := p.atoms[n]
	v := &p.variables[at]
	got := v.values[p.now[at]]
	if v.opaque {
		return got
	}
	return answer(n, got)
}

func (p *proof) chosen(n *node) any {
	switch p.outcome(n.kids[0]) {
	case true:
		return p.outcome(n.kids[1])
	case false:
		return p.outcome(n.kids[2])
	}
	return fails{}
}

// answer is what a question that asked recognises gives for a value of its field.
func answer(n *node, got any) any {
	switch n.op {
	case opField:
		return got == true
	case opIn:
		return !isAbsent(got) && slices.ContainsFunc(n.kids[1].kids, func(k *node) bool { return equal(got, k.val) })
	case opEqual, opDiffer:
		other := n.kids[1]
		if n.kids[0].op == opConst {
			other = n.kids[0]
		}
		return equal(got, other.val) == (n.op == opEqual)
	}
	left, right := got, n.kids[1].val
	if n.kids[0].op == opConst {
		left, right = n.kids[0].val, got
	}
	return !isAbsent(left) && !isAbsent(right) && holds(n.text, compare(left, right))
}
