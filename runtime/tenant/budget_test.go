package tenant_test

import (
	"path/filepath"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/runtime/tenant"
)

// TestATenantBeyondTheBudgetOfFilesIsRefused holds on both kinds of places that a tenant which would take more files than
// there may be is neither made, nor restored, nor copied there, that nothing is left of it, and that those which are there
// go on.
func TestATenantBeyondTheBudgetOfFilesIsRefused(t *testing.T) {
	for kind, c := range map[string]tenant.Config{"mongodb": deployment(t), "sqlite": config(t.TempDir())} {
		t.Run(kind, func(t *testing.T) {
			d := open(t, c)
			before := budget(t, d)
			if before.Most != 50_000 || before.Used < 1 {
				t.Errorf("an empty place takes %+v", before)
			}
			a := create(t, d, "alpha")
			one := budget(t, d).Used - before.Used // what a tenant takes
			if isFolder := kind == "sqlite"; isFolder != (one == 1) || one < 1 {
				t.Errorf("a tenant takes %d files", one)
			}
			backup := filepath.Join(t.TempDir(), "alpha.backup")
			if err := tenant.Backup(t.Context(), c.At, "alpha", backup); err != nil {
				t.Fatal(err)
			}
			from := config(t.TempDir())
			source := open(t, from)
			moving := create(t, source, "moving")

			used := budget(t, d).Used
			beyond := func(most int64) {
				t.Helper()
				if err := d.SetBudget(t.Context(), most); err != nil {
					t.Fatal(err)
				}
				_, err := d.Create(t.Context(), "beta", "Asia/Shanghai")
				wantCode(t, err, "tenant.budget")
				if fault.KindOf(err) != fault.Unavailable {
					t.Errorf("it is %v", fault.KindOf(err))
				}
				_, err = d.Restore(t.Context(), "beta", "Asia/Shanghai", backup)
				wantCode(t, err, "tenant.budget")
				if now := budget(t, d); now.Used != used || now.Most != most || len(d.List()) != 1 {
					t.Errorf("refused, the place takes %+v, was %d; it lists %v", now, used, d.List())
				}
			}
			beyond(used)
			_, err := d.Restore(t.Context(), "beta", "Asia/Shanghai", "nothing is read where there is no room")
			wantCode(t, err, "tenant.budget")
			beyond(used + one - 1)
			if err := saves(t, d, a.ID); err != nil {
				t.Errorf("who is there cannot go on: %v", err)
			}
			set(t, d, used+one)
			create(t, d, "beta")
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			atPlace := func(do func(*tenant.Directory)) {
				t.Helper()
				d, err := tenant.Open(c) // a folder is one process's at a time
				if err != nil {
					t.Fatal(err)
				}
				do(d)
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			}
			for _, most := range []int64{used + one, used + 2*one - 1} {
				atPlace(func(d *tenant.Directory) { set(t, d, most) })
				begun := false
				_, err := tenant.Copy(t.Context(), tenant.Copying{From: from, To: c, Tell: func(tenant.Entry, string, int64) { begun = true }})
				wantCode(t, err, "tenant.budget")
				if begun && most == used+one {
					t.Error("what has no room is copied first")
				}
				if err := saves(t, source, moving.ID); err != nil {
					t.Errorf("what was not copied is closed: %v", err)
				}
				atPlace(func(d *tenant.Directory) {
					if now := budget(t, d); now.Used != used+one || len(d.List()) != 2 {
						t.Errorf("after the copy the place takes %+v, was %d", now, used+one)
					}
				})
			}
			atPlace(func(d *tenant.Directory) { set(t, d, used+2*one) })
			if _, err := tenant.Copy(t.Context(), tenant.Copying{From: from, To: c}); err != nil {
				t.Error(err)
			}
			if _, err := tenant.Copy(t.Context(), tenant.Copying{From: from, To: c}); err != nil { // it is there already
				t.Error(err)
			}
		})
	}
}

func budget(t *testing.T, d *tenant.Directory) tenant.Budget {
	t.Helper()
	b, err := d.Budget(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func set(t *testing.T, d *tenant.Directory, most int64) {
	t.Helper()
	if err := d.SetBudget(t.Context(), most); err != nil {
		t.Fatal(err)
	}
}

func TestABudgetIsANumberOfFiles(t *testing.T) {
	d := open(t, config(t.TempDir()))
	wantCode(t, d.SetBudget(t.Context(), 0), "config.invalid")
	wantCode(t, d.SetBudget(t.Context(), -1), "config.invalid")
	set(t, d, 1)
	_, err := d.Create(t.Context(), "alpha", "Asia/Shanghai")
	if err == nil || !strings.Contains(err.Error(), "tenant.budget") {
		t.Errorf("a place that is full takes another: %v", err)
	}
}
