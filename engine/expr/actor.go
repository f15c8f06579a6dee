package expr

import "tidewater/engine/value"

// actorParts are what an expression may ask of the actor.
var actorParts = map[string]struct {
	typ Type
	get func(a *value.Actor) any
}{
	"id":    {Type{Kind: Text, lacking: true}, func(a *value.Actor) any { return id(a.Key()) }},
	"unit":  {Type{Kind: Text, lacking: true}, func(a *value.Actor) any { return id(a.Unit) }},
	"roles": {Type{Kind: List, Of: &Type{Kind: Text}, lacking: true}, func(a *value.Actor) any { return texts(a.Roles) }},
	"zones": {Type{Kind: List, Of: &Type{Kind: Text}, lacking: true}, func(a *value.Actor) any { return texts(a.Zones) }},
}

func (c *compiler) actor(at int, name string) *node {
	p, ok := actorParts[name]
	if !ok {
		c.issues.Add(at, "expr.unknownName", "name", "actor."+name)
		return nil
	}
	return &node{
		op: opActor, at: at, text: "actor." + name, typ: p.typ, uses: usesActor,
		eval: func(r *run) (any, error) {
			v := p.get(&r.ctx.Actor)
			list, _ := v.(value.List)
			return v, r.work(len(list))
		},
	}
}

func id(s value.ID) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func texts[T ~string](list []T) any {
	out := make(value.List, 0, len(list))
	for _, s := range list {
		if s != "" {
			out = append(out, string(s))
		}
	}
	return out
}
