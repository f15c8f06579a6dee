// Command peer is PocketBase with one collection made by code, for `make bench-peer` to compare Tidewater
// with. It is a module of its own, so that nothing of it gets into Tidewater.
//
//	peer make --dir <folder> --people 50 --password <of each>   reads records as JSON lines from stdin
//	peer serve --dir <folder> --http 127.0.0.1:8090             as PocketBase does
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/spf13/cobra"
)

const (
	users     = "users"
	customers = "customers"
	// onlyOwn is the rule of every verb: a record is its owner's and nobody else's.
	onlyOwn = "owner = @request.auth.id"
	// together is how many records are made in one transaction.
	together = 1000
)

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{HideStartBanner: true})
	app.RootCmd.AddCommand(makeCommand(app))
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

func makeCommand(app core.App) *cobra.Command {
	var people int
	var password string
	command := &cobra.Command{
		Use:          "make",
		Short:        "make the collection, its people and, from stdin, its records",
		SilenceUsage: true,
		Run: func(*cobra.Command, []string) {
			// PocketBase leaves with 0 whatever a command says.
			if err := furnish(app, people, password, os.Stdin); err != nil {
				log.Fatal(err)
			}
		},
	}
	command.Flags().IntVar(&people, "people", 50, "how many people there are")
	command.Flags().StringVar(&password, "password", "", "the password of each")
	return command
}

func furnish(app core.App, people int, password string, records io.Reader) error {
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := settle(app); err != nil {
		return err
	}
	if err := hire(app, people, password); err != nil {
		return err
	}
	if err := collect(app); err != nil {
		return err
	}
	return fill(app, json.NewDecoder(records))
}

// settle allows batches and writes no line of log per request, as the other side writes none.
func settle(app core.App) error {
	settings := app.Settings()
	settings.Logs.MaxDays = 0
	settings.Batch.Enabled = true
	settings.Batch.MaxRequests = 500
	settings.Batch.Timeout = 60
	return app.Save(settings)
}

func personID(n int) string { return fmt.Sprintf("person%09d", n) }

func hire(app core.App, people int, password string) error {
	collection, err := app.FindCollectionByNameOrId(users)
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		for n := range people {
			person := core.NewRecord(collection)
			person.Id = personID(n)
			person.SetEmail(personID(n) + "@example.com")
			person.SetVerified(true)
			person.SetPassword(password)
			if err := tx.Save(person); err != nil {
				return err
			}
		}
		return nil
	})
}

// collect makes the collection and the view that sums by month.
func collect(app core.App) error {
	people, err := app.FindCollectionByNameOrId(users)
	if err != nil {
		return err
	}
	c := core.NewBaseCollection(customers)
	c.Fields.Add(fields(people.Id)...)
	rule := types.Pointer(onlyOwn)
	c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule = rule, rule, rule, rule, rule
	c.AddIndex("idx_customers_phone", true, "phone", "phone != ''")
	c.AddIndex("idx_customers_tier", false, "tier", "")
	c.AddIndex("idx_customers_owner", false, "owner", "")
	c.AddIndex("idx_customers_owner_updated", false, "owner, updated", "")
	c.AddIndex("idx_customers_owner_expected", false, "owner, expectedAt, budget", "")
	if err := app.Save(c); err != nil {
		return err
	}
	// The id is of the group's own columns, so that SQLite can look for the owner before it groups.
	months := core.NewViewCollection("months")
	months.ListRule = rule
	months.ViewQuery = "SELECT (owner || substr(expectedAt, 1, 7)) AS id, owner, CAST(substr(expectedAt, 1, 7) AS TEXT) AS month, " +
		"TOTAL(budget) AS total FROM customers GROUP BY owner, substr(expectedAt, 1, 7)"
	return app.Save(months)
}

func fields(people string) []core.Field {
	one := func(name string, values ...string) core.Field {
		return &core.SelectField{Name: name, Values: values, MaxSelect: 1}
	}
	text := func(name string, max int) core.Field { return &core.TextField{Name: name, Max: max} }
	zero := 0.0
	return []core.Field{
		&core.TextField{Name: "name", Max: 120, Required: true},
		&core.SelectField{Name: "type", Values: []string{"prospect", "endCustomer", "channelPartner"}, MaxSelect: 1, Required: true},
		one("tier", "A", "B", "C", "D", "E"),
		one("status", "potential", "contacted", "negotiating", "won"),
		one("source", "website", "exhibition", "referral"),
		one("industry", "manufacturing", "electronics", "software"),
		&core.RelationField{Name: "owner", CollectionId: people, MaxSelect: 1},
		text("phone", 40),
		&core.EmailField{Name: "email"},
		text("country", 60),
		text("address", 200),
		text("need", 4000),
		&core.NumberField{Name: "budget", Min: &zero},
		&core.DateField{Name: "expectedAt"},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	}
}

// fill makes the records of a stream of JSON objects, many in a transaction.
func fill(app core.App, stream *json.Decoder) error {
	collection, err := app.FindCollectionByNameOrId(customers)
	if err != nil {
		return err
	}
	for more := true; more; {
		err := app.RunInTransaction(func(tx core.App) error {
			for range together {
				var values map[string]any
				if err := stream.Decode(&values); errors.Is(err, io.EOF) {
					more = false
					return nil
				} else if err != nil {
					return err
				}
				record := core.NewRecord(collection)
				record.Load(values)
				if err := tx.Save(record); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
