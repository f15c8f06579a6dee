package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// applicationID marks the file as one of ours ("Tide"), format is the version of the file: 2 brought
// what is below, 3 what forms have (orders), 4 tokens for how texts begin, 5 tokens for principals, 6
// tokens that wait (late.go), 7 nothing but that who writes obeys a freeze (moving.go), 8 columns that are written and
// not computed (columns.go), 9 tokens that are merged by whoever writes them (merging.go): earlier versions do not know of these.
const (
	applicationID = 0x54696465
	schemaFormat  = 2
	tokensFormat  = 6 // the last that changed the index of tokens
	formsFormat   = 9 // the last that changed what forms have
	format        = 9
)

// schema is what a tenant's file of format 1 has; upgrades bring the rest, forms add their own tables (layout.go).
var schema = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE forms (key TEXT PRIMARY KEY, layout TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE side (collection TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, expires INTEGER, body BLOB NOT NULL,
		PRIMARY KEY (collection, key)) WITHOUT ROWID`,
	`CREATE INDEX side_expires ON side (expires) WHERE expires IS NOT NULL`,
	// A record's history: what changed, without the images; gone with the record.
	`CREATE TABLE history (seq INTEGER PRIMARY KEY, form TEXT NOT NULL, record TEXT NOT NULL, head BLOB NOT NULL)`,
	`CREATE INDEX history_record ON history (form, record, seq)`,
	// Events on their way, with images; swept when every consumer is done with them. AUTOINCREMENT: a
	// number is never given twice.
	`CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, form TEXT NOT NULL, record TEXT NOT NULL, at INTEGER NOT NULL,
		head BLOB NOT NULL, before BLOB, after BLOB)`,
	// A consumer has settled every event up to floor, and above it those marked so.
	`CREATE TABLE consumers (name TEXT PRIMARY KEY, floor INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE deliveries (consumer TEXT NOT NULL, seq INTEGER NOT NULL, until INTEGER, PRIMARY KEY (consumer, seq)) WITHOUT ROWID`,
}

// upgrades are what brings a file of each format to the next: upgrades[0] from 1 to 2.
var upgrades = [schemaFormat - 1][]string{fileSchema}

// found makes an empty file ours, or checks that the file is this tenant's, and returns its forms.
// One of an earlier format is upgraded; where asIs says so, it is a fault.
func found(ctx context.Context, c *conn, tenant string, asIs bool) (map[value.FormKey]*layout, error) {
	id, err := c.number(ctx, "PRAGMA application_id")
	if err != nil {
		return nil, err
	}
	tables, err := c.number(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return nil, err
	}
	if id == 0 && tables == 0 {
		return map[value.FormKey]*layout{}, create(c, tenant)
	}
	if id != applicationID {
		return nil, fault.New(fault.Internal, "store.foreign").In("store.open")
	}
	version, err := c.number(ctx, "PRAGMA user_version")
	if err != nil {
		return nil, err
	}
	if version > format {
		return nil, fault.New(fault.Internal, "store.newer").In("store.open")
	}
	holder := ""
	_, err = c.one(ctx, "SELECT value FROM meta WHERE key = 'tenant'", nil, func(row []driver.Value) error {
		holder, _ = row[0].(string)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if holder != tenant {
		return nil, fault.New(fault.Internal, "store.foreign").In("store.open")
	}
	if version < format && asIs {
		return nil, fault.New(fault.Unavailable, "store.older").In("store.open")
	}
	if err := upgrade(c, version); err != nil {
		return nil, err
	}
	return loadLayouts(ctx, c)
}

func create(c *conn, tenant string) error {
	if err := c.runAll(append([]string{"BEGIN IMMEDIATE", "PRAGMA application_id = 1416193125"}, schema...)); err != nil {
		return err
	}
	if _, _, err := c.exec("INSERT INTO meta VALUES ('tenant', ?)", tenant); err != nil {
		return err
	}
	return c.runAll(append(slices.Concat(upgrades[:]...), lateSchema, stamp(format), "COMMIT"))
}

// upgrade brings a file of an earlier format to the schema above, in one transaction.
func upgrade(c *conn, version int64) error {
	if version == format {
		return nil
	}
	if version >= schemaFormat {
		return c.run(lateSchema)
	}
	if version < 1 {
		return fault.New(fault.Internal, "store.foreign").In("store.open")
	}
	statements := append([]string{"BEGIN IMMEDIATE"}, slices.Concat(upgrades[version-1:]...)...)
	return c.runAll(append(statements, lateSchema, stamp(schemaFormat), "COMMIT"))
}

func stamp(version int) string { return "PRAGMA user_version = " + strconv.Itoa(version) }

func (c *conn) runAll(statements []string) error {
	for _, sql := range statements {
		if err := c.run(sql); err != nil {
			return err
		}
	}
	return nil
}

func loadLayouts(ctx context.Context, c *conn) (map[value.FormKey]*layout, error) {
	forms := map[value.FormKey]*layout{}
	err := c.rows(ctx, "SELECT layout FROM forms", nil, func(row []driver.Value) error {
		var f store.Form
		text, _ := row[0].(string)
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			return fault.New(fault.Internal, "store.corrupt").In("store.open").Because(err)
		}
		l, err := newLayout(f)
		if err != nil {
			return err
		}
		forms[f.Key] = l
		return nil
	})
	return forms, err
}
