package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// maxQuery bounds a query's body, in bytes.
const maxQuery = 64 << 10

// smallBody reads the body of a question, which may not be as large as a record.
func smallBody(c *fiber.Ctx) (*wire.Body, error) {
	if len(c.Body()) > maxQuery {
		return nil, fault.New(fault.TooLarge, "limit.body").In("http.body").With("max", "64 KB")
	}
	return body(c)
}

// result answers one operation of a batch.
type result struct {
	Status  int           `json:"status"`
	Record  *record.View  `json:"record,omitempty"`
	Problem *wire.Problem `json:"problem,omitempty"`
}

func (s *Server) batch(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	var ops []record.Operation
	in.Each("operations", func(item *wire.Body) {
		ops = append(ops, record.Operation{
			Op: item.Text("op"), ID: value.ID(item.Text("id")), Version: item.Int("version"),
			Values: item.Object("values"), Reason: item.Text("reason"),
		})
	})
	atomic := in.Bool("atomic")
	if err := in.End(); err != nil {
		return err
	}
	key, err := Once(c)
	if err != nil {
		return err
	}
	results, err := v.Tenant.Engine.Records.Batch(ctx, v.Actor, formOf(c), ops, atomic, key)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"results": s.results(c, ops, results)})
}

func (s *Server) results(c *fiber.Ctx, ops []record.Operation, results []record.Result) []result {
	trace, _ := c.Locals(traceLocal).(string)
	out := make([]result, len(results))
	for i, r := range results {
		switch {
		case r.Err != nil:
			problem := wire.ProblemOf(s.Texts, locale(c), s.asFault(c, r.Err), trace)
			out[i] = result{Status: problem.Status, Problem: &problem}
		case r.View == nil:
			out[i] = result{Status: fiber.StatusNoContent}
		case i < len(ops) && ops[i].Op == "create":
			out[i] = result{Status: fiber.StatusCreated, Record: r.View}
		default:
			out[i] = result{Status: fiber.StatusOK, Record: r.View}
		}
	}
	return out
}

// evaluation is what a save would say, with its issues in the reader's language.
type evaluation struct {
	Fields map[string]record.FieldState `json:"fields"`
	Values map[string]any               `json:"values"`
	Issues []wire.ProblemAt             `json:"issues"`
	// Explanation is of the field that was asked about.
	Explanation *record.Explanation `json:"explanation,omitempty"`
}

func (s *Server) evaluate(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	id, values, asked := value.ID(in.Text("id")), in.Object("values"), value.FieldKey(in.Text("explain"))
	if err := in.End(); err != nil {
		return err
	}
	said, err := v.Tenant.Engine.Records.Evaluate(ctx, v.Actor, formOf(c), id, values)
	if err != nil {
		return err
	}
	out := evaluation{Fields: said.Fields, Values: said.Values, Issues: []wire.ProblemAt{}}
	out.Issues = append(out.Issues, wire.IssuesOf(s.Texts, locale(c), said.Issues)...)
	if asked != "" {
		out.Explanation, err = v.Tenant.Engine.Records.ExplainDraft(ctx, v.Actor, formOf(c), id, values, asked, s.language(c))
		if err != nil {
			return err
		}
	}
	return c.JSON(out)
}

func (s *Server) aggregate(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := smallBody(c)
	if err != nil {
		return err
	}
	req := record.AggregateRequest{
		Form: formOf(c), View: in.Text("view"), Filter: in.Any("filter"), Table: in.Text("table"), Sort: in.Text("sort"), Limit: int(in.Int("limit")),
	}
	in.Each("group", func(item *wire.Body) {
		req.Group = append(req.Group, record.GroupBy{Field: item.Text("field"), Bucket: item.Text("bucket")})
	})
	in.Each("metrics", func(item *wire.Body) {
		req.Metrics = append(req.Metrics, record.MetricBy{Op: item.Text("op"), Field: item.Text("field")})
	})
	if err := in.End(); err != nil {
		return err
	}
	rows, err := v.Tenant.Engine.Records.Aggregate(ctx, v.Actor, req)
	if err != nil {
		return err
	}
	if rows == nil {
		rows = []record.AggregateRow{}
	}
	return c.JSON(fiber.Map{"rows": rows})
}
