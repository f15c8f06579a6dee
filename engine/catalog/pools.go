package catalog

import (
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
}

func (s sheet) pool(def meta.Pool) {
	s.filter("/when", def.When)
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
		s.filter("/hold/excludes", def.Hold.Excludes)
		s.byTier("/hold/byTier", def.Tier, tier, def.Hold.ByTier)
	}
	var ids []string
	for n, rule := range def.Reclaim {
		at := "/reclaim/" + strconv.Itoa(n)
		s.unique(at+"/id", rule.ID, &ids)
		s.byTier(at+"/days", def.Tier, tier, rule.Days.Table)
		s.reclaim(at, rule)
	}
	s.activity(def)
	ids = nil
	for n, d := range def.Distribute {
		at := "/distribute/" + strconv.Itoa(n)
		s.unique(at+"/id", d.ID, &ids)
		s.cron(at+"/cron", d.Cron)
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
		key, isRole := strings.CutPrefix(who.One, "role:")
		role, known := s.roles["roles/"+key+".json"]
		if grant := role.Forms[def.Form].Read.Scope; isRole && known && (grant == "" || grant == meta.ScopeNone) {
			s.fault("/rights/claim/"+strconv.Itoa(n), fault.Issue{Code: "meta.menu", Args: fault.Args{"key": def.Form}})
		}
	}
}

// owned is what reclaim rules see beside the record.
var owned = map[string]expr.Type{"assignedAt": {Kind: expr.DateTime}}

func (s sheet) reclaim(at string, rule meta.PoolReclaim) {
	s.filter(at+"/when", rule.When)
	s.gives(at+"/clock", rule.Clock, expr.Type{Kind: expr.DateTime}, owned)
	s.gives(at+"/days", rule.Days.Expr, expr.Type{Kind: expr.Int}, owned)
	for n, exempt := range rule.Exempt {
		if exempt != "locked" {
			s.condition(at+"/exempt/"+strconv.Itoa(n), exempt, owned)
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
	s.gives(at+"/targetBy", rule.TargetBy, expr.Type{Kind: expr.Text}, owned)
	if rule.Cascade != nil {
		for n, form := range rule.Cascade.Forms {
			if !s.claimed[form] {
				s.fault(at+"/cascade/forms/"+strconv.Itoa(n), reference(string(form)))
			}
		}
	}
}

// activity checks which records are follow-ups.
func (s sheet) activity(def meta.Pool) {
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
	about.field("/activity/at", def.Activity.At, field.Date, field.Datetime)
	about.condition("/countsAs", def.CountsAs, nil)
}
