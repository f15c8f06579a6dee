package record

import (
	"context"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Files may go with what people say of a record: whoever may read the record may read them.

// talkField stands where a file belongs to a comment and no field; no form can have it.
const talkField value.FieldKey = "$comment"

// TalkHolder is what holds the files of a comment.
func TalkHolder(at Name, comment string) store.Holder {
	return store.Holder{Form: at.Form, Record: at.ID, Field: query.Path{Field: talkField, Sub: value.FieldKey(comment)}}
}

// FilesToTalk are those of some files that the actor may put to what they say, each once, in their order.
func (s *Service) FilesToTalk(ctx context.Context, actor value.Actor, ids []value.ID) ([]store.File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	v := s.visit(actor)
	found, err := v.files(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []store.File
	for _, id := range ids {
		if f, known := found[id]; known && v.owns(f) && !f.Passing {
			out = append(out, f)
			delete(found, id)
		}
	}
	return out, nil
}

// Moderates tells whether an actor may take away what others have said of a record. Faults: those of the store.
func (s *Service) Moderates(ctx context.Context, actor value.Actor, at Name) (bool, error) {
	v := s.visit(actor)
	form, r, err := v.read(ctx, at.Form, at.ID)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return v.decision(form).Moderates(r), nil
}
