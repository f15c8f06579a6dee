package sample

import (
	"fmt"
	"maps"
	"slices"
)

// actPlan is something that is done to records of a batch.
type actPlan struct {
	Action  string `json:"action"`
	Percent int    `json:"percent"` // to so many of a hundred
	By      string `json:"by"`      // the path of a person; where there is none, nothing is done
	Args    fields `json:"args"`    // each may use those before it
}

// Act is something to be done to a record.
type Act struct {
	Ref    string // of the record
	Action string
	By     string         // the username of who does it
	Args   map[string]any // in wire form, see Record.Values
}

// acts draws what is done to the records of a batch. Nobody does a thing that names themselves: it is left out.
func (g *generator) acts(b batch, batch []*made) ([]Act, error) {
	var out []Act
	for _, plan := range b.Acts {
		for _, m := range batch {
			act, done, err := g.act(plan, m)
			if err != nil {
				return nil, fmt.Errorf("acts: %s: %w", plan.Action, err)
			}
			if done {
				out = append(out, act)
			}
		}
	}
	return out, nil
}

func (g *generator) act(plan actPlan, m *made) (Act, bool, error) {
	by, err := g.look(scope{made: m}, plan.By)
	if err != nil || g.random.IntN(100) >= plan.Percent {
		return Act{}, false, err
	}
	who, isPerson := by.(person)
	if !isPerson {
		return Act{}, false, nil
	}
	args := row{}
	if err := g.fill(scope{made: m, row: args}, args, plan.Args); err != nil {
		return Act{}, false, err
	}
	if slices.Contains(slices.Collect(maps.Values(args)), by) {
		return Act{}, false, nil
	}
	return Act{Ref: m.ref, Action: plan.Action, By: string(who), Args: wireRow(args)}, true, nil
}
