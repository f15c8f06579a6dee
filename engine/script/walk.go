package script

import "github.com/yuin/gopher-lua/ast"

// change is asked of every expression, after what it is made of, and returns what takes its place.
type change func(ast.Expr) ast.Expr

func walkStmts(stmts []ast.Stmt, do change) {
	for _, s := range stmts {
		walkStmt(s, do)
	}
}

func walkStmt(s ast.Stmt, do change) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		walkAll(s.Lhs, do)
		walkAll(s.Rhs, do)
	case *ast.LocalAssignStmt:
		walkAll(s.Exprs, do)
	case *ast.FuncCallStmt:
		s.Expr = walk(s.Expr, do)
	case *ast.DoBlockStmt:
		walkStmts(s.Stmts, do)
	case *ast.WhileStmt:
		s.Condition = walk(s.Condition, do)
		walkStmts(s.Stmts, do)
	case *ast.RepeatStmt:
		s.Condition = walk(s.Condition, do)
		walkStmts(s.Stmts, do)
	case *ast.IfStmt:
		s.Condition = walk(s.Condition, do)
		walkStmts(s.Then, do)
		walkStmts(s.Else, do)
	case *ast.NumberForStmt:
		s.Init, s.Limit = walk(s.Init, do), walk(s.Limit, do)
		if s.Step != nil {
			s.Step = walk(s.Step, do)
		}
		walkStmts(s.Stmts, do)
	case *ast.GenericForStmt:
		walkAll(s.Exprs, do)
		walkStmts(s.Stmts, do)
	case *ast.FuncDefStmt:
		if s.Name.Func != nil {
			s.Name.Func = walk(s.Name.Func, do)
		}
		walkStmts(s.Func.Stmts, do)
	case *ast.ReturnStmt:
		walkAll(s.Exprs, do)
	}
}

func walkAll(list []ast.Expr, do change) {
	for n, e := range list {
		list[n] = walk(e, do)
	}
}

func walk(e ast.Expr, do change) ast.Expr {
	switch e := e.(type) {
	case *ast.AttrGetExpr:
		e.Object, e.Key = walk(e.Object, do), walk(e.Key, do)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			if f.Key != nil {
				f.Key = walk(f.Key, do)
			}
			f.Value = walk(f.Value, do)
		}
	case *ast.FuncCallExpr:
		if e.Func != nil {
			e.Func = walk(e.Func, do)
		}
		if e.Receiver != nil {
			e.Receiver = walk(e.Receiver, do)
		}
		walkAll(e.Args, do)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = walk(e.Lhs, do), walk(e.Rhs, do)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = walk(e.Lhs, do), walk(e.Rhs, do)
	case *ast.StringConcatOpExpr:
		e.Lhs, e.Rhs = walk(e.Lhs, do), walk(e.Rhs, do)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = walk(e.Lhs, do), walk(e.Rhs, do)
	case *ast.UnaryMinusOpExpr:
		e.Expr = walk(e.Expr, do)
	case *ast.UnaryNotOpExpr:
		e.Expr = walk(e.Expr, do)
	case *ast.UnaryLenOpExpr:
		e.Expr = walk(e.Expr, do)
	case *ast.FunctionExpr:
		walkStmts(e.Stmts, do)
	}
	return do(e)
}
