package catalog

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Duplicate is a rule of a form by which one record is taken for another, compiled. Each record keeps, in one
// indexed list, a number for all that its rules hold together; records that may be one share a number, and Same
// looks at the values.
type Duplicate struct {
	Def    meta.Duplicate
	Fields []*Field
	Also   []DuplicateAlso
}

// DuplicateAlso is a rule of another form whose records count too.
type DuplicateAlso struct {
	Form *Form
	Rule *Duplicate
	Via  value.FieldKey // names the record that such a record speaks of; "": it speaks of itself
}

// Blocks tells whether nothing may be saved that has a duplicate by this rule.
func (d *Duplicate) Blocks() bool { return d.Def.Then == meta.DuplicateBlocks }

// Typed are the fields that decide what the rule compares: its own, and for one that is computed those that it
// is computed from.
func (d *Duplicate) Typed(form *Form) []value.FieldKey {
	var out []value.FieldKey
	var add func(f *Field)
	add = func(f *Field) {
		if f.compute == nil || slices.Contains(out, f.Key) {
			if !slices.Contains(out, f.Key) {
				out = append(out, f.Key)
			}
			return
		}
		for _, path := range f.compute.Reads() {
			if read, ok := form.Field(path.Field); ok && read != f {
				add(read)
			}
		}
	}
	for _, f := range d.Fields {
		add(f)
	}
	return out
}

// Value is what a record holds in the fields of the rule, spelling aside, as one text; "" where one is absent.
func (d *Duplicate) Value(values value.Doc) string { return strings.Join(d.parts(values), "\x00") }

// parts are what a record holds in the fields of the rule, spelling aside; nil where one is absent.
func (d *Duplicate) parts(values value.Doc) []string {
	out := make([]string, len(d.Fields))
	for n, f := range d.Fields {
		switch v := values[string(f.Key)].(type) {
		case nil:
			return nil
		case string:
			out[n] = strings.Join(strings.Fields(text.Fold(v)), " ")
		default:
			out[n] = fmt.Sprint(v)
		}
	}
	return out
}

// Same tells whether the values of two records, the second of which the rule Also names where it is of another
// form, are one by the rule, or near where the rule says so.
func (d *Duplicate) Same(mine value.Doc, other *Duplicate, theirs value.Doc) (same, near bool) {
	a, b := d.parts(mine), other.parts(theirs)
	if a == nil || b == nil {
		return false, false
	}
	if slices.Equal(a, b) {
		return true, false
	}
	near = d.Def.Near && other.Def.Near && text.Near(a[0], b[0])
	return near, near
}

// Keys are the numbers by which records are found that the rule may take for one with these values, among
// those of the rule itself or of another form's.
func (d *Duplicate) Keys(values value.Doc, among *Duplicate) value.List {
	parts := d.parts(values)
	if parts == nil {
		return nil
	}
	words := []string{strings.Join(parts, "\x00")}
	if d.Def.Near && among.Def.Near {
		if near := text.NearKeys(parts[0]); near != nil {
			words = near
		}
	}
	out := make(value.List, len(words))
	for n, word := range words {
		sum := sha256.Sum256([]byte(among.Def.Key + "\x00" + word))
		// 48 bits tell enough apart, for Same looks again, and stay short in a document.
		out[n] = int64(binary.BigEndian.Uint64(sum[:8]) >> 16)
	}
	return out
}

// duplicateKeys are the numbers of a record by all of its rules, each once and in order.
func (f *Form) duplicateKeys(values value.Doc) value.List {
	var keys []int64
	for _, d := range f.Duplicates {
		for _, key := range d.Keys(values, d) {
			keys = append(keys, key.(int64))
		}
	}
	slices.Sort(keys)
	var out value.List
	for _, key := range slices.Compact(keys) {
		out = append(out, key)
	}
	return out
}

// DuplicatesPath is where records keep the numbers of their duplicate rules.
const DuplicatesPath = value.FieldKey("~" + value.ShadowDuplicates)

