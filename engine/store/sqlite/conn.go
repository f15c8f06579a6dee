package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// maxStatements bounds the compiled statements a connection keeps; filters of many shapes make many.
const maxStatements = 300

// errStop ends a walk over rows early, without being a fault.
var errStop = errors.New("stop")

// conn is one connection with its compiled statements. It is used by one goroutine at a time. The
// driver is called directly: the layers of database/sql cost more than a read by id does.
type conn struct {
	raw        driver.Conn
	statements map[string]driver.Stmt
	walking    int // rows being walked; statements may be dropped only without any
}

func newConn(raw driver.Conn) *conn { return &conn{raw: raw, statements: map[string]driver.Stmt{}} }

func (c *conn) close() error {
	c.forget()
	return c.raw.Close()
}

func (c *conn) forget() {
	for sql, s := range c.statements {
		_ = s.Close() // a statement that is gone cannot be mourned
		delete(c.statements, sql)
	}
}

func (c *conn) prepare(sql string) (driver.Stmt, error) {
	if s, ok := c.statements[sql]; ok {
		return s, nil
	}
	if len(c.statements) >= maxStatements && c.walking == 0 {
		c.forget()
	}
	s, err := c.raw.Prepare(sql)
	if err != nil {
		return nil, err
	}
	c.statements[sql] = s
	return s, nil
}

// exec runs one statement and returns how many rows it changed and the last row id.
func (c *conn) exec(sql string, args ...driver.Value) (changed, last int64, err error) {
	s, err := c.prepare(sql)
	if err != nil {
		return 0, 0, broken(err)
	}
	result, err := s.(driver.StmtExecContext).ExecContext(context.Background(), named(args))
	if err != nil {
		return 0, 0, broken(err)
	}
	if changed, err = result.RowsAffected(); err != nil {
		return 0, 0, broken(err)
	}
	last, err = result.LastInsertId()
	return changed, last, broken(err)
}

// rows calls do with each row, whose values hold only until it returns. ctx, when it can end, stops the walk.
func (c *conn) rows(ctx context.Context, sql string, args []driver.Value, do func(row []driver.Value) error) (err error) {
	s, err := c.prepare(sql)
	if err != nil {
		return broken(err)
	}
	c.walking++
	defer func() { c.walking-- }()
	rows, err := s.(driver.StmtQueryContext).QueryContext(ctx, named(args))
	if err != nil {
		return broken(err)
	}
	defer func() {
		if closing := rows.Close(); err == nil && closing != nil {
			err = broken(closing)
		}
	}()
	row := make([]driver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return broken(err)
		}
		switch err := do(row); {
		case errors.Is(err, errStop):
			return nil
		case err != nil:
			return err
		}
	}
}

// one reads the first row, if there is one.
func (c *conn) one(ctx context.Context, sql string, args []driver.Value, do func(row []driver.Value) error) (found bool, err error) {
	err = c.rows(ctx, sql, args, func(row []driver.Value) error {
		found = true
		if err := do(row); err != nil {
			return err
		}
		return errStop
	})
	return found, err
}

// number reads one whole number; 0 where there is no row or nothing in it.
func (c *conn) number(ctx context.Context, sql string, args ...driver.Value) (n int64, err error) {
	_, err = c.one(ctx, sql, args, func(row []driver.Value) error {
		n, _ = row[0].(int64)
		return nil
	})
	return n, err
}

func named(args []driver.Value) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, a := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return out
}
