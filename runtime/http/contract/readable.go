package contract

import (
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// readable says the innermost reasons of a validator, each with its place in what was checked.
func readable(err error) error {
	var found *jsonschema.ValidationError
	if !errors.As(err, &found) {
		return err
	}
	var said []string
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			said = append(said, e.InstanceLocation+" "+e.Message)
		}
		for _, cause := range e.Causes {
			walk(cause)
		}
	}
	walk(found)
	return errors.New(strings.Join(said, "; "))
}
