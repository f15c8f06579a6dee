// Package handover gives a record that is somebody's to somebody else, where people leave or pass their work on. It is
// an action of package record that the engine alone does: who may have it done, and to what, is decided elsewhere.
//
// It knows no HTTP and no clock.
package handover

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Give is the name of the action.
const Give = "handOver"

// Actor is who hands records over.
func Actor() value.Actor { return value.SystemActor("handover") }

// Actions are those of the records of a form that has owners.
func Actions(form *catalog.Form) []record.Action {
	if form.Def.Holders.Owner == "" {
		return nil
	}
	return []record.Action{give{}}
}

// Args are what the action goes by: whose the record was when somebody looked, and whose it shall be.
func Args(from, to value.ID) map[string]any {
	return map[string]any{"from": string(from), "to": string(to)}
}

// give makes somebody else a record's owner. Neither limits nor cool-downs of pools keep them from it: whoever leaves
// has to leave their records to somebody. A record that has found another owner meanwhile is left alone.
type give struct{}

func (give) Key() string { return Give }

// Describe offers it to nobody.
func (give) Describe(record.Reader) (record.ActionView, bool) { return record.ActionView{}, false }

func (give) Offers(on record.Asked) bool { return on.Actor.System == Actor().System }

func (give) Begin(_ context.Context, on *record.Acting) error {
	from, _ := on.Args["from"].(string)
	to, _ := on.Args["to"].(string)
	if from == "" || to == "" || on.Form.OwnerOf(on.Record.Values) != value.ID(from) {
		on.Leave()
		return nil
	}
	next := on.Next().Values
	next.Put(on.Form.Def.Holders.Owner, to)
	// With whoever has it now, it is not shared; with everybody else it stays so.
	next.PutShares(slices.DeleteFunc(next.Shares(), func(s value.Share) bool { return s.With == "user:"+to }))
	return nil
}
