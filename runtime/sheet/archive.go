package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"tidewater/engine/fault"
)

// A workbook is an archive, and an archive may unpack to a thousand times its size. What is unpacked is
// counted while it is read, whatever the archive says of itself.
const (
	maxParts    = 5_000
	maxUnpacked = int64(4) << 30
	// maxRatio is how many times its size a part may unpack to, beyond a first freeUnpacked: rows that are
	// formatted and empty come to some 50.
	maxRatio     = 200
	freeUnpacked = int64(16) << 20
)

// archive is a workbook's parts.
type archive struct {
	parts map[string]*zip.File
	left  int64 // of what may be unpacked in all
}

func bomb() error { return fault.New(fault.TooLarge, "import.bomb").In("sheet.open") }

func openArchive(at io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, unreadable(err)
	}
	if len(z.File) > maxParts {
		return nil, bomb()
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), left: maxUnpacked}
	for _, part := range z.File {
		a.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(part.Name, `\`, "/"), "/"))] = part
	}
	return a, nil
}

// has tells whether there is a part.
func (a *archive) has(name string) bool { return a.parts[strings.ToLower(name)] != nil }

// open unpacks a part while it is read.
func (a *archive) open(name string) (io.ReadCloser, error) {
	part := a.parts[strings.ToLower(name)]
	if part == nil {
		return nil, fault.New(fault.Malformed, "import.malformed").In("sheet.open").At(name)
	}
	from, err := part.Open()
	if err != nil {
		return nil, unreadable(err)
	}
	return &unpacking{ReadCloser: from, archive: a, packed: int64(part.CompressedSize64)}, nil
}

type unpacking struct {
	io.ReadCloser
	archive *archive
	packed  int64
	size    int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	u.size += int64(n)
	u.archive.left -= int64(n)
	if u.archive.left < 0 || u.size > freeUnpacked && u.size > maxRatio*u.packed {
		return n, bomb()
	}
	return n, err
}

// decode reads a small part whole.
func (a *archive) decode(name string, into any) (err error) {
	part, err := a.open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	const most = 64 << 20
	if err := xml.NewDecoder(io.LimitReader(part, most)).Decode(into); err != nil {
		return unreadable(err)
	}
	return nil
}

// relations are what a part refers to, by id.
func (a *archive) relations(of string) (map[string]string, error) {
	folder, name := path.Split(of)
	at := folder + "_rels/" + name + ".rels"
	out := map[string]string{}
	if !a.has(at) {
		return out, nil
	}
	var said struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if err := a.decode(at, &said); err != nil {
		return nil, err
	}
	for _, one := range said.List {
		if one.Mode == "External" {
			continue // nothing outside of the file is ever read
		}
		if target, absolute := strings.CutPrefix(one.Target, "/"); absolute {
			out[one.ID] = target
		} else {
			out[one.ID] = path.Join(folder, one.Target)
		}
	}
	return out, nil
}
