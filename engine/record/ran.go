package record

import (
	"context"
	"errors"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// Ran is a run of a script at work that is worth being looked at: one that has failed, or one of a job that has
// logged something.
type Ran struct {
	Script   *catalog.Script
	Record   value.ID // "" for none, or for one that was not there yet
	Actor    value.Actor
	Job      value.ID // "" for none
	Call     script.Call
	Result   *script.Result
	Fault    *fault.Error // nil for none
	Recorded *script.Recorder
	// Saw is all that it saw of records, nil where that is more than can be told.
	Saw []Saw
}

// Saw is a record of which a run saw fields, or with the ID "" figures of all records of a form.
type Saw struct {
	Form   value.FormKey    `json:"form"`
	ID     value.ID         `json:"id,omitempty"`
	Fields []value.FieldKey `json:"fields,omitempty"`
}

// maxSaw bounds the records that a run may have seen for others to look into it.
const maxSaw = 200

// shown is what a run is shown, noted as it happens.
type shown struct {
	form *catalog.Form
	r    *value.Record // nil for figures
}

// maxRecorded is how much of what a run was answered is kept for whoever looks at it, in bytes.
const maxRecorded = 256 << 10

// runScript runs a script at work, of a record if id is not "", with the actor's rights.
func (v *visit) runScript(
	ctx context.Context, class script.Class, one *catalog.Script, id value.ID, call script.Call,
) (*script.Result, error) {
	host := &scriptHost{visit: v}
	if v.Ran == nil {
		return v.Scripts.Run(ctx, class, one.Run, call, host)
	}
	recorded := &script.Recorder{Host: host, Most: maxRecorded}
	got, err := v.Scripts.Run(ctx, class, one.Run, call, recorded)
	f := ownFault(err)
	if f == nil && (err != nil || v.job == "" || len(got.Log) == 0) {
		return got, err
	}
	kept := v.Ran(ctx, Ran{
		Script: one, Record: id, Actor: v.actor, Job: v.job, Call: call, Result: got, Fault: f, Recorded: recorded,
		Saw: v.sawIn(one, id, call, host.seen),
	})
	if kept != nil {
		err = errors.Join(err, kept)
	}
	return got, err
}

// ownFault is what is wrong with the script itself; nil for what is not its own.
func ownFault(err error) *fault.Error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return nil
	}
	return f
}

// sawIn is what a run has seen: of its own record what it was given, and of others what it was shown.
func (v *visit) sawIn(one *catalog.Script, id value.ID, call script.Call, all []shown) []Saw {
	if len(all) >= maxSaw {
		return nil
	}
	out := []Saw{}
	for _, given := range []map[string]any{call.Record, call.Old} {
		if given != nil {
			out = append(out, Saw{one.Def.Form, id, fieldsOf(given)})
		}
	}
	for _, s := range all {
		if s.r == nil {
			out = append(out, Saw{Form: s.form.Key})
			continue
		}
		out = append(out, Saw{s.form.Key, s.r.ID, fieldsOf(v.shownToScript(s.form, s.r))})
	}
	return out
}

func fieldsOf(shown map[string]any) []value.FieldKey {
	out := make([]value.FieldKey, 0, len(shown))
	for name := range shown {
		out = append(out, value.FieldKey(name))
	}
	slices.Sort(out)
	return out
}

// TriedEffects are what a run wants of others, as whoever looks at it is told.
func TriedEffects(all []script.Effect) []TriedEffect {
	out := make([]TriedEffect, len(all))
	for n, e := range all {
		out[n] = triedOf(e)
	}
	return out
}

// SeesAll tells whether somebody sees now all that a run has seen: each of the records, and of it each field whole; of
// figures all records and fields of the form.
func (s *Service) SeesAll(ctx context.Context, actor value.Actor, saw []Saw) (bool, error) {
	v := s.visit(actor)
	for _, one := range saw {
		form, known := v.catalog.Forms[one.Form]
		if !known {
			return false, nil
		}
		if one.ID == "" {
			if !v.seesForm(form) || len(one.Fields) > 0 { // a record that there was not yet
				return false, nil
			}
			continue
		}
		_, r, err := v.read(ctx, one.Form, one.ID)
		if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Forbidden {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		unseen := func(key value.FieldKey) bool {
			_, own := form.Field(key)
			return own && v.decision(form).Sees(key, r) != access.Whole
		}
		if slices.ContainsFunc(one.Fields, unseen) {
			return false, nil
		}
	}
	return true, nil
}

// seesForm tells whether the actor sees all records of a form whole.
func (v *visit) seesForm(form *catalog.Form) bool {
	d := v.decision(form)
	hides := func(f *catalog.Field) bool { return !d.SeesEverywhere(f.Key) }
	return d.ReachesAll(meta.Read) && !slices.ContainsFunc(form.Fields, hides)
}
