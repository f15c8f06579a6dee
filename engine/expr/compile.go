package expr

import (
	"maps"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tidewater/engine/value"
)

// compiler checks the parser's tree and builds nodes from it. A nil node stands for what is wrong and
// has been noted, so that one fault does not bring others after it.
type compiler struct {
	env      Env
	chars    []rune // the source, once it is known to be short
	issues   issues
	visits   int
	complex  bool            // the limit of visits has been told
	where    span            // of what has been checked below the node at hand
	items    []*node         // lists that the predicates around look at, outermost first
	lets     map[string]*let // variables in sight
	slots    int             // of variables, taken
	spans    int             // numbers in ranges so far
	machines int             // instructions of patterns so far
}

type let struct {
	value *node
	slot  int
}

func newCompiler(source string, env Env) *compiler {
	return &compiler{env: env, issues: issues{source: source}, lets: map[string]*let{}}
}

func (c *compiler) compile() *node {
	tree := parse(c.issues.source, &c.issues)
	if tree == nil {
		return nil
	}
	c.chars = []rune(c.issues.source)
	return c.node(tree)
}

// result fits the whole expression to what is wanted.
func (c *compiler) result(n *node, want Type) (*node, Type) {
	n = c.fit(n, of(want.Kind))
	if n == nil {
		return nil, want
	}
	got := n.typ
	switch {
	case want.Kind == None:
		return n, got
	case fits(got, want) && got.Kind != List:
		return n, want
	case want.Kind == List && got.Kind == List && (want.Of == nil || fits(*got.Of, *want.Of)):
		if want.Of == nil {
			want = got
		}
		return n, want
	}
	c.issues.Add(n.at, "expr.result", "want", want.Kind.String(), "got", got.Kind.String())
	return nil, want
}

// fits tells whether values of one type, lists aside, may stand where the other is wanted.
func fits(got, want Type) bool {
	return got.Kind == want.Kind || got.Kind == None || got.Kind == Int && want.Kind == Decimal
}

// node checks one node of the parser's tree, and notes where it stands.
func (c *compiler) node(tree ast.Node) *node {
	around := c.where
	c.where = spanOf(tree)
	n := c.checked(tree)
	if n != nil {
		n.span = c.where
	}
	c.where = around.with(c.where)
	return n
}

// checked is the allow-list: what has no case here cannot run.
func (c *compiler) checked(tree ast.Node) *node {
	if c.visits++; c.visits > maxNodes {
		if !c.complex {
			c.complex = true
			c.issues.Add(c.at(tree), "expr.tooComplex")
		}
		return nil
	}
	at := c.at(tree)
	switch t := tree.(type) {
	case *ast.NilNode:
		return constant(at, "nil", Type{Kind: None}, nil)
	case *ast.BoolNode:
		return constant(at, boolText(t.Value), Type{Kind: Bool}, t.Value)
	case *ast.StringNode:
		return constant(at, t.Value, Type{Kind: Text}, t.Value)
	case *ast.IntegerNode:
		return constant(at, c.written(t), Type{Kind: Int}, whole(int64(t.Value)))
	case *ast.FloatNode:
		return c.fraction(t)
	case *ast.IdentifierNode:
		return c.identifier(t)
	case *ast.PointerNode:
		return c.pointer(t)
	case *ast.ChainNode:
		return c.node(t.Node)
	case *ast.MemberNode:
		return c.member(t)
	case *ast.UnaryNode:
		return c.unary(t)
	case *ast.BinaryNode:
		return c.binary(t)
	case *ast.ConditionalNode:
		return c.choose(t)
	case *ast.VariableDeclaratorNode:
		return c.declare(t)
	case *ast.ArrayNode:
		return c.array(t)
	case *ast.CallNode:
		return c.callNode(t)
	case *ast.BuiltinNode:
		return c.call(at, t.Name, t.Arguments)
	case *ast.PredicateNode:
		c.issues.Add(at, "expr.notAllowed", "part", "{}")
		return nil
	}
	c.issues.Add(at, "expr.notAllowed", "part", c.written(tree))
	return nil
}

