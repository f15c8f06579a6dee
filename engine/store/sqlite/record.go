package sqlite

import (
	"database/sql/driver"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// recordColumns are what a record is read from, in the order that readRecord expects.
const recordColumns = `t.id, t.version, t."$doc", t."$shadow", t."$principals", t.created_at, t.created_by, t.updated_at, t.updated_by, t.deleted_at, t."$deleted_by"`

// createTable makes a form's table.
func createTable(l *layout) string {
	return "CREATE TABLE " + l.table + ` ("$rid" INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL,
		created_at INTEGER, created_by TEXT, updated_at INTEGER, updated_by TEXT, deleted_at INTEGER, "$deleted_by" TEXT,
		"$principals" TEXT, "$mark" INTEGER NOT NULL, "$doc" BLOB, "$shadow" BLOB)`
}

func readRecord(form value.FormKey, row []driver.Value) (*value.Record, error) {
	r := &value.Record{Form: form}
	r.ID = value.ID(textOf(row[0]))
	r.Version, _ = row[1].(int64)
	var err error
	doc, _ := row[2].([]byte)
	if r.Values, err = decode(doc); err != nil {
		return nil, damagedRecord(r, err)
	}
	shadow, _ := row[3].([]byte)
	if r.Shadow, err = decode(shadow); err != nil {
		return nil, damagedRecord(r, err)
	}
	r.Principals = splitPrincipals(textOf(row[4]))
	r.CreatedAt, r.CreatedBy = timeOf(row[5]), value.ID(textOf(row[6]))
	r.UpdatedAt, r.UpdatedBy = timeOf(row[7]), value.ID(textOf(row[8]))
	r.DeletedAt, r.DeletedBy = timeOf(row[9]), value.ID(textOf(row[10]))
	return r, nil
}

func damagedRecord(r *value.Record, err error) error {
	return fault.New(fault.Internal, "store.corrupt").In("store.read").At(string(r.Form) + "/" + string(r.ID)).Because(err)
}

func textOf(v driver.Value) string {
	s, _ := v.(string)
	return s
}

func timeOf(v driver.Value) time.Time {
	if ms, ok := v.(int64); ok {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}

func millis(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func orNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// Principals are joined by line ends, which no id holds.
func joinPrincipals(list []string) driver.Value { return orNull(strings.Join(list, "\n")) }

func splitPrincipals(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func encodeOrNull(doc value.Doc) (driver.Value, error) {
	if len(doc) == 0 {
		return nil, nil
	}
	b, err := encode(doc)
	if err != nil {
		return nil, fault.New(fault.Internal, "internal").In("store.put").Because(err)
	}
	return b, nil
}
