package bench

import (
	"embed"
	"io/fs"

	"tidewater/engine/catalog"
)

//go:embed app
var appFiles embed.FS

// PeerApp is an app of one form that has the fields and indexes that the peer's collection has.
func PeerApp() (catalog.Bundle, error) {
	files, err := fs.Sub(appFiles, "app")
	if err != nil {
		return nil, err
	}
	return catalog.LoadFS(files)
}
