package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"net/url"

	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// loads asks each question once through the engine, to learn what the store is asked, and returns them in
// the order they are measured: what reads before what makes the form grow.
func (s *site) loads(ctx context.Context) ([]load, error) {
	config := s.tenant.Engine.Records.Config
	told := &spy{Store: config.Store}
	config.Store = told
	service := record.New(config)
	var all []load
	for _, build := range []func(context.Context, *record.Service, *spy) (load, error){s.list, s.search, s.sum, s.get} {
		l, err := build(ctx, service, told)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	one := s.create("create, 1 connection", 1, told)
	many := s.create("create, 16 connections", most, told)
	return append(all, one, many), nil
}

const pageSize = 50

func (s *site) list(ctx context.Context, service *record.Service, told *spy) (load, error) {
	_, err := service.List(ctx, s.actor, record.ListRequest{Form: form, Limit: pageSize})
	return s.pageLoad("list: a page of 50 of one's own, the newest first", url.Values{}, told), err
}

func (s *site) search(ctx context.Context, service *record.Service, told *spy) (load, error) {
	found, err := service.List(ctx, s.actor, record.ListRequest{Form: form, Q: rareWord, Limit: pageSize})
	if err == nil && len(found.Records) == 0 {
		err = fmt.Errorf("no %s among %d customers: too few to measure a search", rareWord, s.Records)
	}
	return s.pageLoad("search: two characters, among one's own", url.Values{"q": {rareWord}}, told), err
}

// pageLoad asks over the API for what the engine was just asked for.
func (s *site) pageLoad(name string, with url.Values, told *spy) load {
	with.Set("limit", fmt.Sprint(pageSize))
	path, q, work := s.records()+"?"+with.Encode(), told.list, told.examined
	return load{
		name: fmt.Sprintf("%s (%d found)", name, told.found), at: 1, examined: &work,
		api: func(ctx context.Context, _ int64) error { return s.send(ctx, nethttp.MethodGet, path, nil) },
		raw: func(ctx context.Context, _ int64) error {
			_, err := s.raw.List(ctx, q)
			return err
		},
	}
}

func (s *site) sum(ctx context.Context, service *record.Service, told *spy) (load, error) {
	request := record.AggregateRequest{
		Form:    form,
		Group:   []record.GroupBy{{Field: "expectedAt", Bucket: string(query.Month)}},
		Metrics: []record.MetricBy{{Op: string(query.MetricSum), Field: "budget"}},
	}
	_, err := service.Aggregate(ctx, s.actor, request)
	q := told.aggregate
	body := map[string]any{"group": request.Group, "metrics": request.Metrics}
	return load{
		name: fmt.Sprintf("sum: one's own budgets by month (%d months)", told.found), at: 1,
		api: func(ctx context.Context, _ int64) error {
			return s.send(ctx, nethttp.MethodPost, "/api/v1/forms/"+string(form)+"/aggregate", body)
		},
		raw: func(ctx context.Context, _ int64) error {
			_, err := s.raw.Aggregate(ctx, q)
			return err
		},
	}, err
}

// get makes one record, whose parts the creations at the raw store are made of, and reads it.
func (s *site) get(ctx context.Context, service *record.Service, _ *spy) (load, error) {
	made, err := service.Create(ctx, s.actor, form, record.Input{Values: customer(s.next.Add(1), people)})
	if err != nil {
		return load{}, err
	}
	page, err := s.raw.List(ctx, query.List{Form: form, Limit: 1})
	if err == nil && len(page.Records) == 0 {
		err = errors.New("the raw store has nothing")
	}
	if err != nil {
		return load{}, err
	}
	path, id := s.records()+"/"+string(made.ID), page.Records[0].ID
	return load{
		name: "get: one record by id", at: 1,
		api: func(ctx context.Context, _ int64) error { return s.send(ctx, nethttp.MethodGet, path, nil) },
		raw: func(ctx context.Context, _ int64) error {
			_, err := s.raw.Get(ctx, form, id)
			return err
		},
	}, nil
}

func (s *site) create(name string, at int, told *spy) load {
	pattern, happened := told.made, told.event
	return load{
		name: name, at: at,
		api: func(ctx context.Context, n int64) error {
			return s.send(ctx, nethttp.MethodPost, s.records(), map[string]any{"values": customer(n, people)})
		},
		raw: func(ctx context.Context, n int64) error { return s.put(ctx, pattern, happened, n) },
	}
}

// put writes what a creation writes, record, tokens and event, with nothing of the engine's own work.
func (s *site) put(ctx context.Context, pattern *value.Record, happened event.Event, n int64) error {
	r := pattern.Clone()
	r.ID = s.tenants.NewID()
	r.Values["phone"] = phone(n)
	happened.Record, happened.After = r.ID, r
	return s.raw.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Put(ctx, r, 0); err != nil {
			return err
		}
		return tx.Emit(ctx, happened)
	})
}

func (s *site) records() string { return "/api/v1/forms/" + string(form) + "/records" }

// floor is the request that does nothing.
func (s *site) floor(ctx context.Context, _ int64) error {
	return s.send(ctx, nethttp.MethodGet, "/healthz", nil)
}

// send sends a request and reads the whole answer; any status but a good one is an error.
func (s *site) send(ctx context.Context, method, path string, body any) (err error) {
	var sent io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(data)
	}
	request, err := nethttp.NewRequestWithContext(ctx, method, s.url+path, sent)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := s.client.Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(answer.Body)
	if closing := answer.Body.Close(); err == nil {
		err = closing
	}
	if err == nil && answer.StatusCode >= nethttp.StatusBadRequest {
		err = fmt.Errorf("%s %s answers %d: %s", method, path, answer.StatusCode, text)
	}
	return err
}
