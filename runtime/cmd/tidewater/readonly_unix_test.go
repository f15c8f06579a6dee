//go:build unix

package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user who owns nothing.
const nobody = 65534

// asStranger runs the program as a process that the modes of files bind: they bind nobody who is root.
func asStranger(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	program := filepath.Join(openFolder(t), "tidewater")
	binary, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, binary, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Dir = filepath.Dir(program)
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), said.String()
}

// openFolder is a folder that everybody may enter, also by way of its parents.
func openFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, f := range []string{folder, filepath.Dir(folder)} {
		if err := os.Chmod(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// freeze takes the right to write from everything below a folder; everybody may read it.
func freeze(t *testing.T, folder string) {
	t.Helper()
	mode := func(file, below os.FileMode) {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() {
				return os.Chmod(path, below)
			}
			return os.Chmod(path, file)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mode(0o444, 0o555)
	t.Cleanup(func() { mode(0o600, 0o700) })
}

func contentsOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAReadOnlyFolderIsToldAndLeftAlone(t *testing.T) {
	folder := filepath.Join(openFolder(t), "data")
	does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme")
	freeze(t, folder)
	before := contentsOf(t, folder)
	for _, args := range [][]string{
		{"serve", "--addr", "127.0.0.1:0", "--store", folder},
		{"user", "add", "--store", folder, "--tenant", "acme", "--username", "anna"},
	} {
		code, out := asStranger(t, args...)
		if code != 1 || !strings.Contains(out, "store.readOnly") {
			t.Errorf("%v: exit code %d: %s", args, code, out)
		}
	}
	after := contentsOf(t, folder)
	if len(after) != len(before) {
		t.Errorf("%d files, there were %d", len(after), len(before))
	}
	for path, content := range before {
		if after[path] != content {
			t.Errorf("%s has changed", path)
		}
	}
}
