// Package schemas is the JSON Schema (2020-12) of every kind of metadata, with descriptions and examples: the reference
// manual of those who design apps, and the source of the web apps' types. It holds no code; the structs
// that the schemas describe are in engine/meta, and a test of engine/catalog holds that both agree.
package schemas

import "embed"

// FS holds <kind>.schema.json: app, form, rule, table, view, role, dashboard, script, print, test, pool, flow, job; and
// catalog, what programs are handed of all that.
//
//go:embed *.schema.json
var FS embed.FS
