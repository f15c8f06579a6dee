package main

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// widget is what the test asks of one part of a dashboard.
type widget struct {
	Key, Kind, Form, Filter, Share, Table, Sort, View, Date string
	Columns                                                 []string
	Group                                                   []dimension
	Metrics                                                 []figure
	Limit                                                   int
	Target                                                  *widget
}

type dimension struct {
	Field  string `json:"field"`
	Bucket string `json:"bucket,omitempty"`
}

type figure struct {
	Op    string `json:"op"`
	Field string `json:"field,omitempty"`
}

// TestEveryWidgetOfTheAppAnswers asks what each page would ask, as people of each role: the figures of every
// widget that they are shown come, and the records of every list.
func TestEveryWidgetOfTheAppAnswers(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme")
	roles := strings.Fields("sales salesManager salesDirector marketing finance productManager")
	passwords := map[string]string{}
	for _, role := range roles {
		added := does(t, "user", "add", "--store", folder, "--tenant", "acme", "--username", role, "--roles", role)
		passwords[role] = regexp.MustCompile(`password (\S+)`).FindStringSubmatch(added)[1]
	}
	address, _, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", folder)
	for _, role := range roles {
		var signed struct{ Token string }
		ask(t, http.MethodPost, address+"/api/v1/auth/token", "", map[string]string{"tenant": "acme", "username": role, "password": passwords[role]}, &signed)
		token := signed.Token
		var catalog struct {
			Home       string
			Dashboards []struct{ Key string }
		}
		ask(t, http.MethodGet, address+"/api/v1/catalog", token, nil, &catalog)
		if len(catalog.Dashboards) == 0 || catalog.Dashboards[0].Key != catalog.Home {
			t.Fatalf("%s begins nowhere: %+v", role, catalog)
		}
		var me struct{ Home string }
		ask(t, http.MethodGet, address+"/api/v1/me", token, nil, &me)
		var home struct{ Widgets []widget }
		ask(t, http.MethodGet, address+"/api/v1/dashboards/"+me.Home, token, nil, &home)
		if me.Home != catalog.Home || len(home.Widgets) < 5 {
			t.Errorf("%s: home %q with %d widgets", role, me.Home, len(home.Widgets))
		}
		for _, w := range home.Widgets {
			asked(t, address+"/api/v1/forms/"+w.Form, token, w)
			if w.Target != nil {
				asked(t, address+"/api/v1/forms/"+w.Target.Form, token, *w.Target)
			}
		}
	}
}

func asked(t *testing.T, form, token string, w widget) {
	t.Helper()
	if w.Kind == "list" {
		var page struct{ Records []any }
		ask(t, http.MethodPost, form+"/query", token, map[string]any{"view": w.View, "fields": w.Columns, "limit": max(w.Limit, 1)}, &page)
		return
	}
	filters := []string{w.Filter}
	if w.Share != "" {
		filters = append(filters, w.Share)
	}
	for _, filter := range filters {
		var rows struct{ Rows []any }
		body := map[string]any{"filter": filter, "table": w.Table, "sort": w.Sort, "group": w.Group, "metrics": w.Metrics}
		ask(t, http.MethodPost, form+"/aggregate", token, body, &rows)
	}
}

// ask sends a request that must be answered well.
func ask(t *testing.T, method, url, token string, body, into any) {
	t.Helper()
	status, err := call(t.Context(), method, url, token, "", body, into)
	if err != nil || status != http.StatusOK {
		t.Errorf("%s %s %v: %d %v", method, url, body, status, err)
	}
}
