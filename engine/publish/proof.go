package publish

import (
	"context"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/proof"
)

// biteTime is how long one request may look for what no test notices.
const biteTime = 20 * time.Second

// Test runs the tests of what would be published and reports; with bite also what they do not notice, as far
// as a request's time reaches. Faults: Invalid "meta.invalid" where the drafts do not compile.
func (d *Desk) Test(ctx context.Context, bite bool) (proof.Report, error) {
	const op = "publish.test"
	c, err := d.candidate(ctx)
	if err != nil {
		return proof.Report{}, fault.Wrap(op, err)
	}
	compiled, issues := catalog.Compile(c.files)
	if err := issues.Fault(op, "meta.invalid"); err != nil {
		return proof.Report{}, err
	}
	until := d.service.Clock().Add(biteTime)
	report, err := proof.Run(ctx, d.service.Runner, c.files, compiled, bite, func() bool { return ctx.Err() != nil || d.service.Clock().After(until) })
	return report, fault.Wrap(op, err)
}
