package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Upkeep is a document some of whose values named people change without a publication of theirs.
type Upkeep struct {
	File string // of the bundle
	Kind string // table or pool
	Key  string
	Who  []meta.Who
	// Scope says what Cell.Of names: "zone", "unit", or "" where a cell is everybody's of Who.
	Scope string
	Cells []UpkeepCell
	// Logic tells what the document says beside these values and what only people read from anything else.
	Logic string
	// Table or Pool is the document.
	Table *meta.Table
	Pool  *Pool
}

// UpkeepCell is one value that may change.
type UpkeepCell struct {
	Path string // a JSON Pointer into the document
	Row  int    // of a table, from 0
	// Output tells a table's output, which is a value, from the condition of an input.
	Output bool
	Of     []string // keys of zones or ids of units whose row it is
}

// What is kept up, as Upkeep.Kind says it.
const (
	UpkeepTable = "table"
	UpkeepPool  = "pool"
)

// Upkept returns the document of a kind and key that people keep up; false for one that nobody does.
func (c *Catalog) Upkept(kind, key string) (*Upkeep, bool) {
	at := slices.IndexFunc(c.Upkeep, func(u *Upkeep) bool { return u.Kind == kind && u.Key == key })
	if at < 0 {
		return nil, false
	}
	return c.Upkeep[at], true
}

// Cell returns the value at a place.
func (u *Upkeep) Cell(path string) (UpkeepCell, bool) {
	at := slices.IndexFunc(u.Cells, func(c UpkeepCell) bool { return c.Path == path })
	if at < 0 {
		return UpkeepCell{}, false
	}
	return u.Cells[at], true
}

// Depending lists the forms whose records it decides something of, by key.
func (c *Catalog) Depending(u *Upkeep) []value.FormKey {
	var out []value.FormKey
	for _, key := range sortedKeys(c.Forms) {
		form := c.Forms[key]
		if u.Kind == UpkeepPool && slices.ContainsFunc(form.Pools, func(p *Pool) bool { return p.Def.Key == u.Key }) ||
			u.Kind == UpkeepTable && form.asks(u.Key) {
			out = append(out, key)
		}
	}
	return out
}

// asks tells whether an expression of the form, or of one of its pools, calls a table.
func (f *Form) asks(table string) bool {
	programs := f.programsOfPools()
	for _, one := range f.Written() {
		programs = append(programs, one.Program)
	}
	for _, program := range programs {
		if program != nil && slices.Contains(program.Calls(), table) {
			return true
		}
	}
	return false
}

// checkUpkeep checks who keeps tables and pools up, and what.
func (c *compiler) checkUpkeep() {
	for _, path := range sortedKeys(c.decisions) {
		if def := c.decisions[path]; def.Maintained != nil {
			c.catalog.Upkeep = append(c.catalog.Upkeep, c.tableUpkeep(path, def))
		}
	}
	for _, path := range sortedKeys(c.pools) {
		if def := c.pools[path]; def.Maintained != nil {
			c.catalog.Upkeep = append(c.catalog.Upkeep, c.poolUpkeep(path, def))
		}
	}
}

func (c *compiler) tableUpkeep(path string, def meta.Table) *Upkeep {
	u := &Upkeep{File: path, Kind: UpkeepTable, Key: def.Key, Who: def.Maintained.Who, Table: &def}
	s := sheet{compiler: c, file: path}
	s.keepers(def.Maintained.Who, "")
	input := func(key value.FieldKey) bool {
		return slices.ContainsFunc(def.Inputs, func(in meta.TableInput) bool { return in.Key == key })
	}
	output := func(key value.FieldKey) bool {
		return slices.ContainsFunc(def.Outputs, func(out meta.TableOutput) bool { return out.Key == key })
	}
	var seen []string
	for n, key := range def.Maintained.Columns {
		at := "/maintained/columns/" + strconv.Itoa(n)
		s.unique(at, string(key), &seen)
		switch {
		case !input(key) && !output(key):
			s.fault(at, reference(string(key)))
		case def.Maintained.Scope != nil && key == def.Maintained.Scope.Input:
			s.unsuited(at) // whoever could change it could take another's row
		}
	}
	if scope := def.Maintained.Scope; scope != nil {
		u.Scope = scope.Of
		at := slices.IndexFunc(def.Inputs, func(in meta.TableInput) bool { return in.Key == scope.Input })
		if at < 0 || def.Inputs[at].Type != "text" && def.Inputs[at].Type != "option" {
			s.fault("/maintained/scope/input", reference(string(scope.Input)))
		}
	}
	for n, row := range def.Rows {
		var of []string
		if scope := def.Maintained.Scope; scope != nil {
			of = textsIn(row.When[scope.Input])
		}
		for _, key := range def.Maintained.Columns {
			at := "/rows/" + strconv.Itoa(n)
			if _, states := row.When[key]; states && input(key) {
				u.Cells = append(u.Cells, UpkeepCell{Path: at + "/when/" + fault.Escape(string(key)), Row: n, Of: of})
			}
			if _, states := row.Then[key]; states && output(key) {
				u.Cells = append(u.Cells, UpkeepCell{Path: at + "/then/" + fault.Escape(string(key)), Row: n, Output: true, Of: of})
			}
		}
	}
	u.Logic = logicOf(plainTable(def), u.Cells)
	s.pinned(def)
	return u
}

