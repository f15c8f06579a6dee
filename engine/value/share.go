package value

// SysShares is the field, among the values of a record, that keeps with whom it is shared: a list of documents, in the
// order in which they were made. Every form's records may have it; nobody sets it but the actions of sharing, and no
// form may define a field with such a key. The parts of a document are named below; filters made by access use them.
const SysShares FieldKey = "shares"

// The parts of a share as it is kept.
const (
	ShareWith  FieldKey = "with"  // "user:<id>" or "unit:<id>"
	ShareHow   FieldKey = "how"   // a Sharing
	ShareUntil FieldKey = "until" // epoch milliseconds: from then on it is none; absent: it has no end
	shareBy    FieldKey = "by"
	shareAt    FieldKey = "at"
)

// Sharing is what a share lets do.
type Sharing string

const (
	ShareRead  Sharing = "read"  // to read the record
	ShareWrite Sharing = "write" // and to change it, as far as the reader's own roles let change any
	ShareTeam  Sharing = "team"  // the same, as somebody who works on it: a collaborator
)

// Share is a record shared with somebody.
type Share struct {
	With  string // "user:<id>" or "unit:<id>": the people of the unit and of all below it, and who leads one of these
	How   Sharing
	Until int64 // epoch milliseconds, the first at which it is none; 0: it has no end
	By    ID    // who shared it
	At    int64 // when; epoch milliseconds
}

// Ended tells whether a share is none any more.
func (s Share) Ended(now int64) bool { return s.Until != 0 && s.Until <= now }

// Shares are those that a record keeps, ended ones too until they are swept away.
func (d Doc) Shares() []Share {
	list, _ := d[string(SysShares)].(List)
	out := make([]Share, 0, len(list))
	for _, one := range list {
		doc, ok := one.(Doc)
		if !ok {
			continue
		}
		out = append(out, Share{
			With: doc.Text(ShareWith), How: Sharing(doc.Text(ShareHow)), Until: doc.At(ShareUntil), By: ID(doc.Text(shareBy)), At: doc.At(shareAt),
		})
	}
	return out
}

// PutShares keeps these instead of those that there are.
func (d Doc) PutShares(all []Share) {
	if len(all) == 0 {
		delete(d, string(SysShares))
		return
	}
	list := make(List, len(all))
	for n, s := range all {
		doc := Doc{}
		doc.Put(ShareWith, s.With)
		doc.Put(ShareHow, string(s.How))
		doc.Put(ShareUntil, s.Until)
		doc.Put(shareBy, string(s.By))
		doc.Put(shareAt, s.At)
		list[n] = doc
	}
	d[string(SysShares)] = list
}
