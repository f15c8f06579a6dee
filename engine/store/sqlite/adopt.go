package sqlite

import (
	"context"
	"errors"
	"os"

	"tidewater/engine/fault"
)

// Adopt gives the file at path, a backup of some tenant's, to another tenant. It is for restoring: the file
// must not be open, nor be the only copy. Faults: NotFound "store.missing", Internal "store.foreign" for
// a file that is none of ours.
func Adopt(ctx context.Context, path, tenant string) error {
	const op = "store.adopt"
	c, err := alone(path, false)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, errors.Join(adopt(ctx, c, tenant), c.close()))
}

// alone opens one connection to a file that is there, and no Store around it.
func alone(path string, readOnly bool) (*conn, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fault.New(fault.NotFound, "store.missing").At(path).Because(err)
	}
	connect, err := (&Store{path: path, calls: newCalls()}).connector()
	if err != nil {
		return nil, err
	}
	return connect(readOnly)
}

func adopt(ctx context.Context, c *conn, tenant string) error {
	id, err := c.number(ctx, "PRAGMA application_id")
	if err != nil {
		return err
	}
	if id != applicationID {
		return fault.New(fault.Internal, "store.foreign")
	}
	if _, _, err = c.exec("UPDATE meta SET value = ? WHERE key = 'tenant'", tenant); err != nil {
		return err
	}
	return c.run(thaw)
}
