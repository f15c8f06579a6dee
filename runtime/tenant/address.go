package tenant

import (
	"log/slog"
	"regexp"
	"strings"

	"tidewater/engine/fault"
)

// Address says where the data of tenants rests: in a folder, or on a deployment of MongoDB. It may hold a password:
// what is printed of it never does.
type Address struct {
	folder string
	server string // the URI; "" for a folder
}

const (
	ofFolders = "sqlite:"
	ofServers = "mongodb://"
	ofDomains = "mongodb+srv://" // whose servers DNS lists
)

// Folder is the address of a data folder.
func Folder(path string) Address { return Address{folder: path} }

// schemes begin what is an address, as far as it may be shown; a letter alone is a drive of Windows.
var schemes = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)

// ParseAddress reads "mongodb://…" or "mongodb+srv://…" (see mongo.Dial), "sqlite:<folder>", or the folder alone, unless
// that looks like an address with a user in it. Faults: Invalid "config.invalid", in which nothing of the text is shown
// but "…://": it may hold a password in any place.
func ParseAddress(text string) (Address, error) {
	if strings.HasPrefix(text, ofServers) || strings.HasPrefix(text, ofDomains) {
		return Address{server: text}, nil
	}
	folder, named := strings.CutPrefix(text, ofFolders)
	strange := !named && (schemes.MatchString(folder) || strings.Contains(folder, "@"))
	if strange || strings.TrimSpace(folder) == "" || strings.Contains(folder, "://") {
		invalid := fault.New(fault.Invalid, "config.invalid").With("name", "store")
		if scheme := schemes.FindString(text); strings.HasPrefix(text, scheme+"//") && scheme != "" {
			invalid.Path = scheme + "//…"
		}
		return Address{}, invalid
	}
	return Folder(folder), nil
}

// Kind is what keeps the data there: "sqlite" or "mongodb".
func (a Address) Kind() string {
	if a.server != "" {
		return "mongodb"
	}
	return "sqlite"
}

// String is the address as it may be shown: of a server nothing but "…://", for a password may be in any place.
func (a Address) String() string {
	if a.server != "" {
		return schemes.FindString(a.server) + "//…"
	}
	return ofFolders + a.folder
}

// LogValue is what a log has of it.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// isShared tells whether other processes may change what is there while one serves from it: a folder one process has.
func (a Address) isShared() bool { return a.server != "" }
