package signin

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/text"
	"tidewater/engine/value"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// ChangePassword gives the visitor another password, if they know the current one. All their sessions
// and tokens end. Faults: Invalid "auth.passwordWrong" and those of CheckNew, Throttled.
func (s *Service) ChangePassword(ctx context.Context, v *Visit, addr, current, next string) error {
	const op = "signin.changePassword"
	if err := access.Unscoped(v.Actor); err != nil {
		return err
	}
	try, err := s.throttle.Try(ctx, v.Tenant.Name, text.Fold(v.User.Username), addr)
	if err != nil {
		return err
	}
	hash, err := v.Tenant.People.Hash(ctx, v.User.ID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	right, err := s.Passwords.Check(ctx, hash, current)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !right {
		return fault.Issues{{Path: "/current", Code: "auth.passwordWrong"}}.Fault(op, "record.invalid")
	}
	if err := try.Succeeded(ctx); err != nil {
		return err
	}
	if current == next {
		return fault.Issues{{Path: "/new", Code: "auth.passwordSame"}}.Fault(op, "record.invalid")
	}
	if err := CheckNew("/new", v.User.Username, next); err != nil {
		return err
	}
	return s.SetPassword(ctx, v.Tenant, v.User.ID, next)
}

// SetPassword gives a user a password, whatever it is; who calls has checked it.
func (s *Service) SetPassword(ctx context.Context, t *tenant.Tenant, user value.ID, password string) error {
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return t.People.Change(ctx, func(d *people.Draft) error {
		d.SetHash(user, hash)
		return nil
	})
}
