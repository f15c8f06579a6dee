package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestEachNumberOfTheHomesIsThatOfItsViewersExport asks for the figures of each role's home as its page does, and
// counts and adds them up anew from what the same person takes out of the forms: by export, where they may, else
// all that their lists show. Then again within a month and a zone, as the choices above the page narrow it.
func TestEachNumberOfTheHomesIsThatOfItsViewersExport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme")
	people := strings.Fields("clerk:admin sales other:sales salesManager salesDirector marketing finance productManager")
	passwords := map[string]string{}
	for _, one := range people {
		name, role, ok := strings.Cut(one, ":")
		if !ok {
			role = name
		}
		added := does(t, "user", "add", "--store", folder, "--tenant", "acme", "--username", name, "--roles", role)
		passwords[name] = regexp.MustCompile(`password (\S+)`).FindStringSubmatch(added)[1]
	}
	address, _, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", folder)
	viewers := map[string]*viewer{}
	for name, secret := range passwords {
		viewers[name] = enters(t, address, name, secret)
	}
	zone := sell(t, viewers["clerk"], []string{viewers["sales"].id, viewers["other"].id, viewers["salesManager"].id})
	viewers["clerk"].awaitsWon(9)
	counted := map[string]int{}
	for name, v := range viewers {
		if name == "clerk" {
			continue
		}
		for _, w := range v.home.Widgets {
			for _, narrowed := range []bool{false, true} {
				counted[name] += v.recounts(w, zone, narrowed)
			}
		}
	}
	for name, figures := range counted {
		if figures < 10 {
			t.Errorf("%s has only %d figures that are not 0", name, figures)
		}
	}
	mine, all := viewers["sales"].figure("ordered"), viewers["salesDirector"].figure("ordered")
	if mine == "" || mine == all {
		t.Errorf("a seller sees %s ordered, the director %s", mine, all)
	}
}

// sell fills the forms with a little of everything, of three owners and two zones, and returns the first zone's id.
func sell(t *testing.T, admin *viewer, owners []string) (zone string) {
	t.Helper()
	var zones, products []string
	for _, name := range []string{"North", "South"} {
		zones = append(zones, admin.makes("zone", map[string]any{"name": name}))
		products = append(products, admin.makes("product", map[string]any{"name": "Pump " + name, "price": "10.00", "onShelf": true}))
	}
	admin.makes("product", map[string]any{"name": "Pump West", "price": "10.00", "onShelf": false})
	pick := func(n int, of string) string {
		all := strings.Fields(of)
		return all[n%len(all)]
	}
	for n := range 12 {
		day := fmt.Sprintf("2026-0%d-1%d", 2+n%3, n%9)
		held := func(more map[string]any) map[string]any {
			more["owner"], more["zone"], more["source"] = owners[n%3], zones[n%4/2], pick(n, "website referral partner")
			return more
		}
		customer := admin.makes("customer", held(map[string]any{
			"name": fmt.Sprintf("Firm %02d", n), "type": "prospect", "tier": pick(n, "A B C D E"), "status": pick(n, "potential won negotiating"),
			"phone": fmt.Sprintf("138000010%02d", n),
		}))
		admin.makes("opportunity", held(map[string]any{
			"name": fmt.Sprintf("Deal %02d", n), "customer": customer, "stage": pick(n, "won need lost won proposal"), "amount": fmt.Sprintf("%d.37", 1000+n*17),
			"expectedAt": day, "closedAt": day, "lossReason": pick(n, "price other"),
		}))
		admin.makes("lead", held(map[string]any{
			"name": fmt.Sprintf("Lead %02d", n), "status": pick(n, "new converted following returned"), "returnReason": pick(n, "noNeed duplicate"),
			"phone": fmt.Sprintf("139000010%02d", n), "receivedAt": day + "T03:00:00Z", "industry": pick(n, "food retail"),
		}))
		admin.makes("followUp", map[string]any{
			"customer": customer, "content": "said", "at": day + "T04:00:00Z", "way": pick(n, "visit phone wechat"), "owner": owners[n%3],
		})
		lines := []any{
			map[string]any{"product": products[n%2], "quantity": fmt.Sprint(n + 1), "price": "10.05", "discount": fmt.Sprint(n % 4 * 5)},
			map[string]any{"product": products[0], "quantity": "2", "price": "3.33"},
		}
		sold := func(more map[string]any) map[string]any {
			more["customer"], more["lines"], more["owner"], more["zone"] = customer, lines, owners[n%3], zones[n%4/2]
			return more
		}
		admin.makes("quote", sold(map[string]any{"quotedAt": day, "status": pick(n, "submitted accepted expired sent")}))
		admin.makes("salesOrder", sold(map[string]any{
			"orderDate": day, "status": pick(n, "approved approved done submitted"), "contractState": pick(n, "none signed"), "signedAt": day,
			"plan": []any{map[string]any{"dueDate": day, "amount": "12.50"}, map[string]any{"dueDate": "2026-07-01", "amount": "0.01"}},
		}))
	}
	return zones[0]
}

// awaitsWon waits until customers have counted so many orders, of those saved last, and are won by them: their figures
// follow the orders soon after, and no two looks would tell the same before.
func (v *viewer) awaitsWon(orders int) {
	v.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	patience := time.NewTimer(time.Minute)
	defer patience.Stop()
	won := widget{Form: "customer", Filter: `status == "won"`, Metrics: []figure{{Op: "sum", Field: "orderCount"}}}
	for want := fmt.Sprint(orders); ; {
		got := plain(v.aggregate(won).Rows[0].Metrics[0])
		if got == want {
			return
		}
		select {
		case <-look.C:
		case <-patience.C:
			v.t.Fatalf("won customers stay at %s orders, want %s", got, want)
		}
	}
}

func (v *viewer) makes(form string, values map[string]any) string {
	v.t.Helper()
	var made struct {
		ID     string
		Errors []any
	}
	status, err := call(v.t.Context(), http.MethodPost, v.address+"/api/v1/forms/"+form+"/records", v.token, "", map[string]any{"values": values}, &made)
	if err != nil || status != http.StatusCreated || made.ID == "" {
		v.t.Fatalf("%s %v: %d %v %v", form, values, status, err, made.Errors)
	}
	return made.ID
}