// at tells where a node stands; the parser leaves out where an if begins.
func (c *compiler) at(tree ast.Node) int {
	if cond, ok := tree.(*ast.ConditionalNode); ok && !cond.Ternary {
		return c.at(cond.Cond)
	}
	return tree.Location().From
}

// written returns the source text of the token at which a node stands.
func (c *compiler) written(tree ast.Node) string {
	l := tree.Location()
	if l.From < 0 || l.To > len(c.chars) || l.From >= l.To {
		return ""
	}
	return string(c.chars[l.From:l.To])
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// fraction reads the literal from the source, because the parser made a float64 of it.
func (c *compiler) fraction(t *ast.FloatNode) *node {
	text := c.written(t)
	d, ok := literal(text)
	if !ok {
		c.issues.Add(c.at(t), "expr.number")
		return nil
	}
	return constant(c.at(t), text, numberType(false, d.MinScale()), d)
}

func (c *compiler) identifier(t *ast.IdentifierNode) *node {
	name, at := t.Value, c.at(t)
	if l, ok := c.lets[name]; ok {
		slot := l.slot
		return &node{
			op: opVar, at: at, text: name, typ: l.value.typ, uses: l.value.uses,
			eval: func(r *run) (any, error) { return r.lets[slot], nil },
		}
	}
	f, ok := c.env.Fields[name]
	if !ok || c.isTaken(name) {
		c.issues.Add(at, "expr.unknownName", "name", name)
		return nil
	}
	typ := field(f, name, fromRecord)
	return &node{
		op: opField, at: at, text: name, typ: typ, uses: usesRecord,
		eval: func(r *run) (any, error) { return r.load(r.vars[name], &typ) },
	}
}

// isTaken tells the names that cannot stand alone.
func (c *compiler) isTaken(name string) bool {
	return name == "old" && c.env.Old || name == "actor" && c.env.Actor
}

// pointer is # or the blank before .name within a predicate.
func (c *compiler) pointer(t *ast.PointerNode) *node {
	if t.Name != "" || len(c.items) == 0 {
		c.issues.Add(c.at(t), "expr.unknownName", "name", "#"+t.Name)
		return nil
	}
	depth := len(c.items) - 1
	list := c.items[depth]
	return &node{
		op: opItem, at: c.at(t), text: "#", typ: list.typ.element(), uses: list.uses, slot: depth,
		eval: func(r *run) (any, error) { return r.items[depth], nil },
	}
}

func (c *compiler) member(t *ast.MemberNode) *node {
	at := c.at(t)
	if t.Method {
		c.issues.Add(at, "expr.method")
		return nil
	}
	if i, ok := index(t.Property); ok {
		return c.index(t, i)
	}
	key, ok := t.Property.(*ast.StringNode)
	if !ok {
		c.issues.Add(at, "expr.member")
		return nil
	}
	if base, ok := unchained(t.Node).(*ast.IdentifierNode); ok && c.isTaken(base.Value) && c.lets[base.Value] == nil {
		c.where = c.where.with(spanOf(base))
		if base.Value == "actor" {
			return c.actor(at, key.Value)
		}
		return c.old(at, key.Value)
	}
	whole := c.node(t.Node)
	if whole == nil {
		return nil
	}
	if whole.typ.Kind != Object {
		c.issues.Add(at, "expr.type", "part", whole.label(), "want", Object.String(), "got", whole.typ.Kind.String())
		return nil
	}
	typ, ok := whole.typ.part(key.Value)
	if !ok {
		c.issues.Add(at, "expr.unknownName", "name", key.Value)
		return nil
	}
	return part(at, whole, key.Value, typ)
}

func part(at int, whole *node, name string, typ Type) *node {
	return &node{
		op: opPart, at: at, text: name, typ: typ, uses: whole.uses, kids: []*node{whole},
		eval: func(r *run) (any, error) {
			v, err := whole.eval(r)
			if err != nil {
				return nil, err
			}
			doc, _ := v.(value.Doc)
			return r.load(doc[name], &typ)
		},
	}
}

func unchained(tree ast.Node) ast.Node {
	if chain, ok := tree.(*ast.ChainNode); ok {
		return unchained(chain.Node)
	}
	return tree
}

func (c *compiler) old(at int, name string) *node {
	f, ok := c.env.Fields[name]
	if !ok {
		c.issues.Add(at, "expr.unknownName", "name", "old."+name)
		return nil
	}
	typ := field(f, name, fromOld)
	return &node{
		op: opField, at: at, text: "old." + name, typ: typ, uses: usesOld,
		eval: func(r *run) (any, error) { return r.load(r.ctx.Old[name], &typ) },
	}
}

// index reads a literal index, negative ones too.
func index(tree ast.Node) (int, bool) {
	if minus, ok := tree.(*ast.UnaryNode); ok && minus.Operator == "-" {
		i, ok := index(minus.Node)
		return -i, ok
	}
	i, ok := tree.(*ast.IntegerNode)
	if !ok {
		return 0, false
	}
	return i.Value, true
}

// index picks from a list: 0 is the first, -1 the last, absent beyond.
func (c *compiler) index(t *ast.MemberNode, i int) *node {
	list := c.node(t.Node)
	if list = c.need(list, lists, List); list == nil {
		return nil
	}
	return &node{
		op: opIndex, at: c.at(t), text: list.label(), typ: list.typ.element(), uses: list.uses, kids: []*node{list}, slot: i,
		eval: func(r *run) (any, error) {
			v, err := list.eval(r)
			if err != nil {
				return nil, err
			}
			values, _ := v.(value.List)
			at := i
			if at < 0 {
				at += len(values)
			}
			if at < 0 || at >= len(values) {
				return nil, nil
			}
			return values[at], nil
		},
	}
}

func (c *compiler) declare(t *ast.VariableDeclaratorNode) *node {
	bound := c.node(t.Value)
	if c.slots == maxLets {
		c.issues.Add(c.at(t), "expr.tooComplex")
		return nil
	}
	if bound == nil {
		return nil // a body with an unknown variable would only repeat the fault
	}
	slot := c.slots
	c.slots++
	before := c.lets
	c.lets = maps.Clone(before)
	c.lets[t.Name] = &let{bound, slot}
	body := c.node(t.Expr)
	c.lets = before
	if body == nil {
		return nil
	}
	kids := []*node{bound, body}
	return &node{
		op: opLet, at: c.at(t), text: t.Name, typ: body.typ, uses: inherit(kids), kids: kids, slot: slot,
		eval: func(r *run) (any, error) {
			v, err := bound.eval(r)
			if err != nil {
				return nil, err
			}
			r.lets[slot] = v
			return body.eval(r)
		},
	}
}

// need holds that a node is of one of the kinds; want is the one to tell the author.
func (c *compiler) need(n *node, allowed kinds, want Kind) *node {
	if n == nil {
		return nil
	}
	if n = c.fit(n, allowed); n == nil {
		return nil
	}
	if n.typ.Kind != None && !allowed.has(n.typ.Kind) {
		c.issues.Add(n.at, "expr.type", "part", n.label(), "want", want.String(), "got", n.typ.Kind.String())
		return nil
	}
	return n
}

// fit makes a day or instant of a text literal where that is what is wanted.
func (c *compiler) fit(n *node, wanted kinds) *node {
	if n == nil || n.op != opConst || n.typ.Kind != Text || wanted.has(Text) || wanted&days == 0 {
		return n
	}
	text := n.val.(string)
	if strings.TrimSpace(text) == "" {
		return n.instead(Type{Kind: None}, nil)
	}
	if d, ok := parseDay(text); ok && wanted.has(Date) {
		return n.instead(Type{Kind: Date}, d)
	}
	if i, ok := parseInstant(text); ok && wanted.has(DateTime) {
		return n.instead(Type{Kind: DateTime}, i)
	}
	want := DateTime
	if wanted.has(Date) {
		want = Date
	}
	c.issues.Add(n.at, "expr.literal", "text", text, "want", want.String())
	return nil
}
