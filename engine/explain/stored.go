package explain

import (
	"bytes"
	"encoding/json"
	"strconv"

	"tidewater/engine/fault"
)

// MaxStored bounds an explanation at rest, in bytes.
const MaxStored = 32 << 10

// format is what Store writes; a reader of a later one reads this too.
const format = 1

// stored is an explanation at rest. It stands for itself: labels, sources and values are those of when it
// was made, so that it can be read when the metadata of then are gone.
type stored struct {
	Format int   `json:"format"`
	Root   *Node `json:"root"`
}

// Store writes an explanation as JSON of at most MaxStored bytes. What does not fit is left out, the deepest
// first, and its parents are marked Cut.
func Store(root *Node) ([]byte, error) {
	for depth := maxDepth; ; depth-- {
		e := encoder{b: make([]byte, 0, 4<<10)}
		e.b = append(strconv.AppendInt(append(e.b, `{"format":`...), format, 10), `,"root":`...)
		e.node(root, depth)
		e.b = append(e.b, '}')
		switch {
		case e.err != nil:
			return nil, fault.Wrap("explain.store", e.err)
		case len(e.b) <= MaxStored:
			return e.b, nil
		case depth == 0:
			return nil, fault.New(fault.TooLarge, "explain.tooLarge").In("explain.store").With("max", MaxStored)
		}
	}
}

// maxDepth is how deep what is stored can be. Rules are less deep; an explanation goes through some of them.
const maxDepth = 64

// Load reads what Store wrote. Faults: Internal "store.corrupt".
func Load(body []byte) (*Node, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	var s stored
	err := decoder.Decode(&s)
	if err != nil || s.Format != format || !sound(s.Root, maxDepth) {
		return nil, fault.New(fault.Internal, "store.corrupt").In("explain.load").Because(err)
	}
	return s.Root, nil
}

// settled gives an arg the type it had: labels are objects of texts.
func settled(arg any) any {
	object, ok := arg.(map[string]any)
	if !ok {
		return arg
	}
	texts := make(map[string]string, len(object))
	for locale, text := range object {
		texts[locale], _ = text.(string)
	}
	return texts
}

// sound tells whether a tree is one that can be drawn, and gives its args the types they had.
func sound(n *Node, depth int) bool {
	if n == nil || depth < 0 || (n.Kind == Field || n.Kind == Record || n.Kind == Actor) && n.Ref == nil || n.Kind == Rule && n.Rule == nil {
		return false
	}
	for name, arg := range n.Args {
		n.Args[name] = settled(arg)
	}
	kids := n.Kids
	if n.Rule != nil {
		kids = append(kids[:len(kids):len(kids)], n.Rule.Inputs...)
	}
	for _, kid := range kids {
		if !sound(kid, depth-1) {
			return false
		}
	}
	return true
}
