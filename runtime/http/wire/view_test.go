package wire_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
)

// anyValue is a value as records have them on the wire, and some as they never have.
func anyValue(depth int) *rapid.Generator[any] {
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"潮汐", `"\/`, "<a&b>", "\u2028\x00\x7f\n", "\xff", ""}))
	kinds := []*rapid.Generator[any]{
		rapid.Map(texts, func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil), rapid.Just[any](json.Number("12.50")), rapid.Just[any](1.5), rapid.Just[any]([]any(nil)),
		rapid.Just[any](map[string]any(nil)), rapid.Just[any]([]string{"a"}), rapid.Just[any](map[string]string{"a": "b"}),
	}
	if depth > 0 {
		kinds = append(kinds,
			rapid.Map(rapid.SliceOfN(anyValue(depth-1), 0, 3), func(l []any) any { return l }),
			rapid.Map(rapid.MapOfN(texts, anyValue(depth-1), 0, 3), func(m map[string]any) any { return m }))
	}
	return rapid.OneOf(kinds...)
}

func TestViewsAreWrittenAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyView(t)
		sameJSON(t, v)
		if text, err := wire.AppendViews([]byte("x"), []*record.View{v, v}); err != nil || !same(t, text[1:], []*record.View{v, v}) {
			t.Fatalf("a page: %s %v", text, err)
		}
	})
}

func anyView(t *rapid.T) *record.View {
	at := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "at")).UTC()
	v := &record.View{
		ID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", Form: "book", Version: rapid.Int64().Draw(t, "version"),
		Values:    rapid.MapOfN(rapid.String(), anyValue(2), 0, 5).Draw(t, "values"),
		CreatedAt: at, UpdatedAt: at.Add(time.Second), CreatedBy: record.Ref{ID: "kim", Title: rapid.String().Draw(t, "title")},
	}
	if rapid.Bool().Draw(t, "more") {
		v.Masked, v.DeletedAt = []string{"phone"}, &at
		if at := v.CreatedAt; rapid.Bool().Draw(t, "pooled") {
			v.Pool = &record.Custody{Key: rapid.String().Draw(t, "pool"), Since: at}
			if rapid.Bool().Draw(t, "locked") {
				v.Pool.LockedUntil, v.Pool.ReclaimAt = &at, &at
			}
		}
		v.Rights = record.Rights{Update: true, Delete: true, Actions: rapid.SliceOf(rapid.String()).Draw(t, "actions")}
	}
	return v
}

func sameJSON(t *rapid.T, v *record.View) {
	text, err := wire.AppendView(nil, v)
	if err != nil || !same(t, text, v) {
		want, _ := json.Marshal(v)
		t.Fatalf("%v\n%s\n%s", err, text, want)
	}
}

// same tells whether a text says what encoding/json says of a value.
func same(t *rapid.T, text []byte, v any) bool {
	want, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal(text, &a); err != nil {
		return false
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(a, b)
}

// TestNoFieldOfAViewIsForgotten fills every field there is, so that one that comes later is missed here.
func TestNoFieldOfAViewIsForgotten(t *testing.T) {
	v := &record.View{}
	fill(reflect.ValueOf(v).Elem())
	text, err := wire.AppendView(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != string(want) {
		t.Errorf("written %s, want %s", text, want)
	}
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.UnixMilli(1_700_000_000_123).UTC()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]any{"a": "b"}))
	case reflect.Interface:
		v.Set(reflect.ValueOf("value"))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(7)
	}
}

func TestAValueWithoutJSONIsAnError(t *testing.T) {
	v := &record.View{Values: map[string]any{"f": []any{map[string]any{"x": func() {}}}}}
	if _, err := wire.AppendViews(nil, []*record.View{v}); err == nil {
		t.Error("a function was written")
	}
}

func TestAPageIsWrittenAsJSON(t *testing.T) {
	view := &record.View{ID: "a", Form: "book", Rights: record.Rights{Actions: []string{}}}
	one, err := wire.AppendView(nil, view)
	if err != nil {
		t.Fatal(err)
	}
	for want, page := range map[string]wire.Page{
		`{"records":[]}`: {},
		`{"records":[` + string(one) + `],"next":"x\"y"}`:                       {Records: []*record.View{view}, Next: `x"y`},
		`{"records":[],"incomplete":true,"count":{"value":1000,"exact":false}}`: {Incomplete: true, Count: &wire.Count{Value: 1000}},
	} {
		if text, err := wire.AppendPage(nil, page); err != nil || string(text) != want {
			t.Errorf("%s %v, want %s", text, err, want)
		}
	}
}

// BenchmarkView is a record of 25 values as lists have them.
func BenchmarkView(b *testing.B) {
	v := &record.View{ID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", Form: "book", Version: 3, Values: map[string]any{}, Rights: record.Rights{Actions: []string{}}}
	for n := range 20 {
		v.Values["field"+string(rune('a'+n))] = "需要第 7 批样品，交付后再谈长期合同。"
	}
	for n := range 5 {
		v.Values["person"+string(rune('a'+n))] = map[string]any{"id": string(value.ID("01ARZ3NDEKTSV4RRFFQ69G5FAV")), "title": "王芳"}
	}
	b.Run("this", func(b *testing.B) {
		b.ReportAllocs()
		var to []byte
		for b.Loop() {
			to, _ = wire.AppendView(to[:0], v)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(v)
		}
	})
}
