package mongo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"tidewater/engine/text"
	"tidewater/engine/value"
)

// The members of a record's document. Those of a value are named by its field's key, so that a document can be read
// as it is; absent has no member.
const (
	atID         = "_id"
	atVersion    = "version"
	atLiving     = "living" // true, or absent in the recycle bin: every index of lists begins with it
	atCreatedAt  = "createdAt"
	atCreatedBy  = "createdBy"
	atUpdatedAt  = "updatedAt"
	atUpdatedBy  = "updatedBy"
	atDeletedAt  = "deletedAt"
	atDeletedBy  = "deletedBy"
	atPrincipals = "principals"
	atValues     = "values"
	atShadow     = "shadow"
	atTokens     = "tokens"
	atSummed     = "summed" // the sums that it has been added to, see sums.go
)

// twin begins the member that holds a text as search compares it, beside a text that is another: "contains" is
// asked of it. No field's key begins so.
const twin = "~"

// written is a record's document: the members that it has, in order, and those that it has not.
type written struct {
	has    bson.D
	absent bson.D
}

// write puts a record into a document, but for its tokens; twins are for those that lists find.
func write(r *value.Record, twins bool) (written, error) {
	w := written{has: bson.D{{Key: atVersion, Value: r.Version}}}
	add := func(key string, v any, there bool) {
		if there {
			w.has = append(w.has, bson.E{Key: key, Value: v})
		} else {
			w.absent = append(w.absent, bson.E{Key: key, Value: ""})
		}
	}
	add(atLiving, true, !r.Deleted())
	add(atCreatedAt, r.CreatedAt.UnixMilli(), !r.CreatedAt.IsZero())
	add(atCreatedBy, string(r.CreatedBy), r.CreatedBy != "")
	add(atUpdatedAt, r.UpdatedAt.UnixMilli(), !r.UpdatedAt.IsZero())
	add(atUpdatedBy, string(r.UpdatedBy), r.UpdatedBy != "")
	add(atDeletedAt, r.DeletedAt.UnixMilli(), !r.DeletedAt.IsZero())
	add(atDeletedBy, string(r.DeletedBy), r.DeletedBy != "")
	add(atPrincipals, r.Principals, len(r.Principals) > 0)
	values, err := encodeDoc(r.Values, twins)
	if err != nil {
		return w, err
	}
	shadow, err := encodeDoc(r.Shadow, false)
	add(atValues, values, len(r.Values) > 0)
	add(atShadow, shadow, len(r.Shadow) > 0)
	return w, err
}

// encodeDoc writes values as a document, their keys in order, with the twins of texts where these are wanted.
func encodeDoc(doc value.Doc, twins bool) (bson.Raw, error) {
	b, err := appendDoc(nil, doc, twins)
	return bson.Raw(b), err
}

func appendDoc(b []byte, doc value.Doc, twins bool) ([]byte, error) {
	start, b := bsoncore.AppendDocumentStart(b)
	var err error
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		if key == "" || strings.ContainsRune(key, 0) || twins && strings.HasPrefix(key, twin) {
			return nil, fmt.Errorf("%q is no key of a value", key)
		}
		if b, err = appendValue(b, key, doc[key], twins); err != nil {
			return nil, err
		}
		if !twins {
			continue
		}
		if folded, differs := folds(doc[key]); differs {
			if b, err = appendValue(b, twin+key, folded, false); err != nil {
				return nil, err
			}
		}
	}
	return bsoncore.AppendDocumentEnd(b, start)
}

// folds is a text, or a list of texts, as search compares it; differs is false where that is the same.
func folds(v value.Value) (folded value.Value, differs bool) {
	switch v := v.(type) {
	case string:
		f := text.Fold(v)
		return f, f != v
	case value.List:
		out := make(value.List, 0, len(v))
		for _, one := range v {
			s, ok := one.(string)
			if !ok {
				continue
			}
			f := text.Fold(s)
			out, differs = append(out, f), differs || f != s
		}
		return out, differs
	}
	return nil, false
}