// duplicates compiles the rules of each form, then what they say of each other.
func (c *compiler) duplicates() {
	for _, form := range c.sound() {
		for n, def := range form.Def.Duplicates {
			at := "/x-duplicates/" + strconv.Itoa(n)
			c.checkLabel(form.file, at+"/label", def.Label)
			if slices.ContainsFunc(form.Def.Duplicates[:n], func(d meta.Duplicate) bool { return d.Key == def.Key }) {
				c.say(form.file, at+"/key", fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": def.Key}})
			}
			if d := c.duplicate(form, at, def); d != nil {
				form.Duplicates = append(form.Duplicates, d)
			}
		}
	}
	for _, form := range c.sound() {
		for n, def := range form.Def.Duplicates {
			c.duplicateElsewhere(form, "/x-duplicates/"+strconv.Itoa(n)+"/also", def)
		}
	}
}

// duplicate compiles one rule; nil where its fields cannot be compared.
func (c *compiler) duplicate(form *Form, at string, def meta.Duplicate) *Duplicate {
	out := &Duplicate{Def: def}
	if len(def.Fields) == 0 {
		c.say(form.file, at+"/fields", fault.Issue{Code: "field.tooFew", Args: fault.Args{"min": 1}})
	}
	for n, key := range def.Fields {
		one, known := form.Field(key)
		path := at + "/fields/" + strconv.Itoa(n)
		switch {
		case !known:
			c.say(form.file, path, reference(string(key)))
		case one.Multi || one.Type == "":
			c.say(form.file, path, fault.Issue{Code: "meta.fieldOption", Args: fault.Args{"key": "x-duplicates", "kind": one.Def.Kind}})
		default:
			out.Fields = append(out.Fields, one)
		}
	}
	if then := []string{"", meta.DuplicateWarns, meta.DuplicateBlocks}; !slices.Contains(then, def.Then) {
		c.say(form.file, at+"/then", fault.Issue{Code: "meta.unsuited"})
	}
	if len(out.Fields) != len(def.Fields) || len(out.Fields) == 0 {
		return nil
	}
	if def.Near && (def.Then == meta.DuplicateBlocks || len(out.Fields) != 1 || out.Fields[0].Type != store.Text) {
		c.say(form.file, at+"/near", fault.Issue{Code: "duplicate.near"})
		return nil
	}
	return out
}

// duplicateElsewhere finds the rules of other forms that one of a form names.
func (c *compiler) duplicateElsewhere(form *Form, at string, def meta.Duplicate) {
	rule := form.duplicateRule(def.Key)
	for n, also := range def.Also {
		path := at + "/" + strconv.Itoa(n)
		other := c.forms[also.Form]
		if other == nil || other == form {
			c.say(form.file, path+"/form", reference(string(also.Form)))
			continue
		}
		found := other.duplicateRule(also.Rule)
		if found == nil || !alike(form, def.Fields, other, found.Def.Fields) {
			c.say(form.file, path+"/rule", reference(also.Rule))
			continue
		}
		if via, ok := other.Field(also.Via); also.Via != "" && (!ok || via.As.Ref != form.Key || via.Multi) {
			c.say(form.file, path+"/via", reference(string(also.Via)))
			continue
		}
		if rule != nil {
			rule.Also = append(rule.Also, DuplicateAlso{other, found, also.Via})
		}
	}
}

// alike tells whether fields of two forms can hold the same: of one type, and asked for alike where they are masked.
func alike(form *Form, fields []value.FieldKey, other *Form, theirs []value.FieldKey) bool {
	return slices.EqualFunc(fields, theirs, func(mine, their value.FieldKey) bool {
		a, known := form.Field(mine)
		b, there := other.Field(their)
		return !known || there && a.Type == b.Type && (a.Def.Lookup || !b.Def.Lookup)
	})
}

func (f *Form) duplicateRule(key string) *Duplicate {
	at := slices.IndexFunc(f.Duplicates, func(d *Duplicate) bool { return d.Def.Key == key })
	if at < 0 {
		return nil
	}
	return f.Duplicates[at]
}
