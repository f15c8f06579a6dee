package bench

import (
	"maps"
	"slices"
	"testing"

	"tidewater/engine/publish"
	"tidewater/engine/value"
)

// TestPeerAppHasWhatIsSent: the form has the fields that both sides are sent, and no other.
func TestPeerAppHasWhatIsSent(t *testing.T) {
	app, err := PeerApp()
	if err != nil {
		t.Fatal(err)
	}
	checked, err := publish.Check(app)
	if err != nil {
		t.Fatal(err)
	}
	var has []string
	for _, field := range checked.Forms[form].Fields {
		has = append(has, string(field.Key))
	}
	slices.Sort(has)
	if sent := slices.Sorted(maps.Keys(owned(1, 2, personID(1)))); !slices.Equal(has, sent) {
		t.Errorf("the form has %v, sent are %v", has, sent)
	}
}

// TestCustomersSpreadAlike: whoever asks, a hundredth of their own has the rare word, and each month comes.
func TestCustomersSpreadAlike(t *testing.T) {
	const people, own = 7, 200
	for person := range int64(people) {
		months, phones := map[string]bool{}, map[any]bool{}
		rare := 0
		for n := range int64(own) {
			c := customer(n*people+person, people)
			months[c["expectedAt"].(string)[:7]] = true
			phones[c["phone"]] = true
			if name := []rune(c["name"].(string)); string(name[:2]) == rareWord {
				rare++
			}
		}
		if len(months) != 12 || rare != own/100 || len(phones) != own {
			t.Errorf("person %d: %d months, %d with the rare word, %d phones", person, len(months), rare, len(phones))
		}
	}
}

func TestDialectsReadTheSame(t *testing.T) {
	for _, c := range []struct {
		name, ours, theirs string
		want               reply
	}{
		{"a token", `{"token": "x", "user": {}}`, `{"token": "x", "record": {}}`, reply{token: "x"}},
		{"a page", `{"records": [{"id": "a", "values": {"phone": "1"}}, {"id": "b", "values": {}}], "next": "c"}`,
			`{"items": [{"id": "a", "phone": "1"}, {"id": "b", "phone": ""}]}`,
			reply{ids: []string{"a", "b"}, phones: []string{"1", ""}}},
		{"sums, binary ones to the cent", `{"rows": [{"keys": ["2025-01"], "metrics": ["1234.50"]}, {"keys": ["2025-02"], "metrics": ["0.30"]}]}`,
			`{"items": [{"id": "p1", "month": "2025-01", "total": 1.2345e3}, {"id": "p2", "month": "2025-02", "total": 0.30000000000000004}]}`,
			reply{ids: nil, months: map[string]string{"2025-01": "1234.50", "2025-02": "0.30"}}},
	} {
		for speaks, answer := range map[dialect]string{tidewaterAPI{}: c.ours, pocketBaseAPI{}: c.theirs} {
			got, err := speaks.read([]byte(answer))
			if err != nil {
				t.Fatal(err)
			}
			same := got.token == c.want.token && maps.Equal(got.months, c.want.months)
			if c.want.ids != nil {
				same = same && slices.Equal(got.ids, c.want.ids) && slices.Equal(got.phones, c.want.phones)
			}
			if !same {
				t.Errorf("%s, %T: have %+v, want %+v", c.name, speaks, got, c.want)
			}
		}
	}
}

func TestVerdict(t *testing.T) {
	rate, time := operation{isRate: true, aim: 2, floor: 1.3}, operation{aim: 0.5, floor: 0.8}
	for _, c := range []struct {
		o     operation
		ratio float64
		want  string
	}{
		{rate, 2, "aim met"}, {rate, 1.99, "floor met"}, {rate, 1.3, "floor met"}, {rate, 1.29, "NOT MET"},
		{time, 0.5, "aim met"}, {time, 0.51, "floor met"}, {time, 0.8, "floor met"}, {time, 0.81, "NOT MET"},
	} {
		if got := verdictOf(c.o, c.ratio); got != c.want {
			t.Errorf("%v, rate %t: %q, want %q", c.ratio, c.o.isRate, got, c.want)
		}
	}
}

func TestPersonIDsAreIDsOfBoth(t *testing.T) {
	if got, want := personID(42), value.ID("person000000042"); got != want {
		t.Errorf("%s, want %s, which is of 15 letters and digits", got, want)
	}
}
