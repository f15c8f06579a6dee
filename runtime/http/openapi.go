package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

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
		forms = append(forms, formFor(form, published.Forms[form.Key].Schema, locale(c)))
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

// formFor narrows a form's schema to the fields that the caller sees.
func formFor(form record.FormView, schema map[string]any, locale string) wire.Form {
	all, _ := schema["properties"].(map[string]any)
	seen := map[string]any{}
	for _, field := range form.Fields {
		if property, ok := all[string(field.Key)]; ok {
			seen[string(field.Key)] = property
		}
	}
	label := form.Label[locale]
	return wire.Form{
		Key: string(form.Key), Label: label, Properties: seen,
		Create: form.Rights.Create, Read: form.Rights.Read, Update: form.Rights.Update, Delete: form.Rights.Delete,
	}
}