// pinned warns of cases that hold a value to be one and no other which people are to change: they would refuse
// every change of it.
func (s sheet) pinned(def meta.Table) {
	file := "tables/" + def.Key + ".test.json"
	for n, one := range s.tests[file].Cases {
		result, _ := one.Expect.Result.(map[string]any)
		for _, key := range def.Maintained.Columns {
			want, named := result[string(key)]
			if _, isRange := want.(map[string]any); named && !isRange {
				s.warn(file, "/cases/"+strconv.Itoa(n)+"/expect/result/"+fault.Escape(string(key)), fault.Issue{Code: "upkeep.pinned"})
			}
		}
	}
}

// plainTable is a table without what only people read.
func plainTable(def meta.Table) meta.Table {
	def.Label, def.Description = nil, nil
	def.Inputs, def.Outputs, def.Rows = slices.Clone(def.Inputs), slices.Clone(def.Outputs), slices.Clone(def.Rows)
	for n := range def.Inputs {
		def.Inputs[n].Label = nil
	}
	for n := range def.Outputs {
		def.Outputs[n].Label = nil
	}
	for n := range def.Rows {
		def.Rows[n].Note = nil
	}
	if def.Amount != nil {
		amount := *def.Amount
		amount.Label, def.Amount = nil, &amount
	}
	return def
}

// textsIn are the texts of a condition that is one, or a list of them; none for any other.
func textsIn(cell json.RawMessage) []string {
	var one string
	if json.Unmarshal(cell, &one) == nil && one != "" {
		return []string{one}
	}
	var list []string
	if json.Unmarshal(cell, &list) == nil {
		return list
	}
	return nil
}

func (c *compiler) poolUpkeep(path string, def meta.Pool) *Upkeep {
	u := &Upkeep{File: path, Kind: UpkeepPool, Key: def.Key, Who: def.Maintained.Who}
	s := sheet{compiler: c, file: path}
	s.keepers(def.Maintained.Who, def.Form)
	if form := c.forms[def.Form]; form != nil {
		u.Pool, _ = form.Pool(def.Key)
	}
	tree, ok := treeOfDef(def)
	var seen []string
	for n, pointer := range def.Maintained.Numbers {
		at := "/maintained/numbers/" + strconv.Itoa(n)
		numbers := numbersAt(tree, pointer)
		if !ok || len(numbers) == 0 {
			s.fault(at, fault.Issue{Code: "upkeep.noNumber", Args: fault.Args{"path": pointer}})
		}
		for _, place := range numbers {
			s.unique(at, place, &seen)
			u.Cells = append(u.Cells, UpkeepCell{Path: place, Output: true})
		}
	}
	def.Label, def.Description, def.Reclaim = nil, nil, slices.Clone(def.Reclaim)
	for n := range def.Reclaim {
		def.Reclaim[n].Label = nil
	}
	u.Logic = logicOf(def, u.Cells)
	return u
}

// numbersAt are the places of the number at a pointer, or of the numbers in the object there; none where
// anything else stands.
func numbersAt(tree any, pointer string) []string {
	switch v := valueAt(tree, pointer).(type) {
	case json.Number:
		return []string{pointer}
	case map[string]any:
		var out []string
		for _, key := range sortedKeys(v) {
			if _, isNumber := v[key].(json.Number); !isNumber {
				return nil
			}
			out = append(out, pointer+"/"+fault.Escape(key))
		}
		return out
	}
	return nil
}

// keepers checks who keeps a document up: beside a record nobody is its owner, and a role that is named must
// be able to read something, of the form where there is one.
func (s sheet) keepers(list []meta.Who, form value.FormKey) {
	s.people("/maintained/who", list)
	for n, who := range list {
		at := "/maintained/who/" + strconv.Itoa(n)
		for _, name := range who.Names() {
			kind, key, _ := strings.Cut(name, ":")
			if kind == "owner" || kind == "manager" || kind == "initiator" {
				s.fault(at, fault.Issue{Code: "upkeep.ofNoRecord", Args: fault.Args{"who": name}})
			}
			role, known := s.roles["roles/"+key+".json"]
			if kind == "role" && known && !readsAny(role, form) {
				s.fault(at, fault.Issue{Code: "upkeep.readsNothing", Args: fault.Args{"role": role.Label}})
			}
		}
	}
}

// readsAny tells whether a role reads records of a form, or with "" of any.
func readsAny(role meta.Role, form value.FormKey) bool {
	for key, rights := range role.Forms {
		if (form == "" || form == key) && rights.Read.Scope != "" && rights.Read.Scope != meta.ScopeNone {
			return true
		}
	}
	return false
}

// logicOf is a digest of a document without some of its values.
func logicOf(def any, without []UpkeepCell) string {
	tree, ok := treeOfDef(def)
	if !ok {
		return ""
	}
	for _, cell := range without {
		above := cell.Path[:strings.LastIndex(cell.Path, "/")]
		if object, isObject := valueAt(tree, above).(map[string]any); isObject {
			object[fault.Unescape(cell.Path[len(above)+1:])] = nil
		}
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return "" // it came from JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// treeOfDef is a document as JSON has it.
func treeOfDef(def any) (any, bool) {
	text, err := json.Marshal(def)
	if err != nil {
		return nil, false // structs of texts and numbers always marshal
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var tree any
	return tree, in.Decode(&tree) == nil
}
