package http

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// outcome is what became of one of the records that an action was for.
type outcome struct {
	ID      value.ID      `json:"id"`
	Status  int           `json:"status"`
	Changed bool          `json:"changed"`
	Problem *wire.Problem `json:"problem,omitempty"`
	Warning *wire.Warning `json:"warning,omitempty"`
}

// act does an action to one record. Without content: the record is no longer there for whoever did it.
func (s *Server) act(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	version := in.Int("version")
	how, err := acting(c, in)
	if err != nil {
		return err
	}
	how.Version = version
	found, err := v.Tenant.Engine.Records.Act(ctx, v.Actor, formOf(c), idOf(c), c.Params("action"), how)
	if err != nil {
		return err
	}
	if found == nil {
		return c.SendStatus(fiber.StatusNoContent)
	}
	return answerActed(c, fiber.StatusOK, found, wire.WarningOf(s.Texts, locale(c), found.Warning))
}

// actOnForm does an action that is about no record, and answers with the records that it has written.
func (s *Server) actOnForm(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	how, err := acting(c, in)
	if err != nil {
		return err
	}
	done, err := v.Tenant.Engine.Records.ActOnForm(ctx, v.Actor, formOf(c), c.Params("action"), how)
	if err != nil {
		return err
	}
	return c.JSON(done)
}

// acting reads what comes with an action, to the end of the body.
func acting(c *fiber.Ctx, in *wire.Body) (how record.ActInput, err error) {
	in.Part("args", func(args *wire.Body) {
		how.Reason = args.Text("reason")
		how.Args = rest(args, "reason")
	})
	if err := in.End(); err != nil {
		return how, err
	}
	how.Once, err = Once(c)
	return how, err
}

// rest are the args that an action reads itself.
func rest(args *wire.Body, read ...string) map[string]any {
	out := map[string]any{}
	for _, key := range args.Keys() {
		if !slices.Contains(read, key) {
			out[key] = args.Any(key)
		}
	}
	return out
}

// actOnMany carries out an action on many records: few at once with an outcome for each, many as a job.
func (s *Server) actOnMany(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	req := engine.BulkRequest{Form: formOf(c), Action: c.Params("action"), View: in.Text("view"), Filter: in.Any("filter")}
	for _, id := range in.Texts("ids") {
		req.IDs = append(req.IDs, value.ID(id))
	}
	in.Part("args", func(args *wire.Body) {
		req.Values, req.Reason = args.Object("values"), args.Text("reason")
		req.Args = rest(args, "values", "reason")
	})
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	outcomes, j, err := v.Tenant.Engine.Bulk(ctx, v.Actor, req, once)
	if err != nil {
		return err
	}
	if j != nil {
		return s.accepted(c, j)
	}
	return c.JSON(fiber.Map{"results": s.outcomes(c, outcomes)})
}

func (s *Server) outcomes(c *fiber.Ctx, outcomes []record.Outcome) []outcome {
	trace, _ := c.Locals(traceLocal).(string)
	out := make([]outcome, len(outcomes))
	for n, one := range outcomes {
		out[n] = outcome{ID: one.ID, Status: fiber.StatusOK, Changed: one.Changed, Warning: wire.WarningOf(s.Texts, locale(c), one.Warning)}
		if one.Err != nil {
			problem := wire.ProblemOf(s.Texts, locale(c), s.asFault(c, one.Err), trace)
			out[n].Status, out[n].Problem = problem.Status, &problem
		}
	}
	return out
}

// JobOnce reads the Idempotency-Key of a request that makes a job, nil where there is none.
func JobOnce(c *fiber.Ctx) (*job.Once, error) {
	key, err := Once(c)
	if key == nil || err != nil {
		return nil, err
	}
	return &job.Once{Key: key.Route + " " + key.Key, Hash: key.Hash}, nil
}
