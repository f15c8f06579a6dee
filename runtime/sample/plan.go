package sample

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"tidewater/engine/value"
)

// plan is plan.json.
type plan struct {
	Clock   string          `json:"clock"`  // what the clocks show against UTC: "+08:00"
	Locale  string          `json:"locale"` // the language people read
	Mail    string          `json:"mail"`   // what stands behind the @ of their addresses
	Units   []unitPlan      `json:"units"`
	Zones   []zonePlan      `json:"zones"`
	People  []personPlan    `json:"people"`
	Lists   map[string]list `json:"lists"`
	Records []batch         `json:"records"`

	location *time.Location
	lists    map[string][]string
	tables   map[string][]map[string]any // what Each names, a row a map
}

// list is words to draw from: the entries, or the name of a text file beside the plan with one a line.
type list struct {
	entries []string
	file    string
}

func (l *list) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &l.file)
	}
	return json.Unmarshal(data, &l.entries)
}

type unitPlan struct {
	Key     string            `json:"key"`
	Name    map[string]string `json:"name"`
	Parent  string            `json:"parent,omitempty"`
	Manager string            `json:"manager,omitempty"` // a username
	Zone    string            `json:"zone,omitempty"`    // a zone's key
}

type zonePlan struct {
	Key    string            `json:"key"`
	Name   map[string]string `json:"name"`
	Record string            `json:"record,omitempty"` // the ref of the record that stands for it
}

type personPlan struct {
	Username string   `json:"username"`
	Name     string   `json:"name"`
	Unit     string   `json:"unit"`
	Roles    []string `json:"roles"`
	Zones    []string `json:"zones,omitempty"` // beside the unit's
	Admin    bool     `json:"admin,omitempty"`
	Share    int      `json:"share,omitempty"` // drawn so many times as often as others; 1 if none is said
}

// batch says how records of one form come about: Count of them; or with Per so many for each record of
// another form, which their values reach as "parent"; or one for each row of a CSV file, whose columns are
// values that others use.
type batch struct {
	Form   value.FormKey       `json:"form"`
	Each   string              `json:"each,omitempty"` // a file beside the plan
	Per    value.FormKey       `json:"per,omitempty"`
	Where  map[string][]string `json:"where,omitempty"` // only for parents whose values are among these
	Count  spec                `json:"count,omitempty"`
	ID     *spec               `json:"id,omitempty"`  // the name in refs; else a number from 1
	Let    fields              `json:"let,omitempty"` // values that others use and nobody sees, drawn first
	At     spec                `json:"at"`            // an instant
	By     string              `json:"by,omitempty"`  // the path of a person
	Values fields              `json:"values"`
	Acts   []actPlan           `json:"acts,omitempty"`
}

// fields are named specs in the order of the file: each may use those before it.
type fields []struct {
	name string
	spec spec
}

func (f *fields) UnmarshalJSON(data []byte) error {
	return eachMember(data, func(name string, raw json.RawMessage) error {
		var s spec
		if err := s.UnmarshalJSON(raw); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		*f = append(*f, struct {
			name string
			spec spec
		}{name, s})
		return nil
	})
}

// eachMember goes over an object's members in the order of the text.
func eachMember(data []byte, take func(name string, raw json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return errors.New("want an object")
	}
	seen := map[string]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		key, ok := name.(string)
		if !ok || seen[key] {
			return fmt.Errorf("%v stands there twice", name)
		}
		seen[key] = true
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return err
		}
		if err := take(key, raw); err != nil {
			return err
		}
	}
	return nil
}

// strict decodes JSON that may hold no more than out knows.
func strict(data []byte, out any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(out); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows")
	}
	return nil
}

func readPlan(folder fs.FS) (*plan, error) {
	data, err := fs.ReadFile(folder, "plan.json")
	if err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	p := &plan{lists: map[string][]string{}, tables: map[string][]map[string]any{}}
	if err := strict(data, p); err != nil {
		return nil, fmt.Errorf("sample: plan.json: %w", err)
	}
	at, err := time.Parse("-07:00", p.Clock)
	if err != nil {
		return nil, fmt.Errorf("sample: plan.json: clock: %w", err)
	}
	p.location = at.Location()
	for name, l := range p.Lists {
		if p.lists[name] = l.entries; l.file != "" {
			p.lists[name], err = readList(folder, l.file)
		}
		if err == nil && len(p.lists[name]) == 0 {
			err = errors.New("it is empty")
		}
		if err != nil {
			return nil, fmt.Errorf("sample: list %s: %w", name, err)
		}
	}
	for _, b := range p.Records {
		if b.Each == "" {
			continue
		}
		if p.tables[b.Each], err = readTable(folder, b.Each); err != nil {
			return nil, fmt.Errorf("sample: %s: %w", b.Each, err)
		}
	}
	return p, nil
}

// readList reads the entries of a file: its lines, but for blank ones and those that begin with #.
func readList(folder fs.FS, file string) ([]string, error) {
	data, err := fs.ReadFile(folder, file)
	if err != nil {
		return nil, err
	}
	var entries []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			entries = append(entries, line)
		}
	}
	return entries, nil
}

// readTable reads a CSV file whose first line names the columns; an empty cell is no value.
func readTable(folder fs.FS, file string) ([]map[string]any, error) {
	data, err := fs.ReadFile(folder, file)
	if err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, errors.Join(err, errors.New("want a line with names of columns"))
	}
	var rows []map[string]any
	for _, line := range lines[1:] {
		row := map[string]any{}
		for i, name := range lines[0] {
			if row[name] = nil; line[i] != "" {
				row[name] = line[i]
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
