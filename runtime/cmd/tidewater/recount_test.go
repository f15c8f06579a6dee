package main

import (
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// viewer is somebody before their home, with all that they can take out of the forms.
type viewer struct {
	t              *testing.T
	address, token string
	id, name       string
	zone           *time.Location
	home           struct {
		Filters []struct {
			Key    string
			Fields map[string]string
		}
		Widgets []widget
	}
	forms map[string]formSeen
	taken map[string]taken
}

// enters signs somebody in and opens their home.
func enters(t *testing.T, address, username, password string) *viewer {
	t.Helper()
	v := &viewer{t: t, address: address, taken: map[string]taken{}, forms: map[string]formSeen{}}
	var signed struct{ Token string }
	ask(t, http.MethodPost, address+"/api/v1/auth/token", "", map[string]string{"tenant": "acme", "username": username, "password": password}, &signed)
	v.token = signed.Token
	var me struct {
		Home, Zone string
		User       struct{ ID, Name string }
	}
	v.ask("/me", nil, &me)
	v.id, v.name = me.User.ID, me.User.Name
	var err error
	if v.zone, err = time.LoadLocation(me.Zone); err != nil {
		t.Fatal(err)
	}
	var catalog struct{ Forms []formSeen }
	v.ask("/catalog", nil, &catalog)
	for _, form := range catalog.Forms {
		v.forms[form.Key] = form
	}
	if me.Home != "" {
		v.ask("/dashboards/"+me.Home, nil, &v.home)
	}
	return v
}

func (v *viewer) ask(path string, body, into any) {
	v.t.Helper()
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	ask(v.t, method, v.address+"/api/v1"+path, v.token, body, into)
}

// recounts compares the figures of a widget, and returns how many of them are not 0. Narrowed, it is asked within
// March and the zone, as far as the page's choices are about it.
func (v *viewer) recounts(w widget, zone string, narrowed bool) (figures int) {
	v.t.Helper()
	if w.Kind == "list" {
		return 0
	}
	filters := []string{w.Filter}
	if w.Share != "" {
		filters = append(filters, w.Share)
	}
	for _, filter := range filters {
		one := w
		one.Filter = filter
		if narrowed {
			one.Filter = v.within(one, zone)
		}
		figures += v.compares(one)
	}
	if w.Target != nil {
		figures += v.recounts(*w.Target, zone, narrowed)
	}
	return figures
}

// within is the widget's condition with those of the page.
func (v *viewer) within(w widget, zone string) string {
	var parts []string
	if w.Filter != "" {
		parts = append(parts, w.Filter)
	}
	if w.Date != "" {
		day := w.Date
		if kind := v.forms[w.Form].kind(day); kind == "datetime" {
			day = "date(" + day + ")"
		}
		parts = append(parts, day+` >= date("2026-03-01")`, day+` < date("2026-04-01")`)
	}
	for _, filter := range v.home.Filters {
		if field := filter.Fields[w.Form]; filter.Key == "zone" && field != "" {
			parts = append(parts, field+` in ["`+zone+`"]`)
		}
	}
	return strings.Join(parts, " and ")
}

type answered struct {
	Rows []struct{ Keys, Metrics []any }
}

func (v *viewer) aggregate(w widget) (out answered) {
	v.t.Helper()
	v.ask("/forms/"+w.Form+"/aggregate", map[string]any{"filter": w.Filter, "table": w.Table, "group": w.Group, "metrics": w.Metrics}, &out)
	return out
}

// figure is the first number of a widget of the home.
func (v *viewer) figure(key string) string {
	v.t.Helper()
	at := slices.IndexFunc(v.home.Widgets, func(w widget) bool { return w.Key == key })
	if at < 0 {
		v.t.Fatalf("%s has no %s", v.name, key)
	}
	return fmt.Sprint(v.aggregate(v.home.Widgets[at]).Rows[0].Metrics[0])
}

func (v *viewer) compares(w widget) (figures int) {
	v.t.Helper()
	if len(w.Metrics) == 0 {
		w.Metrics = []figure{{Op: "count"}}
	}
	groups := map[string][]row{}
	for _, one := range v.rows(w.Form, w.Table) {
		if v.holds(w.Filter, one) {
			key := v.keyOf(w, one)
			groups[key] = append(groups[key], one)
		}
	}
	if len(w.Group) == 0 && len(groups) == 0 {
		groups[""] = nil
	}
	answer := v.aggregate(w)
	seen := map[string]bool{}
	for _, line := range answer.Rows {
		keys := make([]string, len(line.Keys))
		for n, key := range line.Keys {
			keys[n] = plain(key)
		}
		key := strings.Join(keys, " | ")
		seen[key] = true
		of, ok := groups[key]
		if !ok {
			v.t.Errorf("%s, %s: %q is in no row of theirs", v.name, w.Key, key)
			continue
		}
		for n, metric := range w.Metrics {
			have := plain(line.Metrics[n])
			if want := metric.of(of, have); have != want {
				v.t.Errorf("%s, %s of %q (%s): shown %s, counted %s", v.name, w.Key, key, w.Filter, have, want)
			}
			if strings.Trim(have, "0.") != "" {
				figures++
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		if !seen[key] {
			v.t.Errorf("%s, %s: %q is not shown", v.name, w.Key, key)
		}
	}
	return figures
}

func (v *viewer) keyOf(w widget, one row) string {
	keys := make([]string, len(w.Group))
	for n, group := range w.Group {
		keys[n] = one[group.Field]
		if group.Bucket == "" || keys[n] == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, keys[n][:10])
		if err != nil {
			v.t.Fatal(err)
		}
		switch group.Bucket {
		case "month":
			keys[n] = day.Format("2006-01")
		case "week":
			keys[n] = day.AddDate(0, 0, -int(day.Weekday()+6)%7).Format(time.DateOnly) // its Monday
		default:
			v.t.Fatalf("no bucket %s is counted here", group.Bucket)
		}
	}
	return strings.Join(keys, " | ")
}

// of reckons the figure; as has as many digits as are shown.
func (f figure) of(rows []row, as string) string {
	sum, count := new(big.Rat), 0
	for _, one := range rows {
		if f.Field == "" {
			count++
		} else if number, ok := new(big.Rat).SetString(one[f.Field]); ok {
			sum.Add(sum, number)
			count++
		}
	}
	_, digits, _ := strings.Cut(as, ".")
	switch {
	case f.Op == "count":
		return fmt.Sprint(count)
	case f.Op == "sum":
		return sum.FloatString(len(digits))
	case f.Op == "avg" && count == 0:
		return ""
	case f.Op == "avg":
		return sum.Quo(sum, big.NewRat(int64(count), 1)).FloatString(len(digits))
	}
	return "no " + f.Op + " is reckoned here"
}

var (
	compared = regexp.MustCompile(`^(\w+) (==|!=) (nil|true|false|actor\.id|"[^"]*")$`)
	among    = regexp.MustCompile(`^(\w+) (in|not in) \[(.*)\]$`)
	dayed    = regexp.MustCompile(`^(?:date\()?(\w+)\)? (>=|<) date\("([^"]*)"\)$`)
)

// holds decides a condition by itself: those of the homes are joined by "and" alone.
func (v *viewer) holds(filter string, one row) bool {
	if filter == "" {
		return true
	}
	for _, part := range strings.Split(filter, " and ") {
		if !v.meets(part, one) {
			return false
		}
	}
	return true
}

func (v *viewer) meets(part string, one row) bool {
	if m := compared.FindStringSubmatch(part); m != nil {
		want := strings.Trim(m[3], `"`)
		switch m[3] {
		case "nil":
			want = ""
		case "actor.id":
			want = v.name
		}
		return (one[m[1]] == want) == (m[2] == "==")
	}
	if m := among.FindStringSubmatch(part); m != nil {
		var some []string
		for _, text := range strings.Split(m[3], ", ") {
			some = append(some, v.titled(strings.Trim(text, `"`)))
		}
		return slices.Contains(some, one[m[1]]) == (m[2] == "in")
	}
	if m := dayed.FindStringSubmatch(part); m != nil {
		day := one[m[1]]
		if day == "" {
			return false
		}
		return (day[:10] < m[3]) == (m[2] == "<")
	}
	v.t.Fatalf("cannot decide %q", part)
	return false
}
