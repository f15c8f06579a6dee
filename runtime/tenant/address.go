package tenant

import (
	"log/slog"
	"net/url"
	"strings"

	"tidewater/engine/fault"
)

// Address says where the data of tenants rests. It may hold a password: what is printed of it never does.
type Address struct {
	folder string
}

const ofFolders = "sqlite:"

// Folder is the address of a data folder.
func Folder(path string) Address { return Address{folder: path} }

// ParseAddress reads "sqlite:<folder>", or the folder alone. Faults: Invalid "config.invalid".
func ParseAddress(text string) (Address, error) {
	folder := strings.TrimPrefix(text, ofFolders)
	if strings.TrimSpace(folder) == "" || strings.Contains(folder, "://") {
		return Address{}, fault.New(fault.Invalid, "config.invalid").With("name", "store").At(withoutPassword(text))
	}
	return Folder(folder), nil
}

// String is the address as it may be shown.
func (a Address) String() string { return ofFolders + a.folder }

// LogValue is what a log has of it.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// withoutPassword is a text that may be an address with a password, without it; nothing is left of one that cannot
// be read.
func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "…"
	}
	u.RawQuery, u.Fragment = "", "" // options may hold secrets, too
	if u.User != nil {
		u.User = url.User("…")
	}
	out, err := url.PathUnescape(u.String())
	if err != nil {
		return "…"
	}
	return out
}
