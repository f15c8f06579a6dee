package catalog

import (
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// references checks what names other forms, and sorts the fields of each form by what they are for.
func (c *compiler) references() {
	for _, form := range c.inKeyOrder() {
		for _, f := range form.Fields {
			c.refer(form, f, "/properties/"+fault.Escape(string(f.Key)))
			form.place(f)
		}
		c.checkHolders(form)
		c.checkSharing(form)
	}
	for _, form := range c.sound() {
		for _, f := range form.References {
			for _, target := range f.referred() {
				c.catalog.pointing[target] = append(c.catalog.pointing[target], Backlink{form, f})
			}
		}
		for _, f := range form.Fields {
			if f.Def.Kind == field.Rollup {
				c.feed(form, f)
			}
		}
	}
}

func (c *compiler) refer(form *Form, f *Field, at string) {
	if f.Def.Ref != "" && !c.claimed[f.Def.Ref] {
		c.say(form.file, at+"/x-ref", reference(string(f.Def.Ref)))
		c.broken[form.Key] = true
	}
	for n, target := range f.Def.Refs {
		path := at + "/x-refs/" + strconv.Itoa(n)
		switch {
		case !c.claimed[target]:
			c.say(form.file, path, reference(string(target)))
			c.broken[form.Key] = true
		case slices.Index(f.Def.Refs, target) < n:
			c.say(form.file, path, fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": target}})
		}
	}
	for _, column := range f.Columns {
		c.refer(form, column, at+"/properties/"+fault.Escape(string(column.Key)))
	}
}

// referred are the forms whose records a field may name.
func (f *Field) referred() []value.FormKey {
	if f.As.Kind == field.AnyRef {
		return f.As.Refs
	}
	return []value.FormKey{f.As.Ref}
}

// place notes a field in the lists of its form.
func (f *Form) place(one *Field) {
	for _, referring := range append([]*Field{one}, one.Columns...) {
		if referring.Refers() && referring.Def.Kind == referring.As.Kind {
			f.References = append(f.References, referring)
		}
		if _, ok := referring.Kind.(field.Filer); ok && referring.Def.Kind == referring.As.Kind {
			f.Files = append(f.Files, referring)
		}
	}
	if slices.ContainsFunc(append([]*Field{one}, one.Columns...), func(named *Field) bool { return named.Refers() || named.Target() != "" }) {
		f.naming = append(f.naming, one)
	}
	if one.Def.Kind == field.Autonumber {
		f.Numbered = append(f.Numbered, one)
	}
	_, readable := one.Kind.(field.Texter)
	if readable && (one.Def.Search || one.Key == f.Title) {
		f.Searched = append(f.Searched, one)
	}
	if one.As.Kind == field.Datetime {
		f.dated = append(f.dated, one.Key)
	}
}

func (c *compiler) checkHolders(form *Form) {
	check := func(name string, key value.FieldKey, kinds ...string) {
		if key == "" {
			return
		}
		at := "/x-holders/" + name
		f, ok := form.fields[key]
		switch {
		case !ok && c.broken[form.Key]:
		case !ok:
			c.say(form.file, at, reference(string(key)))
		case !slices.Contains(kinds, string(f.As.Kind)):
			c.say(form.file, at, fault.Issue{Code: "meta.fieldKind", Args: fault.Args{"kind": f.As.Kind}})
		}
	}
	holders := form.Def.Holders
	check("owner", holders.Owner, string(field.Member))
	check("with", holders.With, string(field.Member), string(field.Members))
	if holders.With != "" && c.pooled(form.Key) {
		c.say(form.file, "/x-holders/with", fault.Issue{Code: "meta.unsuited"}) // what lies in a pool is nobody's
	}
	check("unit", holders.Unit, string(field.OrgUnit))
	check("zone", holders.Zone, string(field.Zone), string(field.Reference), string(field.Select))
}

// checkSharing holds that somebody may share, and of whom it speaks.
func (c *compiler) checkSharing(form *Form) {
	def := form.Def.Sharing
	if def == nil {
		return
	}
	s := sheet{compiler: c, file: form.file, form: form}
	if len(def.By) == 0 {
		s.missing("/x-sharing", "by")
	}
	s.people("/x-sharing/by", def.By)
	for n, who := range def.By {
		if slices.Contains(who.Names(), "initiator") {
			s.unsuited("/x-sharing/by/" + strconv.Itoa(n))
		}
	}
}

// Feed is one rollup seen from both ends: a field of Parent that is a figure over the records of Child
// that refer to it by Via.
type Feed struct {
	Parent, Child *Form
	Field         *Field         // of Parent
	Via           value.FieldKey // of Child, a reference
	Of            value.FieldKey // of Child; empty for a count
	Op            query.MetricOp // an average is a sum, see Figure
	Filter        query.Filter   // of Child's records
	InTransaction bool
	reads         []value.FieldKey // what Filter asks of Child
}

// Reads are the fields of Child that decide what the rollup is.
func (f *Feed) Reads() []value.FieldKey {
	out := append([]value.FieldKey{f.Via}, f.reads...)
	if f.Of != "" {
		out = append(out, f.Of)
	}
	return out
}

var metricOps = map[string]query.MetricOp{
	field.RollupCount: query.MetricCount, field.RollupSum: query.MetricSum, field.RollupAvg: query.MetricSum,
	field.RollupMin: query.MetricMin, field.RollupMax: query.MetricMax,
}

func (c *compiler) feed(parent *Form, f *Field) {
	at := "/properties/" + fault.Escape(string(f.Key))
	child, ok := c.forms[f.Def.From]
	if !ok || c.broken[f.Def.From] {
		return
	}
	via := child.fields[f.Def.Via]
	if via == nil || via.Def.Ref != parent.Key {
		c.say(parent.file, at+"/x-via", fault.Issue{Code: "meta.rollup"})
		return
	}
	feed := Feed{
		Parent: parent, Child: child, Field: f, Via: f.Def.Via, Of: f.Def.Of, Op: metricOps[f.Def.Op],
		Filter: query.Const(true), InTransaction: f.Def.Timing == field.TimingTransaction,
	}
	if feed.InTransaction && f.Def.Op != field.RollupCount && f.Def.Op != field.RollupSum {
		c.say(parent.file, at+"/x-timing", fault.Issue{Code: "meta.rollup"})
	}
	child.Feeds = append(child.Feeds, feed)
	parent.FedBy = append(parent.FedBy, feed)
}
