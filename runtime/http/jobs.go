package http

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// jobView is a job on the wire. The report is there where one job is asked for.
type jobView struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	State     job.State  `json:"state"`
	Progress  progress   `json:"progress"`
	Report    *report    `json:"report,omitempty"`
	Reason    *refusal   `json:"reason,omitempty"`
	Result    string     `json:"result,omitempty"`
	Undoable  bool       `json:"undoable"`
	CreatedAt time.Time  `json:"createdAt"`
	StartedAt *time.Time `json:"startedAt,omitempty"`
	EndedAt   *time.Time `json:"endedAt,omitempty"`
}

type progress struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// report tells what became of the parts: how many by what was done, how many were refused by code, and of
// the first of these why.
type report struct {
	Counts   map[string]int64 `json:"counts"`
	Refusals []refusals       `json:"refusals"`
	Refused  []refusal        `json:"refused"`
	Complete bool             `json:"complete"` // Refused has them all
}

type refusals struct {
	Code  string `json:"code"`
	Count int64  `json:"count"`
}

// refusal is one part that was not done, in the reader's language.
type refusal struct {
	At      string           `json:"at,omitempty"`
	Code    string           `json:"code"`
	Message string           `json:"message"`
	Errors  []wire.ProblemAt `json:"errors,omitempty"`
}

func (s *Server) jobView(c *fiber.Ctx, j *job.Job) jobView {
	out := jobView{
		ID: string(j.ID), Kind: j.Kind, State: j.State, Progress: progress{j.Done, j.Total}, Result: j.Result, Undoable: engine.Undoable(j),
		CreatedAt: j.CreatedAt, StartedAt: unlessZero(j.StartedAt), EndedAt: unlessZero(j.EndedAt),
	}
	if j.Reason != nil {
		why := s.refusal(c, *j.Reason)
		out.Reason = &why
	}
	return out
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *Server) withReport(c *fiber.Ctx, j *job.Job) jobView {
	out := s.jobView(c, j)
	r := report{Counts: map[string]int64{}, Refusals: []refusals{}, Refused: []refusal{}}
	maps.Copy(r.Counts, j.Counts)
	all := int64(0)
	for _, code := range slices.Sorted(maps.Keys(j.Refusals)) {
		r.Refusals = append(r.Refusals, refusals{code, j.Refusals[code]})
		all += j.Refusals[code]
	}
	for _, one := range j.Refused {
		r.Refused = append(r.Refused, s.refusal(c, one))
	}
	r.Complete = int64(len(r.Refused)) == all
	out.Report = &r
	return out
}

func (s *Server) refusal(c *fiber.Ctx, r job.Refusal) refusal {
	said := &fault.Error{Code: r.Code, Args: r.Args, Issues: r.Issues}
	return refusal{
		At: r.At, Code: r.Code, Message: s.Texts.Fault(locale(c), said), Errors: wire.IssuesOf(s.Texts, locale(c), r.Issues),
	}
}

func (s *Server) listJobs(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = 50
	}
	found, next, err := v.Tenant.Engine.Jobs.List(ctx, v.Actor, false, c.Query("after"), limit)
	if err != nil {
		return err
	}
	out := make([]jobView, len(found))
	for n := range found {
		out[n] = s.jobView(c, &found[n])
	}
	answer := fiber.Map{"jobs": out}
	if next != "" {
		answer["next"] = next
	}
	return c.JSON(answer)
}

func (s *Server) getJob(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Jobs.Get(ctx, v.Actor, idOf(c))
	if err != nil {
		return err
	}
	return c.JSON(s.withReport(c, found))
}

func (s *Server) cancelJob(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Jobs.Cancel(ctx, v.Actor, idOf(c))
	if err != nil {
		return err
	}
	return c.JSON(s.withReport(c, found))
}

// accepted answers a request whose work goes on in the background.
func (s *Server) accepted(c *fiber.Ctx, j *job.Job) error {
	c.Set(fiber.HeaderLocation, "/api/v1/jobs/"+string(j.ID))
	return c.Status(fiber.StatusAccepted).JSON(s.withReport(c, j))
}
