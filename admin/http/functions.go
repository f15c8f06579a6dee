package http

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/decision"
	"tidewater/engine/expr"
	"tidewater/engine/meta"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

// libraryFunction is one function of the library with its texts in the reader's language.
type libraryFunction struct {
	expr.Entry
	Label      string `json:"label"`
	Help       string `json:"help"`
	GroupLabel string `json:"groupLabel"`
}

// functions lists what expressions may call, functions and decision tables, the words that mean something in them, and their bounds: what an
// editor completes and explains.
func (s *server) functions(c *fiber.Ctx, ctx context.Context, _ *signin.Visit, desk *publish.Desk) error {
	locale := runtimehttp.Locale(c)
	entries := expr.Library()
	out := make([]libraryFunction, len(entries))
	for n, e := range entries {
		out[n] = libraryFunction{
			Entry: e,
			Label: s.Texts.Text(locale, "function."+e.Name, nil), Help: s.Texts.Text(locale, "functionHelp."+e.Name, nil),
			GroupLabel: s.Texts.Text(locale, "functionGroup."+string(e.Group), nil),
		}
	}
	tables, err := desk.Tables(ctx)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"functions": out, "tables": calledTables(tables), "words": expr.Reserved(), "limits": expr.Limits()})
}

// calledTable is a decision table as expressions call it: its inputs in order, and one output by its key.
type calledTable struct {
	Name    string         `json:"name"`
	Label   meta.Label     `json:"label"`
	Usage   string         `json:"usage"` // as one writes it
	Inputs  []calledColumn `json:"inputs"`
	Outputs []calledColumn `json:"outputs"`
}

type calledColumn struct {
	Key      value.FieldKey `json:"key"`
	Label    meta.Label     `json:"label"`
	Type     string         `json:"type"`
	Options  []string       `json:"options,omitempty"`
	Optional bool           `json:"optional,omitempty"`
}

func calledTables(tables []*decision.Table) []calledTable {
	out := make([]calledTable, len(tables))
	for n, t := range tables {
		one := calledTable{Name: t.Def.Key, Label: t.Def.Label}
		var names []string
		for _, in := range t.Inputs {
			names = append(names, string(in.Def.Key))
			one.Inputs = append(one.Inputs, calledColumn{in.Def.Key, in.Def.Label, string(in.Type), in.Options, in.Def.Optional})
		}
		for _, o := range t.Outputs {
			one.Outputs = append(one.Outputs, calledColumn{Key: o.Key, Label: o.Label, Type: string(o.Type)})
		}
		one.Usage = t.Def.Key + "(" + strings.Join(names, ", ") + ")." + string(t.Outputs[len(t.Outputs)-1].Key)
		out[n] = one
	}
	return out
}
