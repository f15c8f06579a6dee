package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/catalog"
	"tidewater/engine/record"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// openAPI describes what this caller may send and get, from the tenant's catalog.
func (s *Server) openAPI(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	published := v.Tenant.Engine.Catalog()
	var forms []wire.Form
	for _, form := range v.Tenant.Engine.Records.CatalogFor(v.Actor).Forms {
		forms = append(forms, formFor(form, published.Forms[form.Key], locale(c)))
	}
	var more [][]byte
	if s.Describe != nil {
		if part := s.Describe(v.Actor); part != nil {
			more = append(more, part)
		}
	}
	described, err := wire.OpenAPI(s.Version, forms, more...)
	if err != nil {
		return err
	}
	return c.JSON(described)
}

// formFor describes the fields of a form that the caller sees.
func formFor(view record.FormView, form *catalog.Form, locale string) wire.Form {
	out := wire.Form{
		Key: string(view.Key), Label: view.Label[locale], Shown: object{}, Sent: object{},
		Create: view.Rights.Create, Read: view.Rights.Read, Update: view.Rights.Update, Delete: view.Rights.Delete,
	}
	for _, seen := range view.Fields {
		if f, ok := form.Field(seen.Key); ok {
			out.Shown[string(seen.Key)] = shown(f, seen.Masked)
			out.Sent[string(seen.Key)] = sent(f, seen.Masked, seen.ReadOnly)
		}
	}
	return out
}
