package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// manifest names the documents of a bundle: path → hash of the content. Contents lie apart, each once
// however many versions have it.
type manifest map[string]string

// document is a content as it lies in the store under its hash.
type document struct {
	Content []byte `json:"content"`
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func manifestOf(files catalog.Bundle) manifest {
	m := make(manifest, len(files))
	for path, content := range files {
		m[path] = hashOf(content)
	}
	return m
}

// keepContents saves what the store has not yet. Contents that no version comes to name harm nobody.
func (s *Service) keepContents(ctx context.Context, files catalog.Bundle, had ...manifest) error {
	known := map[string]bool{}
	for _, m := range had {
		for _, hash := range m {
			known[hash] = true
		}
	}
	for _, content := range files {
		hash := hashOf(content)
		if known[hash] {
			continue
		}
		body, err := json.Marshal(document{content})
		if err != nil {
			return err
		}
		if err := s.Store.Save(ctx, documents, store.Item{Key: hash, Body: body}, store.AnyRevision); err != nil {
			return err
		}
		known[hash] = true
	}
	return nil
}

// content reads one document by its hash.
func (s *Service) content(ctx context.Context, path, hash string) ([]byte, error) {
	item, err := s.Store.Load(ctx, documents, hash)
	if err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(path).Because(err)
	}
	var d document
	if err := json.Unmarshal(item.Body, &d); err != nil || hashOf(d.Content) != hash {
		return nil, fault.New(fault.Internal, "store.corrupt").At(path).Because(err)
	}
	return d.Content, nil
}

// files reads all documents of a manifest.
func (s *Service) files(ctx context.Context, m manifest) (catalog.Bundle, error) {
	out := make(catalog.Bundle, len(m))
	for path, hash := range m {
		content, err := s.content(ctx, path, hash)
		if err != nil {
			return nil, err
		}
		out[path] = content
	}
	return out, nil
}

// shipped is an app as it came, for good: the same version never has other documents.
type shipped struct {
	Documents manifest `json:"documents"`
}

// keepShipped holds that nobody installs other files under a version that was installed before.
func (s *Service) keepShipped(ctx context.Context, key string, m manifest) error {
	item, err := s.Store.Load(ctx, apps, key)
	if fault.KindOf(err) == fault.NotFound {
		body, err := json.Marshal(shipped{m})
		if err != nil {
			return err
		}
		return s.Store.Save(ctx, apps, store.Item{Key: key, Body: body}, store.AnyRevision)
	}
	if err != nil {
		return err
	}
	var was shipped
	if err := json.Unmarshal(item.Body, &was); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(apps + "/" + key).Because(err)
	}
	if !maps.Equal(was.Documents, m) {
		return fault.New(fault.Conflict, "app.installed").With("app", key)
	}
	return nil
}
