package record_test

import (
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func TestBatchSentAgain(t *testing.T) {
	w := newWorld(t)
	once := &record.Once{Key: "k", Route: "POST batch", Hash: []byte("h")}
	ops := []record.Operation{
		{Op: "create", Values: map[string]any{"title": "a"}},
		{Op: "create", Values: map[string]any{"title": 7}},
		{Op: "explode"},
	}
	first, err := w.Batch(t.Context(), w.kim, "book", ops, false, once)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Batch(t.Context(), w.kim, "book", ops, false, once)
	if err != nil || again[0].View == nil || again[0].View.ID != first[0].View.ID {
		t.Fatalf("sent again: %v %v", again, err)
	}
	if fault.KindOf(again[1].Err) != fault.Invalid || fault.CodeOf(again[2].Err) != "batch.unknownOp" {
		t.Errorf("faults: %v, %v", again[1].Err, again[2].Err)
	}
	if _, err := w.Batch(t.Context(), w.kim, "book", ops, true, nil); fault.CodeOf(err) == "" {
		t.Error("an atomic batch with a wrong item was carried out")
	}
	page, err := w.List(t.Context(), w.kim, record.ListRequest{Form: "book", Count: "exact"})
	if err != nil || page.Count.Value != 1 {
		t.Fatalf("books: %v %v", page, err)
	}
	if none, err := w.Batch(t.Context(), w.kim, "book", nil, true, nil); err != nil || len(none) != 0 {
		t.Errorf("an empty batch: %v %v", none, err)
	}
}

func TestADeletionInABatchSentAgain(t *testing.T) {
	w := newWorld(t)
	once := &record.Once{Key: "k", Route: "POST batch", Hash: []byte("h")}
	book := w.create(w.kim, "book", `{"title": "t"}`)
	ops := []record.Operation{{Op: "delete", ID: book.ID, Version: 1}}
	for range 2 {
		if results, err := w.Batch(t.Context(), w.kim, "book", ops, false, once); err != nil || results[0].Err != nil {
			t.Fatal(results, err)
		}
	}
}

func TestAFormWithoutAnyRightDoesNotExist(t *testing.T) {
	w := newWorld(t)
	nobody := value.Actor{User: "nobody"}
	_, hidden := w.List(t.Context(), nobody, record.ListRequest{Form: "book"})
	_, missing := w.List(t.Context(), nobody, record.ListRequest{Form: "nothing"})
	if fault.CodeOf(hidden) != fault.CodeOf(missing) || fault.KindOf(hidden) != fault.NotFound {
		t.Errorf("hidden %v, missing %v", hidden, missing)
	}
}
