package catalog

import (
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// checkPools checks what pools name and the conditions that they state.
func (c *compiler) checkPools() {
	fallbacks := map[value.FormKey]bool{}
	for _, path := range sortedKeys(c.pools) {
		def := c.pools[path]
		at, _ := placeOf(path)
		c.checkFileKey(path, "/key", def.Key, at.key)
		s := c.sheetOf(path, "/form", def.Form)
		if def.Fallback && fallbacks[def.Form] {
			s.fault("/fallback", fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": "fallback"}})
		}
		fallbacks[def.Form] = fallbacks[def.Form] || def.Fallback
		s.pool(def)
	}
	for _, form := range c.sound() {
		slices.SortFunc(form.Pools, byPriority)
	}
	c.checkShared()
}

func (s sheet) pool(def meta.Pool) {
	p := s.compile(def)
	if s.form != nil {
		p.fitted(s.form)
		s.form.Pools = append(s.form.Pools, p)
		if s.form.Def.Holders.Owner == "" {
			s.missing("/form", "x-holders/owner")
		}
	}
	tier := s.field("/tier", def.Tier, choices...)
	s.fields("/hidden", def.Hidden)
	for _, key := range sortedKeys(def.Masked) {
		s.field("/masked/"+fault.Escape(string(key)), key)
	}
	s.poolRights(def)
	if def.Claim != nil {
		s.document("/claim/approval", "flows", def.Claim.Approval)
	}
	if def.Hold != nil {
		s.byTier("/hold/byTier", def.Tier, tier, def.Hold.ByTier)
	}
	var ids []string
	for n, rule := range def.Reclaim {
		at := "/reclaim/" + strconv.Itoa(n)
		s.unique(at+"/id", rule.ID, &ids)
		s.byTier(at+"/days", def.Tier, tier, rule.Days.Table)
		p.Rules = append(p.Rules, s.reclaim(at, rule))
	}
	s.covers(def.Reclaim, tier)
	s.activity(p)
	s.group(p)
	ids = nil
	for n, d := range def.Distribute {
		at := "/distribute/" + strconv.Itoa(n)
		s.unique(at+"/id", d.ID, &ids)
		if d.Cron == "" && d.OnHoliday != "" {
			s.unsuited(at + "/onHoliday") // nothing falls on a day off that has no times
		}
		s.distributes(at+"/cron", p, d)
		s.people(at+"/among", d.Among)
		s.field(at+"/stratify", d.Stratify, choices...)
		if (d.Mode == "weighted") != (len(d.Weights) > 0) {
			s.unsuited(at + "/weights")
		}
	}
}

// byTier checks a table by tiers; one without a field that says them decides nothing.
func (s sheet) byTier(path string, key value.FieldKey, tier *Field, table map[string]int) {
	if len(table) > 0 && key == "" {
		s.missing("", "tier")
	}
	s.tiers(path, tier, table)
}

// poolRights checks who is named, and that roles that may take records may read them.
func (s sheet) poolRights(def meta.Pool) {
	r := def.Rights
	s.people("/rights/view", r.View)
	s.people("/rights/claim", r.Claim)
	s.people("/rights/assign", r.Assign)
	s.people("/rights/return", r.Return)
	s.people("/rights/transfer", r.Transfer)
	s.people("/rights/manage", r.Manage)
	for n, who := range r.Claim {
		for _, name := range who.Names() {
			key, isRole := strings.CutPrefix(name, "role:")
			role, known := s.roles["roles/"+key+".json"]
			if isRole && known && !readsAny(role, def.Form) {
				s.fault("/rights/claim/"+strconv.Itoa(n), fault.Issue{Code: "meta.menu", Args: fault.Args{"key": def.Form}})
			}
		}
	}
}

// covers holds that rules which go by tables of days leave no tier out.
func (s sheet) covers(rules []meta.PoolReclaim, tier *Field) {
	if tier == nil || len(rules) == 0 || slices.ContainsFunc(rules, func(r meta.PoolReclaim) bool { return r.Days.Table == nil }) {
		return
	}
	for _, key := range options(tier) {
		if !slices.ContainsFunc(rules, func(r meta.PoolReclaim) bool { _, ok := r.Days.Table[key]; return ok }) {
			s.missing("/reclaim", key)
		}
	}
}

// What the expressions of pools give.
var aNumber, anInstant, aText = expr.Type{Kind: expr.Int}, expr.Type{Kind: expr.DateTime}, expr.Type{Kind: expr.Text}

func (s sheet) reclaim(at string, rule meta.PoolReclaim) *ReclaimRule {
	out := &ReclaimRule{
		Def: rule, when: s.filter(at+"/when", rule.When), clock: s.gives(at+"/clock", rule.Clock, anInstant, nil),
		days: s.gives(at+"/days", rule.Days.Expr, aNumber, nil), locked: rule.Exempt == nil,
	}
	for n, exempt := range rule.Exempt {
		if exempt == "locked" {
			out.locked = true
			continue
		}
		if program := s.spares(at+"/exempt/"+strconv.Itoa(n), exempt); program != nil {
			out.exempt = append(out.exempt, program)
		}
	}
	for n, remind := range rule.Remind {
		place := at + "/remind/" + strconv.Itoa(n)
		s.people(place+"/to", remind.To)
		for _, days := range rule.Days.Table {
			if remind.Before > days {
				s.fault(place+"/before", fault.Issue{Code: "field.max", Args: fault.Args{"max": days}})
				break
			}
		}
	}
	s.document(at+"/target", "pools", rule.Target)
	if rule.Target != "" && rule.TargetBy != "" {
		s.unsuited(at + "/targetBy")
	}
	out.targetBy = s.gives(at+"/targetBy", rule.TargetBy, aText, nil)
	if rule.Cascade != nil {
		for n, def := range rule.Cascade.Forms {
			place := at + "/cascade/forms/" + strconv.Itoa(n)
			about := s.sheetOf(s.file, place, def.Form)
			out.Along = append(out.Along, Along{Form: def.Form, when: about.filter(place+"/when", def.When)})
		}
	}
	return out
}

// spares checks an exemption: a condition, or the last day on which the record is spared.
func (s sheet) spares(at, source string) *expr.Program {
	program := s.gives(at, source, expr.Type{}, nil)
	if program == nil || program.Type().Kind == expr.Bool || program.Type().Kind == expr.Date {
		return program
	}
	s.fault(at, fault.Issue{Code: "expr.result", Args: fault.Args{"want": expr.Bool.String(), "got": program.Type().Kind.String()}})
	return nil
}

// activity checks which records are follow-ups.
func (s sheet) activity(p *Pool) {
	def := p.Def
	if def.Activity == nil {
		if def.CountsAs != "" {
			s.missing("", "activity")
		}
		return
	}
	about := s.sheetOf(s.file, "/activity/form", def.Activity.Form)
	via := about.field("/activity/via", def.Activity.Via, field.Reference)
	if via != nil && via.Def.Ref != def.Form {
		s.fault("/activity/via", reference(string(def.Activity.Via)))
	}
	at := about.field("/activity/at", def.Activity.At, field.Date, field.Datetime)
	counts := about.condition("/countsAs", def.CountsAs)
	if about.form != nil && s.form != nil && via != nil && at != nil {
		a := &Activity{Pool: p, Of: s.form, Form: about.form, Via: via.Key, At: at, counts: counts}
		about.form.Activities = append(about.form.Activities, a)
		p.Activity = a
	}
}
