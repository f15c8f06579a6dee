package explain

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"tidewater/engine/fault"
)

// What is stored is what json.Marshal writes, whatever a tree holds: fields that are added later too, for the trees are
// filled by what the types have.
func TestStoresWhatMarshalWrites(t *testing.T) {
	const seed, trees = 20261128, 2000
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be had again
	for range trees {
		root := new(Node)
		fill(random, reflect.ValueOf(root).Elem(), 3)
		want, err := json.Marshal(struct {
			Format int   `json:"format"`
			Root   *Node `json:"root"`
		}{format, root})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Store(root)
		if err != nil || len(want) <= MaxStored && string(got) != string(want) {
			t.Fatalf("%v\ngot  %s\nwant %s", err, got, want)
		}
	}
}

var texts = []string{"a", "应回收", "“quoted” — …", `"\`, "<b>&", "line\nbreak\u2028", "\xff", "😀", " "}

var values = []any{"1.5", true, false, []any{"a", nil}, map[string]any{"b": "1", "a": "2"}, nil, "<"}

// fill gives about half of all fields something.
func fill(random *rand.Rand, v reflect.Value, depth int) {
	switch {
	case random.IntN(2) == 0:
	case v.Type() == reflect.TypeFor[fault.Args]():
		v.Set(reflect.ValueOf(fault.Args{"name": texts[random.IntN(len(texts))], "count": int64(random.IntN(3))}))
	case v.Kind() == reflect.String:
		v.SetString(texts[random.IntN(len(texts))])
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(random.Int64N(1 << 40))
	case v.Kind() == reflect.Interface:
		if one := values[random.IntN(len(values))]; one != nil {
			v.Set(reflect.ValueOf(one))
		}
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range random.IntN(4) {
			v.SetMapIndex(reflect.ValueOf(texts[random.IntN(len(texts))]), reflect.ValueOf(texts[random.IntN(len(texts))]))
		}
	case depth == 0:
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(random, v.Elem(), depth-1)
	case v.Kind() == reflect.Slice:
		for range random.IntN(3) {
			one := reflect.New(v.Type().Elem()).Elem()
			fill(random, one, depth)
			v.Set(reflect.Append(v, one))
		}
	}
	if v.Kind() == reflect.Struct {
		for n := range v.NumField() {
			fill(random, v.Field(n), depth)
		}
	}
}
