package engine

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/proof"
	"tidewater/engine/script"
)

func (e *Engine) prove(ctx context.Context, c *catalog.Catalog) (fault.Issues, error) {
	return Prove(ctx, e.config.Scripts, c)
}

// Prove reads every script of a catalog in a worker, for Lua is never read in this process, and tells what is
// wrong with them; those that can be read it holds to their tests. Faults: Unavailable "script.noWalls" where there are scripts and nowhere to read them.
func Prove(ctx context.Context, box *script.Box, c *catalog.Catalog) (fault.Issues, error) {
	var issues fault.Issues
	for _, form := range c.InOrder() {
		for _, s := range form.Scripts {
			if box == nil {
				return nil, fault.New(fault.Unavailable, "script.noWalls").In("engine.prove")
			}
			found, err := box.Check(ctx, s.Run)
			if err != nil {
				return nil, err
			}
			issues = append(issues, found.InFile(s.File)...)
		}
	}
	if len(issues) > 0 || box == nil {
		return issues, nil
	}
	return proof.HoldScripts(ctx, box, c)
}
