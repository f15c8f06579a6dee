package record

import (
	"context"

	"tidewater/engine/value"
)

// Export answers the next page of what a list shows, as the actor sees it, of the records that they may export;
// after is the Next of the page before. Faults: as List.
func (s *Service) Export(ctx context.Context, actor value.Actor, req ListRequest, after string) (*ListPage, error) {
	req.exports, req.After = true, after
	return s.List(ctx, actor, req)
}
