package engine

import (
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
)

// namedBlind is how many people a warning names; it counts the others.
const namedBlind = 3

// blindClaims warns of people who could claim from a pool and read no record of its form: no right in a pool widens
// those of a form, so that all they see is an empty pool. That a role is named which reads nothing, is told without them.
func (e *Engine) blindClaims(c *catalog.Catalog) fault.Issues {
	var out fault.Issues
	people, now := e.config.Org(), e.config.Clock()
	for _, form := range c.InOrder() {
		for _, p := range form.Pools {
			var blind []string
			for _, user := range people.Users() {
				actor, active := people.Actor(user.ID)
				if active && access.Among(p.Def.Rights.Claim, actor, people, "") && !e.readsForm(c, actor, form.Key, now) {
					blind = append(blind, user.Name)
				}
			}
			if len(blind) > 0 {
				named := strings.Join(blind[:min(len(blind), namedBlind)], ", ")
				out = append(out, fault.Issue{
					File: "pools/" + p.Def.Key + ".json", Path: "/rights/claim", Code: "pool.blindClaim",
					Args: fault.Args{"people": named, "count": len(blind), "form": form.Def.Label},
				})
			}
		}
	}
	return out
}
