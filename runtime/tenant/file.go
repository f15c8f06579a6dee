package tenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"tidewater/engine/fault"
)

// readDirectory reads the file that lists all tenants; none yet means none.
func readDirectory(path string) ([]Entry, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fileFault(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var entries []Entry
	if err := decoder.Decode(&entries); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(path).Because(err)
	}
	return entries, nil
}

// writeDirectory replaces the file as a whole: a reader, and a process that starts after a crash, sees
// the old one or the new one.
func writeDirectory(path string, entries []Entry) error {
	data, err := json.MarshalIndent(entries, "", "  ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".directory-*")
	if err != nil {
		return fileFault(err)
	}
	if err := fill(temp, data); err != nil {
		return errors.Join(fileFault(err), os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return errors.Join(fileFault(err), os.Remove(temp.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes a rename outlast a loss of power. Not every system can sync a folder; there it is left.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fileFault(err)
	}
	if err := folder.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return errors.Join(fileFault(err), folder.Close())
	}
	return folder.Close()
}

// fileFault says in our words what the file system refuses.
func fileFault(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fault.New(fault.Unavailable, "store.full").Because(err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fault.New(fault.Unavailable, "store.readOnly").Because(err)
	}
	return fault.New(fault.Unavailable, "store.unavailable").Because(err)
}

// copyFile copies a file to a new one, which is on the disk when it returns.
func copyFile(to, from string) error {
	source, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "store.missing").At(from).Because(err)
	}
	if err != nil {
		return fileFault(err)
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(fileFault(err), source.Close())
	}
	_, err = io.Copy(target, source)
	if err == nil {
		err = target.Sync()
	}
	if err = errors.Join(err, target.Close(), source.Close()); err != nil {
		return fileFault(err)
	}
	return nil
}
