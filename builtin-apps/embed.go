// Package builtinapps is the apps that come with Tidewater, as data: each folder below is one bundle of
// metadata that a tenant can install. It holds no code of theirs and imports nothing of the engine's.
package builtinapps

import "embed"

// FS holds each app in the folder of its key, with this file beside them.
//
//go:embed *
var FS embed.FS
