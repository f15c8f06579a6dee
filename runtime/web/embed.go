// Package web holds the built web app for business users and says how each of its files is answered.
//
// It knows no HTTP framework; package http asks it. The app is built by `make web` into built/app, which is
// not kept in git: a build without it still compiles and serves a page that says so.
package web

import (
	"bytes"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"mime"
	"path"
	"strings"
)

//go:embed all:built
var built embed.FS

const (
	entry     = "index.html"
	hashed    = "assets/" // files in it have their content's hash in their name
	packed    = ".br"     // a file beside another is the same, packed with brotli
	nonceMark = "__NONCE__"

	manifest = "manifest.webmanifest"

	immutable = "public, max-age=31536000, immutable"
	askAgain  = "no-cache"
)

// Answer is a file as it goes out.
type Answer struct {
	Body         []byte
	Type         string
	Encoding     string // "br", or empty
	CacheControl string
	Policy       string // Content-Security-Policy; empty for what is no page
}

// Pages answers with the files of the app. It is safe for concurrent use.
type Pages struct {
	files map[string][]byte
}

// New reads the app that was built into this binary, or the page that says there is none.
func New() (*Pages, error) {
	app, err := fs.Sub(built, "built/app")
	if err == nil {
		_, err = fs.Stat(app, entry)
	}
	if errors.Is(err, fs.ErrNotExist) {
		page, err := built.ReadFile("built/placeholder.html")
		return &Pages{files: map[string][]byte{entry: page}}, err
	}
	if err != nil {
		return nil, err
	}
	return From(app)
}

// From reads an app from a folder with an index.html.
func From(folder fs.FS) (*Pages, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(folder, name)
		return err
	})
	return &Pages{files: files}, err
}

// Answer returns what is at a path, packed where the asker takes brotli. Paths of the app's own pages, which
// are no files, get its entry; an unknown file of the app is not ok.
func (p *Pages) Answer(at string, brotli bool) (Answer, bool) {
	name := strings.TrimPrefix(path.Clean("/"+at), "/")
	if name == "" || name == entry {
		return p.page(), true
	}
	body, known := p.files[name]
	switch {
	case !known && (strings.HasPrefix(name+"/", hashed) || path.Ext(name) != ""):
		return Answer{}, false
	case !known:
		return p.page(), true
	case strings.HasSuffix(name, packed):
		return Answer{}, false
	}
	out := Answer{Body: body, Type: typeOf(name), CacheControl: askAgain}
	if strings.HasPrefix(name, hashed) {
		out.CacheControl = immutable
	}
	if small, ok := p.files[name+packed]; ok && brotli {
		out.Body, out.Encoding = small, "br"
	}
	return out, true
}

// page is the entry with a nonce of its own: only what this very answer names may run.
func (p *Pages) page() Answer {
	nonce := rand.Text()
	return Answer{
		Body: bytes.ReplaceAll(p.files[entry], []byte(nonceMark), []byte(nonce)),
		Type: "text/html; charset=utf-8", CacheControl: askAgain, Policy: policy(nonce),
	}
}

// ManifestPath is where browsers find what they put the app among others by, and ManifestType what that is.
const (
	ManifestPath = "/" + manifest
	ManifestType = "application/manifest+json"
)

// Manifest is that of the app under a name and in a colour ("#rrggbb"); empty: those of the product. Without an app there
// is none: fs.ErrNotExist.
func (p *Pages) Manifest(name, accent string) ([]byte, error) {
	text, known := p.files[manifest]
	if !known {
		return nil, fs.ErrNotExist
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	if name != "" {
		out["name"], out["short_name"] = name, name
	}
	if accent != "" {
		out["theme_color"] = accent
	}
	return json.Marshal(out)
}

// policy lets the page run its own scripts and styles and talk to its own server, and nothing else.
// Modules that a script imports carry its nonce along.
func policy(nonce string) string {
	return strings.Join([]string{
		"default-src 'none'", "script-src 'nonce-" + nonce + "'", "style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "frame-src 'self'",
		"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
	}, "; ")
}

// typeOf does not trust the machine's own table for what browsers are strict about.
func typeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return ManifestType
	default:
		if kind := mime.TypeByExtension(ext); kind != "" {
			return kind
		}
		return "application/octet-stream"
	}
}
