package http

import (
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"mime"
	"slices"

	"github.com/gofiber/fiber/v2"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// app is an app that is installed or can be.
type app struct {
	Key         string     `json:"key"`
	Version     string     `json:"version"`
	Label       meta.Label `json:"label"`
	Description meta.Label `json:"description,omitempty"`
}

// installedApp is the app that a tenant has, with how many of its documents the tenant has changed.
type installedApp struct {
	app
	Changed     int   `json:"changed"`
	Publication int64 `json:"publication"`
}

func (s *server) listApps(c *fiber.Ctx, _ context.Context, v *signin.Visit, desk *publish.Desk) error {
	builtin, err := builtinApps()
	if err != nil {
		return err
	}
	installed := []installedApp{}
	if active := desk.Active(); active.Number > 0 {
		def := v.Tenant.Engine.Catalog().App
		installed = append(installed, installedApp{
			app:     app{Key: def.Key, Version: def.Version, Label: def.Label, Description: def.Description},
			Changed: len(desk.OwnChanges()), Publication: active.Number,
		})
	}
	return c.JSON(fiber.Map{"installed": installed, "builtin": builtin})
}

func builtinApps() ([]app, error) {
	folders, err := fs.ReadDir(builtinapps.FS, ".")
	if err != nil {
		return nil, fault.Wrap("http.apps", err)
	}
	out := []app{}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		text, err := fs.ReadFile(builtinapps.FS, folder.Name()+"/app.json")
		if err != nil {
			return nil, fault.Wrap("http.apps", err)
		}
		def, issues := meta.Decode[meta.App](text)
		if err := issues.Fault("http.apps", "meta.invalid"); err != nil {
			return nil, err
		}
		out = append(out, app{Key: def.Key, Version: def.Version, Label: def.Label, Description: def.Description})
	}
	return out, nil
}

func builtinApp(key string) (catalog.Bundle, error) {
	known, err := builtinApps()
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(known, func(a app) bool { return a.Key == key }) {
		return nil, fault.New(fault.NotFound, "app.unknown").In("http.apps").With("app", key)
	}
	folder, err := fs.Sub(builtinapps.FS, key)
	if err != nil {
		return nil, fault.Wrap("http.apps", err)
	}
	return catalog.LoadFS(folder)
}

// installApp installs or upgrades an app; with dryRun it only tells what would happen.
func (s *server) installApp(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	files, resolve, err := s.bundleIn(c)
	if err != nil {
		return err
	}
	if c.Query("dryRun") == "true" {
		changes, collisions, err := desk.Upgrade(ctx, files)
		if err != nil {
			return err
		}
		impact, err := desk.ImpactOf(ctx, files)
		if err != nil {
			return err
		}
		impact.Documents = changes
		return c.JSON(fiber.Map{"impact": impact, "collisions": append([]string{}, collisions...)})
	}
	if _, err := desk.Install(ctx, files, resolve); err != nil {
		return err
	}
	return c.JSON(versionOf(desk.Active()))
}

// bundleIn reads the app that a request brings: a zip archive, or JSON that names a builtin one or holds
// the documents as texts by path.
func (s *server) bundleIn(c *fiber.Ctx) (catalog.Bundle, map[string]publish.Side, error) {
	if kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType)); err == nil && kind == "application/zip" {
		files, err := unpack(c.Body())
		if err != nil {
			return nil, nil, err
		}
		resolve, err := resolveIn(c.Query("resolve"))
		return files, resolve, err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return nil, nil, err
	}
	key, documents, decided := in.Text("builtin"), in.Object("files"), in.Object("resolve")
	if err := in.End(); err != nil {
		return nil, nil, err
	}
	resolve, err := sides(decided)
	if err != nil {
		return nil, nil, err
	}
	if key != "" {
		files, err := builtinApp(key)
		return files, resolve, err
	}
	files, err := textsIn(documents)
	return files, resolve, err
}

func textsIn(documents map[string]any) (catalog.Bundle, error) {
	out := catalog.Bundle{}
	var issues fault.Issues
	for _, path := range slices.Sorted(maps.Keys(documents)) {
		text, isText := documents[path].(string)
		switch {
		case !isText:
			issues.Add("/files/"+fault.Escape(path), "json.type", "want", "text")
		case !catalog.KnownPath(path):
			issues = append(issues, fault.Issue{File: path, Path: "/files/" + fault.Escape(path), Code: "meta.file"})
		}
		out[path] = []byte(text)
	}
	return out, issues.Fault("http.bundle", "bundle.invalid")
}

// resolveIn reads the decisions about collisions from the query, beside a body that is an archive.
func resolveIn(text string) (map[string]publish.Side, error) {
	if text == "" {
		return nil, nil
	}
	in, err := wire.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	decided, ok := in.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Malformed, "query.parameter").In("http.resolve").With("name", "resolve")
	}
	return sides(decided)
}

func sides(decided map[string]any) (map[string]publish.Side, error) {
	out := map[string]publish.Side{}
	var issues fault.Issues
	for _, path := range slices.Sorted(maps.Keys(decided)) {
		side, _ := decided[path].(string)
		out[path] = publish.Side(side)
		if out[path] != publish.Mine && out[path] != publish.Theirs {
			issues.Add("/resolve/"+fault.Escape(path), "field.option", "value", decided[path])
		}
	}
	return out, issues.Fault("http.resolve", "bundle.invalid")
}

// exportApp answers with the active version's documents, or with ?shipped=true the app as it came; as a
// zip archive, or with ?format=json as texts.
func (s *server) exportApp(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	files, err := desk.Export(ctx, c.Query("shipped") == "true")
	if err != nil {
		return err
	}
	active := desk.Active()
	if c.Query("format") == "json" {
		texts := map[string]string{}
		for path, content := range files {
			texts[path] = string(content)
		}
		body, err := json.Marshal(fiber.Map{"app": active.App, "version": active.Version, "files": texts})
		if err != nil {
			return fault.Wrap("http.export", err)
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	}
	body, err := pack(files, slices.Sorted(maps.Keys(files)))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Attachment(active.App + "-" + active.Version + ".zip")
	return c.Send(body)
}
