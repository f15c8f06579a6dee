package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/expr"
	"tidewater/engine/publish"
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

// functions lists what expressions may call, the words that mean something in them, and their bounds: what an
// editor completes and explains.
func (s *server) functions(c *fiber.Ctx, _ context.Context, _ *signin.Visit, _ *publish.Desk) error {
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
	return c.JSON(fiber.Map{"functions": out, "words": expr.Reserved(), "limits": expr.Limits()})
}
