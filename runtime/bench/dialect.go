package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	nethttp "net/http"
	"net/url"

	"tidewater/engine/query"
	"tidewater/engine/record"
)

// call is a request before it is sent.
type call struct {
	method, path string
	body         []byte
}

func get(path string, with url.Values) call {
	if len(with) > 0 {
		path += "?" + with.Encode()
	}
	return call{method: nethttp.MethodGet, path: path}
}

// post is for bodies of our own making, which can be written as JSON.
func post(path string, body any) call {
	text, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("bench: a body that is no JSON: %v", err))
	}
	return call{nethttp.MethodPost, path, text}
}

// reply is what an answer told, as far as both sides can tell it.
type reply struct {
	token  string
	ids    []string
	phones []string
	months map[string]string // exact to the cent
}

// dialect is how one API says what both can do, for the first of the people.
type dialect interface {
	signIn() call
	// page asks for a page of one's own, the last changed first; with a word, of those that have it, in the
	// order that the API has for searches, where it has one.
	page(word string) call
	get(id string) call
	sum() call
	create(values map[string]any) call
	bulk(values []map[string]any) call
	read(answer []byte) (reply, error)
}

type tidewaterAPI struct{}

func (tidewaterAPI) at(what string) string { return "/api/v1/forms/" + string(form) + "/" + what }

func (tidewaterAPI) signIn() call {
	return post("/api/v1/auth/token", map[string]string{
		"tenant": tenantName, "username": string(personID(0)), "password": password,
	})
}

func (t tidewaterAPI) page(word string) call {
	with := url.Values{"limit": {fmt.Sprint(pageSize)}}
	if word != "" {
		with.Set("q", word) // in the order of searches: exactly so, beginning so, the newest
	} else {
		with.Set("sort", "-updatedAt")
	}
	return get(t.at("records"), with)
}

func (t tidewaterAPI) get(id string) call { return get(t.at("records/"+id), nil) }

func (t tidewaterAPI) sum() call {
	return post(t.at("aggregate"), map[string]any{
		"group":   []record.GroupBy{{Field: "expectedAt", Bucket: string(query.Month)}},
		"metrics": []record.MetricBy{{Op: string(query.MetricSum), Field: "budget"}},
	})
}

func (t tidewaterAPI) create(values map[string]any) call {
	return post(t.at("records"), map[string]any{"values": values})
}

func (t tidewaterAPI) bulk(values []map[string]any) call {
	operations := make([]map[string]any, len(values))
	for n, v := range values {
		operations[n] = map[string]any{"op": "create", "values": v}
	}
	return post(t.at("batch"), map[string]any{"atomic": true, "operations": operations})
}

func (tidewaterAPI) read(answer []byte) (reply, error) {
	var told struct {
		Token   string
		Records []struct {
			ID     string
			Values struct{ Phone string }
		}
		Rows []struct {
			Keys    []string
			Metrics []string
		}
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return reply{}, err
	}
	out := reply{token: told.Token, months: map[string]string{}}
	for _, r := range told.Records {
		out.ids, out.phones = append(out.ids, r.ID), append(out.phones, r.Values.Phone)
	}
	for _, r := range told.Rows {
		if len(r.Keys) == 1 && len(r.Metrics) == 1 {
			out.months[r.Keys[0]] = r.Metrics[0]
		}
	}
	return out, nil
}

type pocketBaseAPI struct{}

const pocketRecords = "/api/collections/customers/records"

func (pocketBaseAPI) signIn() call {
	return post("/api/collections/users/auth-with-password", map[string]string{
		"identity": string(personID(0)) + "@example.com", "password": password,
	})
}

func (pocketBaseAPI) page(word string) call {
	with := url.Values{"sort": {"-updated"}, "perPage": {fmt.Sprint(pageSize)}, "skipTotal": {"1"}}
	if word != "" {
		with.Set("filter", fmt.Sprintf("name ~ '%[1]s' || phone ~ '%[1]s' || need ~ '%[1]s'", word))
	}
	return get(pocketRecords, with)
}

func (pocketBaseAPI) get(id string) call { return get(pocketRecords+"/"+id, nil) }

func (pocketBaseAPI) sum() call {
	return get("/api/collections/months/records", url.Values{"sort": {"month"}, "perPage": {fmt.Sprint(pageSize)}, "skipTotal": {"1"}})
}

func (pocketBaseAPI) create(values map[string]any) call { return post(pocketRecords, values) }

func (pocketBaseAPI) bulk(values []map[string]any) call {
	requests := make([]map[string]any, len(values))
	for n, v := range values {
		requests[n] = map[string]any{"method": nethttp.MethodPost, "url": pocketRecords, "body": v}
	}
	return post("/api/batch", map[string]any{"requests": requests})
}

func (pocketBaseAPI) read(answer []byte) (reply, error) {
	var told struct {
		Token string
		Items []struct {
			ID, Phone, Month string
			Total            json.Number
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	if err := decoder.Decode(&told); err != nil {
		return reply{}, err
	}
	out := reply{token: told.Token, months: map[string]string{}}
	for _, r := range told.Items {
		out.ids, out.phones = append(out.ids, r.ID), append(out.phones, r.Phone)
		if total, ok := new(big.Rat).SetString(string(r.Total)); ok {
			out.months[r.Month] = total.FloatString(2)
		}
	}
	return out, nil
}
