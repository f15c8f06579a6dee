package script

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// Lua's own operators do too much and too little: ".." makes texts of any length, "==" says of an exact number
// and a plain one that they differ, "<" refuses the two. Where an operand may be such, a call of a function
// of ours takes the operator's place. The functions' names have a space before them: no script can name them.
const (
	opConcat = " concat"
	opEqual  = " equal"
	opLess   = " less"
	opAtMost = " atMost"
	// maxJoined bounds the texts that one call joins: each takes a register.
	maxJoined = 50
)

// rewrite puts our operators into a chunk, in place.
func rewrite(stmts []ast.Stmt) {
	walkStmts(stmts, func(e ast.Expr) ast.Expr {
		switch e := e.(type) {
		case *ast.StringConcatOpExpr:
			return joined(e)
		case *ast.RelationalOpExpr:
			return compared(e)
		}
		return e
	})
}

// joined turns a .. b .. c into one call; its operands are rewritten already, so that those to the right are
// calls of their own, whose arguments are taken over.
func joined(e *ast.StringConcatOpExpr) ast.Expr {
	args := []ast.Expr{e.Lhs}
	if inner, ok := e.Rhs.(*ast.FuncCallExpr); ok && isOperator(inner, opConcat) && len(inner.Args) < maxJoined {
		args = append(args, inner.Args...)
	} else {
		args = append(args, e.Rhs)
	}
	return call(e, opConcat, args...)
}

func compared(e *ast.RelationalOpExpr) ast.Expr {
	switch e.Operator {
	case "==", "~=":
		if isPlain(e.Lhs) || isPlain(e.Rhs) {
			return e
		}
		return negatedIf(e.Operator == "~=", call(e, opEqual, e.Lhs, e.Rhs))
	case "<", ">", "<=", ">=":
		// Two of a kind compare well by themselves; a number beside something unknown may not.
		if !isNumber(e.Lhs) && !isNumber(e.Rhs) {
			return e
		}
		name := opLess
		if e.Operator == "<=" || e.Operator == ">=" {
			name = opAtMost
		}
		if e.Operator == ">" || e.Operator == ">=" {
			return call(e, name, e.Rhs, e.Lhs)
		}
		return call(e, name, e.Lhs, e.Rhs)
	}
	return e
}

func negatedIf(negated bool, e ast.Expr) ast.Expr {
	if !negated {
		return e
	}
	not := &ast.UnaryNotOpExpr{Expr: e}
	not.SetLine(e.Line())
	not.SetLastLine(e.LastLine())
	return not
}

// isPlain tells an operand that is certainly no number of either kind.
func isPlain(e ast.Expr) bool {
	switch e.(type) {
	case *ast.StringExpr, *ast.NilExpr, *ast.TrueExpr, *ast.FalseExpr:
		return true
	}
	return false
}

func isNumber(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.NumberExpr:
		return true
	case *ast.UnaryMinusOpExpr:
		return isNumber(e.Expr)
	}
	return false
}

func isOperator(e *ast.FuncCallExpr, name string) bool {
	ident, ok := e.Func.(*ast.IdentExpr)
	return ok && ident.Value == name
}

func call(at ast.Expr, name string, args ...ast.Expr) ast.Expr {
	fn := &ast.IdentExpr{Value: name}
	out := &ast.FuncCallExpr{Func: fn, Args: args, AdjustRet: true}
	for _, node := range []ast.PositionHolder{fn, out} {
		node.SetLine(at.Line())
		node.SetLastLine(at.LastLine())
	}
	return out
}

// reaching finds names of functions that reach other hosts.
func reaching(stmts []ast.Stmt) []lineFault {
	var out []lineFault
	walkStmts(stmts, func(e ast.Expr) ast.Expr {
		if ident, ok := e.(*ast.IdentExpr); ok && slices.Contains(outward(), ident.Value) {
			out = append(out, lineFault{Line: e.Line(), Code: "script.http", Text: ident.Value})
		}
		return e
	})
	return out
}
