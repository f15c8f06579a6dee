package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/meta"
	"tidewater/engine/pool"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// poolView is what the asker may do with a pool today.
type poolView struct {
	Key    string     `json:"key"`
	Label  meta.Label `json:"label"`
	Rights []string   `json:"rights"`
	Claims *share     `json:"claims,omitempty"` // of today; absent: no limit
	Held   *share     `json:"held,omitempty"`   // absent: no limit
	Sweep  *sweepView `json:"sweep,omitempty"`  // to those who manage it
}

type share struct {
	Used int `json:"used"`
	Most int `json:"most"`
}

type sweepView struct {
	On   bool       `json:"on"`
	By   value.ID   `json:"by,omitempty"`
	At   *time.Time `json:"at,omitempty"`
	Next time.Time  `json:"next"`
	Due  int64      `json:"due"`
}

func (s *Server) listPools(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Pools(ctx, v.Actor, formOf(c))
	if err != nil {
		return err
	}
	out := make([]poolView, len(found))
	for n, p := range found {
		out[n] = poolView{Key: p.Pool.Def.Key, Label: p.Pool.Def.Label, Rights: p.Rights}
		if p.PerDay > 0 {
			out[n].Claims = &share{p.Claims, p.PerDay}
		}
		if p.Most > 0 {
			out[n].Held = &share{p.Held, p.Most}
		}
		if p.Sweep != nil {
			out[n].Sweep = &sweepView{On: p.Sweep.On, By: p.Sweep.By, At: unlessZero(p.Sweep.At), Next: p.Sweep.Next, Due: p.Sweep.Due}
		}
	}
	return c.JSON(fiber.Map{"pools": out})
}

// sweepPool turns a pool's sweep on or off, or lets it run.
func (s *Server) sweepPool(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	req := engine.SweepRequest{Do: in.Text("do")}
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	j, err := v.Tenant.Engine.Sweep(ctx, v.Actor, formOf(c), c.Params("pool"), req, once)
	if err != nil {
		return err
	}
	if j != nil {
		return s.accepted(c, j)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// handful is what one person would get.
type handful struct {
	User  value.ID `json:"user"`
	Count int      `json:"count"`
}

// distributePool hands a pool's records out, or tells what it would.
func (s *Server) distributePool(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	id, reason, preview := in.Text("distribution"), in.Text("reason"), in.Bool("preview")
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	if preview {
		draw, err := v.Tenant.Engine.Preview(ctx, v.Actor, formOf(c), c.Params("pool"), id)
		if err != nil {
			return err
		}
		return c.JSON(previewOf(draw))
	}
	j, err := v.Tenant.Engine.Distribute(ctx, v.Actor, formOf(c), c.Params("pool"), id, reason, once)
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}

func previewOf(d pool.Draw) fiber.Map {
	hands, left := d.Deal()
	got := map[value.ID]int{}
	for _, h := range hands {
		got[h.To]++
	}
	people := make([]handful, len(d.Takers))
	for n, t := range d.Takers {
		people[n] = handful{t.User, got[t.User]}
	}
	return fiber.Map{"candidates": len(d.Candidates), "dealt": len(hands), "left": len(left), "people": people}
}
