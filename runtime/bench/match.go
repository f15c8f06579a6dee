package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// operation is what both sides are asked to do, and how they should compare.
type operation struct {
	key, name string
	at        int  // how many ask at once
	turn      int  // requests in a turn: as many for each side
	rows      int  // records in a request, where that is what counts
	isRate    bool // more a second is better; else less time is
	// aim and floor are of ours over theirs.
	aim, floor float64
	ask        func(m *match, s *side) call
}

// bulkRows is how many records a batch brings.
const bulkRows = 200

func operations() []operation {
	create := func(m *match, s *side) call { return s.speaks.create(m.nextCustomer(s)) }
	return []operation{
		{key: "list", name: "list: a page of 50 of one's own, the last changed first", at: 1, turn: 400, aim: 0.5, floor: 0.8,
			ask: func(_ *match, s *side) call { return s.speaks.page("") }},
		{key: "get", name: "get: one record by id", at: 1, turn: 1000, aim: 0.7, floor: 1,
			ask: func(m *match, s *side) call { return s.speaks.get(m.known[s]) }},
		{key: "search", name: "search: two Chinese characters, in one of a thousand", at: 1, turn: 300, aim: 1. / 20, floor: 1. / 10,
			ask: func(_ *match, s *side) call { return s.speaks.page(seldomWord) }},
		{key: "search100", name: "search: two Chinese characters, in one of a hundred", at: 1, turn: 300, aim: 1. / 20, floor: 1. / 10,
			ask: func(_ *match, s *side) call { return s.speaks.page(rareWord) }},
		{key: "sum", name: "sum: one's own budgets by month", at: 1, turn: 300, aim: 1. / 5, floor: 1. / 3,
			ask: func(_ *match, s *side) call { return s.speaks.sum() }},
		{key: "create", name: "create, 1 connection", at: 1, turn: 300, isRate: true, aim: 2, floor: 1.3, ask: create},
		{key: "create16", name: "create, 16 connections", at: most, turn: 1600, isRate: true, aim: 2, floor: 1.3, ask: create},
		{key: "bulk", name: fmt.Sprintf("bulk: batches of %d, all or none", bulkRows), at: 1, turn: 8, rows: bulkRows, isRate: true,
			aim: 2, floor: 1.3, ask: func(m *match, s *side) call {
				values := make([]map[string]any, bulkRows)
				for n := range values {
					values[n] = m.nextCustomer(s)
				}
				return s.speaks.bulk(values)
			}},
	}
}

// match is the two sides with the same records.
type match struct {
	PeerConfig
	ours, theirs *side
	operator     string // our operator's address, empty: none
	people       int
	known        map[*side]string // a record of the first person, by id
	mu           sync.Mutex
}

func (m *match) sides() []*side { return []*side{m.ours, m.theirs} }

// nextCustomer is of the first person, who sends it.
func (m *match) nextCustomer(s *side) map[string]any {
	m.mu.Lock()
	s.next++
	n := s.next
	m.mu.Unlock()
	return owned(n, m.people, personID(0))
}

// lap is what one side did in its turn of a round.
type lap struct {
	middle time.Duration // the median of its requests
	rate   float64       // requests, or rows, a second
	cpu    time.Duration // of all its requests, with what they left for later
	count  int           // requests
}

// laps are all rounds of an operation; those of a side stand in the order of the rounds.
type laps struct{ ours, theirs []lap }

// play lets the sides take turns, ours first in every other round, so that whatever else the machine does
// meets both. The first round is warm-up and is thrown away.
func (m *match) play(ctx context.Context, o operation) (l laps, err error) {
	for round := range m.Rounds + 1 {
		got := map[*side]lap{}
		order := m.sides()
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, s := range order {
			if got[s], err = m.lap(ctx, o, s); err != nil {
				return l, err
			}
		}
		if round > 0 {
			l.ours, l.theirs = append(l.ours, got[m.ours]), append(l.theirs, got[m.theirs])
		}
	}
	return l, nil
}

func (m *match) lap(ctx context.Context, o operation, s *side) (lap, error) {
	calls := make([]call, o.turn)
	for n := range calls {
		calls[n] = o.ask(m, s)
	}
	before, err := s.cpu()
	if err != nil {
		return lap{}, err
	}
	began := m.Clock()
	took, err := m.send(ctx, s, o.at, calls)
	spent := m.Clock().Sub(began)
	if err != nil {
		return lap{}, err
	}
	if err := s.rest(ctx); err != nil {
		return lap{}, err
	}
	after, err := s.cpu()
	rate := float64(len(calls)*max(o.rows, 1)) / spent.Seconds()
	return lap{median(took), rate, after - before, len(calls)}, err
}

// send sends all calls, at of them at once, and returns how long each took.
func (m *match) send(ctx context.Context, s *side, at int, calls []call) ([]time.Duration, error) {
	var (
		wait sync.WaitGroup
		next atomic.Int64
		took = make([]time.Duration, len(calls))
		errs = make([]error, at)
	)
	for worker := range at {
		wait.Go(func() {
			for n := next.Add(1) - 1; n < int64(len(calls)); n = next.Add(1) - 1 {
				began := m.Clock()
				if _, err := s.ask(ctx, calls[n]); err != nil {
					errs[worker] = err
					return
				}
				took[n] = m.Clock().Sub(began)
			}
		})
	}
	wait.Wait()
	return took, errors.Join(errs...)
}

// answers are what one side says to the questions that both are asked first.
type answers struct {
	page, rare, seldom, sum reply
}

func (m *match) answersOf(ctx context.Context, s *side) (got answers, err error) {
	for _, asked := range []struct {
		call call
		to   *reply
	}{
		{s.speaks.page(""), &got.page}, {s.speaks.page(rareWord), &got.rare}, {s.speaks.page(seldomWord), &got.seldom}, {s.speaks.sum(), &got.sum},
	} {
		if *asked.to, err = s.learn(ctx, asked.call); err != nil {
			return got, err
		}
	}
	if len(got.page.ids) == 0 {
		return got, fmt.Errorf("%s shows no records", s.name)
	}
	m.known[s] = got.page.ids[0]
	slices.Sort(got.rare.phones)
	slices.Sort(got.seldom.phones)
	return got, nil
}

// agree holds that both sides give the same answers before anybody asks how fast.
func (m *match) agree(ctx context.Context) error {
	ours, err := m.answersOf(ctx, m.ours)
	if err != nil {
		return err
	}
	theirs, err := m.answersOf(ctx, m.theirs)
	if err != nil {
		return err
	}
	if len(ours.page.ids) != len(theirs.page.ids) {
		return fmt.Errorf("pages of %d and of %d records", len(ours.page.ids), len(theirs.page.ids))
	}
	if !slices.Equal(ours.rare.phones, theirs.rare.phones) || !slices.Equal(ours.seldom.phones, theirs.seldom.phones) {
		return fmt.Errorf("the searches find %v and %v, %v and %v", ours.rare.phones, theirs.rare.phones, ours.seldom.phones, theirs.seldom.phones)
	}
	if !maps.Equal(ours.sum.months, theirs.sum.months) {
		return fmt.Errorf("the months sum up to %v and %v", ours.sum.months, theirs.sum.months)
	}
	fmt.Fprintf(m.Out, "both answer the same: a page of %d, %d found by %s, %d by %s, %d months to the cent\n\n",
		len(ours.page.ids), len(ours.rare.phones), rareWord, len(ours.seldom.phones), seldomWord, len(ours.sum.months))
	return nil
}
