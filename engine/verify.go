package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tidewater/engine/store"
)

// verifiedAtOnce is how many side documents are read together.
const verifiedAtOnce = 500

// Verify recomputes what can be computed anew: all that record.Service.Verify looks at, and the mentions against the
// comments. It returns each difference in words; none means that all is well. Where others are at work,
// do so by record.VerifyBeside.
func (e *Engine) Verify(ctx context.Context) ([]string, error) {
	found, err := e.Records.Verify(ctx)
	if err != nil {
		return nil, err
	}
	wrong, err := e.verifyMentions(ctx)
	return append(found, wrong...), err
}

// verifyMentions holds that whoever a comment mentions finds it among their mentions, and nothing else there. Of
// comments that FillMentions has yet to look at nobody needs to.
func (e *Engine) verifyMentions(ctx context.Context) ([]string, error) {
	filling, _, err := e.filling(ctx)
	if err != nil {
		return nil, err
	}
	wanted, owed := map[string]keptMention{}, map[string]bool{}
	err = e.eachItem(ctx, comments, func(item store.Item) error {
		at, id, kept, err := readComment(item)
		for _, user := range kept.mentioned() {
			key := mentionKey(user, id)
			wanted[key] = keptMention{Form: at.Form, Record: at.ID}
			owed[key] = filling.Done || item.Key <= filling.After
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var found []string
	err = e.eachItem(ctx, mentioned, func(item store.Item) error {
		var kept keptMention
		if err := readItem(mentioned, item, &kept); err != nil {
			return err
		}
		want, known := wanted[item.Key]
		switch {
		case !known:
			found = append(found, fmt.Sprintf("mention %s: no comment mentions them so", item.Key))
		case kept.Form != want.Form || kept.Record != want.Record:
			found = append(found, fmt.Sprintf("mention %s: it is said to be of %s %s, its comment is of %s %s",
				item.Key, kept.Form, kept.Record, want.Form, want.Record))
		}
		delete(owed, item.Key)
		return nil
	})
	for _, key := range slices.Sorted(maps.Keys(owed)) {
		if owed[key] {
			found = append(found, fmt.Sprintf("mention %s: a comment of %s %s mentions them, and they do not find it",
				key, wanted[key].Form, wanted[key].Record))
		}
	}
	return found, err
}

// eachItem visits the side documents of a collection, page by page.
func (e *Engine) eachItem(ctx context.Context, collection string, visit func(store.Item) error) error {
	for after := ""; ; {
		items, err := e.config.Store.Scan(ctx, collection, "", after, verifiedAtOnce)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := visit(item); err != nil {
				return err
			}
		}
		if len(items) < verifiedAtOnce {
			return nil
		}
		after = items[len(items)-1].Key
	}
}
