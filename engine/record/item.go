package record

import (
	"errors"
	"strconv"

	"tidewater/engine/fault"
)

// inItem says of a batch's fault which item it was: every path begins with the item's place.
func inItem(err error, item int) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	place := "/operations/" + strconv.Itoa(item)
	out := *f
	out.Path = place + f.Path
	out.Issues = f.Issues.Under(place)
	return &out
}