func appendValue(b []byte, key string, v value.Value, twins bool) (_ []byte, err error) {
	switch v := v.(type) {
	case nil:
		return b, nil
	case string:
		return bsoncore.AppendStringElement(b, key, v), nil
	case int64:
		return bsoncore.AppendInt64Element(b, key, v), nil
	case bool:
		return bsoncore.AppendBooleanElement(b, key, v), nil
	case value.Doc:
		b = bsoncore.AppendHeader(b, bson.TypeEmbeddedDocument, key)
		return appendDoc(b, v, twins)
	case value.List:
		b = bsoncore.AppendHeader(b, bson.TypeArray, key)
		start, b := bsoncore.AppendArrayStart(b)
		for i, one := range v {
			if one == nil {
				return nil, errors.New("a list with nothing in it")
			}
			if b, err = appendValue(b, fmt.Sprint(i), one, twins); err != nil {
				return nil, err
			}
		}
		return bsoncore.AppendArrayEnd(b, start)
	}
	return nil, fmt.Errorf("a %T is no value", v)
}

// readRecord reads a record, its tokens too, which nobody outside is shown.
func readRecord(form value.FormKey, raw bson.Raw) (*value.Record, error) {
	r := &value.Record{Form: form}
	elements, err := raw.Elements()
	if err != nil {
		return nil, damaged(form, "", err)
	}
	for _, e := range elements {
		if err := readMember(r, e.Key(), e.Value()); err != nil {
			return nil, damaged(form, string(r.ID), err)
		}
	}
	return r, nil
}

func readMember(r *value.Record, key string, v bson.RawValue) (err error) {
	switch key {
	case atID:
		r.ID = value.ID(textOf(v))
	case atVersion:
		r.Version = intOf(v)
	case atCreatedAt:
		r.CreatedAt = timeOf(v)
	case atCreatedBy:
		r.CreatedBy = value.ID(textOf(v))
	case atUpdatedAt:
		r.UpdatedAt = timeOf(v)
	case atUpdatedBy:
		r.UpdatedBy = value.ID(textOf(v))
	case atDeletedAt:
		r.DeletedAt = timeOf(v)
	case atDeletedBy:
		r.DeletedBy = value.ID(textOf(v))
	case atPrincipals:
		r.Principals, err = textsOf(v)
	case atTokens:
		r.Tokens, err = ownTokens(v)
	case atValues:
		r.Values, err = docOf(v)
	case atShadow:
		r.Shadow, err = docOf(v)
	}
	return err
}

// decodeDoc reads a document of values; twins are left out.
func decodeDoc(raw bson.Raw) (value.Doc, error) {
	elements, err := raw.Elements()
	if err != nil {
		return nil, err
	}
	doc := make(value.Doc, len(elements))
	for _, e := range elements {
		if key := e.Key(); !strings.HasPrefix(key, twin) {
			if doc[key], err = decode(e.Value()); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
		}
	}
	return doc, nil
}

func decode(v bson.RawValue) (value.Value, error) {
	switch v.Type {
	case bson.TypeString:
		return v.StringValue(), nil
	case bson.TypeInt64:
		return v.Int64(), nil
	case bson.TypeInt32:
		return int64(v.Int32()), nil
	case bson.TypeBoolean:
		return v.Boolean(), nil
	case bson.TypeEmbeddedDocument:
		return decodeDoc(v.Document())
	case bson.TypeArray:
		values, err := v.Array().Values()
		if err != nil {
			return nil, err
		}
		list := make(value.List, len(values))
		for i, one := range values {
			if list[i], err = decode(one); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	return nil, fmt.Errorf("a value of the type %s", v.Type)
}

func docOf(v bson.RawValue) (value.Doc, error) {
	raw, ok := v.DocumentOK()
	if !ok {
		return nil, fmt.Errorf("a %s for a document", v.Type)
	}
	return decodeDoc(raw)
}

func textsOf(v bson.RawValue) ([]string, error) {
	list, ok := v.ArrayOK()
	if !ok {
		return nil, fmt.Errorf("a %s for a list", v.Type)
	}
	values, err := list.Values()
	if err != nil {
		return nil, err
	}
	out := make([]string, len(values))
	for i, one := range values {
		out[i] = textOf(one)
	}
	return out, nil
}

// ownTokens are the tokens that a record came with.
func ownTokens(v bson.RawValue) ([]string, error) {
	all, err := textsOf(v)
	own := make([]string, 0, len(all))
	for _, t := range all {
		if t, ok := unspell(t); ok {
			own = append(own, t)
		}
	}
	return own, err
}

func textOf(v bson.RawValue) string {
	s, _ := v.StringValueOK()
	return s
}

// intOf reads a whole number in whatever size a server has counted it.
func intOf(v bson.RawValue) int64 {
	n, _ := v.AsInt64OK()
	return n
}

func timeOf(v bson.RawValue) time.Time {
	if v.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(intOf(v)).UTC()
}
