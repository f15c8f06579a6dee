package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/value"
	"tidewater/runtime/files"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/sheet"
	"tidewater/runtime/signin"
)

// maxImport bounds a file that is imported, in bytes.
const maxImport = 20 << 20

// importRecords makes records of the rows of a CSV file that was uploaded before, as a job.
func (s *Server) importRecords(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	id := value.ID(in.Text("file"))
	plan := intake.Plan{
		Form: formOf(c), Mapped: pairsOf(in, "map"), Refs: pairsOf(in, "ref"), Fixed: pairsOf(in, "set"), Values: pairsOf(in, "value"),
		Factors: pairsOf(in, "times"), Rounded: pairsOf(in, "round"), Users: in.Texts("user"),
	}
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	f, err := v.Tenant.Engine.Records.File(ctx, v.Actor, id)
	if err != nil {
		return err
	}
	if f.Size > maxImport {
		return fault.New(fault.TooLarge, "import.tooLarge").In("http.import").With("megabytes", maxImport>>20)
	}
	rows, err := sheet.Read(f.Name, files.NewReader(ctx, v.Tenant.Store, f, 0, f.Size), maxImport)
	if err != nil {
		return err
	}
	j, err := v.Tenant.Engine.Import(ctx, v.Actor, plan, rows, once)
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}

// pairsOf reads an object of texts, in the order of its keys.
func pairsOf(in *wire.Body, key string) intake.Pairs {
	var out intake.Pairs
	in.Part(key, func(part *wire.Body) {
		for _, left := range part.Keys() {
			out = append(out, intake.Pair{Left: left, Right: part.Text(left)})
		}
	})
	return out
}
