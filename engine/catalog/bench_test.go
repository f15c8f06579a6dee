package catalog_test

import (
	"testing"

	"tidewater/engine/value"
)

// BenchmarkSave is the catalog's share of a save: decode, default, compute, validate, derive, encode.
func BenchmarkSave(b *testing.B) {
	form, snapshot := asset(b), people(b)
	raw := object(b, `{"name": "圆锯一号", "tier": "A", "checkedAt": "2026-03-31T20:00:00Z", "phone": "13812345678", "boughtOn": "2026-01-02",
		"place": "p1", "tags": ["new", "loud"], "rate": "12.5", "address": {"region": "310115", "detail": "世纪大道 1 号"},
		"lines": [{"item": "blade", "price": "9.80", "count": 3}, {"item": "belt", "price": "0.10", "count": 1}]}`)
	b.ReportAllocs()
	for b.Loop() {
		doc, issues := form.DecodeValues(raw)
		issues = append(issues, form.Defaults(doc, ctx())...)
		issues = append(issues, form.Compute(doc, ctx())...)
		issues = append(issues, form.Validate(doc, nil, ctx())...)
		r := &value.Record{ID: "a1", Form: "asset", Values: doc, CreatedAt: now, UpdatedAt: now, CreatedBy: "kim"}
		form.Derive(r, shanghai, snapshot)
		form.EncodeValues(doc)
		if len(issues) > 0 {
			b.Fatal(issues)
		}
	}
}

// BenchmarkEncode is the catalog's share of showing a record.
func BenchmarkEncode(b *testing.B) {
	form := asset(b)
	doc, _ := saved(b, form, `{"name": "圆锯一号", "tier": "B", "phone": "13812345678", "boughtOn": "2026-01-02", "place": "p1",
		"tags": ["new", "loud"], "rate": "12.5", "lines": [{"item": "blade", "price": "9.80", "count": 3}]}`)
	b.ReportAllocs()
	for b.Loop() {
		form.EncodeValues(doc)
	}
}
