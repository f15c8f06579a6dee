package http

import (
	"archive/zip"
	"bytes"
	"io"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
)

// What an uploaded bundle may hold. The body of a request is bounded before; these bound what it unpacks to.
const (
	maxFiles = 2000
	maxFile  = 4 << 20  // bytes of one file
	maxTotal = 16 << 20 // bytes of all files
)

// unpack reads a zip archive into a bundle. Nothing is written anywhere. Faults: Malformed
// "bundle.malformed", TooLarge "bundle.tooLarge", Invalid "bundle.invalid" with each path that no bundle
// has or that is there twice.
func unpack(body []byte) (catalog.Bundle, error) {
	const op = "http.unpack"
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, fault.New(fault.Malformed, "bundle.malformed").In(op).Because(err)
	}
	if len(archive.File) > maxFiles {
		return nil, fault.New(fault.TooLarge, "bundle.tooLarge").In(op).With("max", maxFiles)
	}
	out := catalog.Bundle{}
	var issues fault.Issues
	room := maxTotal
	for _, f := range archive.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if _, double := out[f.Name]; double || !f.Mode().IsRegular() || !catalog.KnownPath(f.Name) {
			issues = append(issues, fault.Issue{File: f.Name, Code: "meta.file"})
			continue
		}
		// What the archive says of sizes is not believed.
		content, err := readFile(f, min(room, maxFile))
		if err != nil {
			return nil, err
		}
		room -= len(content)
		out[f.Name] = content
	}
	return out, issues.Fault(op, "bundle.invalid")
}

func readFile(f *zip.File, most int) ([]byte, error) {
	const op = "http.unpack"
	malformed := func(err error) error { return fault.New(fault.Malformed, "bundle.malformed").In(op).Because(err) }
	r, err := f.Open()
	if err != nil {
		return nil, malformed(err)
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return nil, malformed(err)
	}
	if len(content) > most {
		return nil, fault.New(fault.TooLarge, "bundle.tooLarge").In(op).With("max", "16 MB")
	}
	if err := r.Close(); err != nil {
		return nil, malformed(err)
	}
	return content, nil
}

// pack writes a bundle as a zip archive, with the paths in order and no times, so that the same bundle is
// the same bytes.
func pack(files catalog.Bundle, paths []string) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, path := range paths {
		f, err := w.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate})
		if err != nil {
			return nil, fault.Wrap("http.pack", err)
		}
		if _, err := f.Write(files[path]); err != nil {
			return nil, fault.Wrap("http.pack", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fault.Wrap("http.pack", err)
	}
	return out.Bytes(), nil
}
