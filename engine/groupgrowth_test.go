package engine_test

import (
	"fmt"
	"testing"

	"tidewater/engine/record"
	"tidewater/engine/value"
)

// What reads or changes a record of a group examines that group, however many there are.
func TestAGroupIsFoundAmongMany(t *testing.T) {
	w := newZones(t, "")
	one := w.spread("Crane", "13900000000")["north"]
	counted := &counting{Store: port{w.store, w}}
	e := w.openOver(counted)
	asks := func() (reading, changing int64) {
		t.Helper()
		counted.all.Store(0)
		got, err := e.Records.Get(t.Context(), w.actor("boss"), "asset", one)
		must(t, err)
		if len(got.Siblings) != len(fourZones)-1 {
			t.Fatalf("%d siblings", len(got.Siblings))
		}
		reading = counted.all.Swap(0)
		_, err = e.Records.Update(t.Context(), w.actor("boss"), "asset", one, got.Version, record.Input{Values: map[string]any{"name": fmt.Sprint("Crane ", got.Version)}})
		must(t, err)
		return reading, counted.all.Load()
	}
	reading, changing := asks()
	for n := range 150 {
		id := w.make("boss", "asset", map[string]any{"name": fmt.Sprint("Winch ", n), "phone": fmt.Sprintf("138%08d", n), "stage": "new"}).ID
		w.did("boss", id, "spread", map[string]any{"pool": "east"}, "everybody knows somebody there")
	}
	readingMany, changingMany := asks()
	if reading == 0 || readingMany*10 > reading*12 || changing == 0 || changingMany*10 > changing*12 {
		t.Errorf("reading examines %d among few and %d among many, changing %d and %d", reading, readingMany, changing, changingMany)
	}
	for _, r := range w.ofGroup(one) {
		if value.ID(r.Values.Text(value.SysGroup)) != one {
			t.Errorf("a record of another group: %v", r)
		}
	}
}
