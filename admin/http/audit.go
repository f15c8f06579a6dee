package http

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/value"
	"tidewater/runtime/office"
)

// maxOps bounds the kinds of entries that one question names.
const maxOps = 20

// listAudit tells who did what, as far as the query asks: of whom, which kinds, of which form or record, when.
func listAudit(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	limit, err := limitIn(c, usualPage, maxPage)
	if err != nil {
		return err
	}
	q := audit.Query{
		Actor: value.ID(c.Query("actor")), Form: value.FormKey(c.Query("form")), Record: value.ID(c.Query("record")),
		After: c.Query("after"), Limit: limit,
	}
	if q.From, err = momentIn(c, "from"); err != nil {
		return err
	}
	if q.To, err = momentIn(c, "to"); err != nil {
		return err
	}
	if ops := c.Query("op"); ops != "" {
		for _, one := range strings.Split(ops, ",") {
			q.Ops = append(q.Ops, audit.Op(one))
		}
	}
	if q.Record != "" && q.Form == "" {
		return wrongParameter("record")
	}
	if len(q.Ops) > maxOps {
		return wrongParameter("op")
	}
	found, err := o.Audit(ctx, q)
	if err != nil {
		return err
	}
	page := pageOf("entries", found.Entries, found.Next)
	if found.Incomplete {
		page["incomplete"] = true
	}
	return c.JSON(page)
}

// momentIn reads an instant from the query, the zero time where there is none.
func momentIn(c *fiber.Ctx, name string) (time.Time, error) {
	said := c.Query(name)
	if said == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, said)
	if err != nil {
		return at, wrongParameter(name)
	}
	return at, nil
}

func wrongParameter(name string) error {
	return fault.New(fault.Malformed, "query.parameter").In("http.query").At("?"+name).With("name", name)
}
