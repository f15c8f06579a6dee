package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/meta"
	"tidewater/engine/pool"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// poolView is what the asker may do with a pool today.
type poolView struct {
	Key    string     `json:"key"`
	Label  meta.Label `json:"label"`
	Rights []string   `json:"rights"`
	Claims *share     `json:"claims,omitempty"` // of today; absent: no limit
	Held   *share     `json:"held,omitempty"`   // absent: no limit
	Opened *share     `json:"opened,omitempty"` // records of the pool, of today; absent: no limit
	Sweep  *sweepView `json:"sweep,omitempty"`  // to those who manage it
	// Distributions are those that the asker may let run.
	Distributions []distributionView `json:"distributions,omitempty"`
}

type distributionView struct {
	ID   string `json:"id"`
	Mode string `json:"mode"`
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
		if p.ViewLimit > 0 {
			out[n].Opened = &share{p.Opened, p.ViewLimit}
		}
		for _, d := range p.Distributions {
			out[n].Distributions = append(out[n].Distributions, distributionView{d.ID, d.Mode})
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
	req := engine.SweepRequest{Do: in.Text("do"), Seen: in.Int("seen")}
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
	Name  string   `json:"name"`
	Count int      `json:"count"`
	Load  int      `json:"load"` // what they hold now
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
	req := engine.DealRequest{Form: formOf(c), Pool: c.Params("pool"), ID: in.Text("distribution"), Reason: in.Text("reason")}
	req.By = byHand(in)
	preview := in.Bool("preview")
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	if preview {
		draw, err := v.Tenant.Engine.Preview(ctx, v.Actor, req)
		if err != nil {
			return err
		}
		return c.JSON(previewOf(draw, v))
	}
	j, err := v.Tenant.Engine.Distribute(ctx, v.Actor, req, once)
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}

// byHand are the people that somebody names in place of a distribution; nil where they name one.
func byHand(in *wire.Body) *engine.DealByHand {
	if !in.Has("people") && in.Text("distribution") != "" {
		return nil
	}
	by := &engine.DealByHand{Mode: in.Text("mode"), Take: int(in.Int("take"))}
	in.Each("people", func(item *wire.Body) {
		by.People = append(by.People, engine.DealTo{
			User: value.ID(item.Text("user")), Weight: int(item.Int("weight")), Most: int(item.Int("most")),
		})
	})
	return by
}

func previewOf(d pool.Draw, v *signin.Visit) fiber.Map {
	hands, left := d.Deal()
	got := map[value.ID]int{}
	for _, h := range hands {
		got[h.To]++
	}
	people := make([]handful, len(d.Takers))
	for n, t := range d.Takers {
		user, _ := v.Tenant.People.Org().User(t.User)
		people[n] = handful{t.User, user.Name, got[t.User], t.Load}
	}
	return fiber.Map{"candidates": len(d.Candidates), "dealt": len(hands), "left": len(left), "people": people}
}

// listDraws answers how a pool's records were handed out.
func (s *Server) listDraws(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Draws(ctx, v.Actor, formOf(c), c.Params("pool"))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"draws": found})
}

// getDraw deals a draw again, for whoever wants to hold it against what was done.
func (s *Server) getDraw(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after"); err != nil {
		return err
	}
	after, err := number(c, "after")
	if err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Draw(ctx, v.Actor, formOf(c), c.Params("pool"), idOf(c), after)
	if err != nil {
		return err
	}
	return c.JSON(found)
}

// poolLedger answers what each has got so far.
func (s *Server) poolLedger(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "distribution"); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Ledger(ctx, v.Actor, formOf(c), c.Params("pool"), c.Query("distribution"))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"people": found})
}
