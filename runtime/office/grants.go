package office

import (
	"context"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// Tokens lists everybody's tokens, from after one; next is "" at the end. Secrets are not among it.
func (o *Office) Tokens(ctx context.Context, after string, limit int) (found []signin.Grant, next string, err error) {
	return o.SignIn.AllTokens(ctx, o.tenant, after, limit)
}

// Grants lists a person's sessions and tokens. Faults: NotFound "user.unknown".
func (o *Office) Grants(ctx context.Context, user value.ID) ([]signin.Grant, error) {
	if _, err := o.User(user); err != nil {
		return nil, err
	}
	return o.SignIn.Grants(ctx, o.tenant, user, "")
}

// Revoke ends a person's session or token. Faults: NotFound "user.unknown", "auth.grantUnknown".
func (o *Office) Revoke(ctx context.Context, user value.ID, id string) error {
	if _, err := o.User(user); err != nil {
		return err
	}
	if err := o.SignIn.EndGrant(ctx, o.tenant, user, id); err != nil {
		return err
	}
	entry, err := o.note(audit.TokenRevoked, user, nil, nil)
	if err != nil {
		return err
	}
	return fault.Wrap("office.revoke", audit.Write(ctx, o.tenant.Store, o.NewID(), entry))
}
