package field

import (
	"slices"

	"tidewater/engine/meta"
)

// The names of the kinds.
const (
	Text        meta.FieldKind = "text"
	Multiline   meta.FieldKind = "multiline"
	Markdown    meta.FieldKind = "markdown"
	RichText    meta.FieldKind = "richtext"
	Number      meta.FieldKind = "number"
	Currency    meta.FieldKind = "currency"
	Percent     meta.FieldKind = "percent"
	Rating      meta.FieldKind = "rating"
	Boolean     meta.FieldKind = "boolean"
	Select      meta.FieldKind = "select"
	Multiselect meta.FieldKind = "multiselect"
	Cascade     meta.FieldKind = "cascade"
	Stage       meta.FieldKind = "stage"
	Tags        meta.FieldKind = "tags"
	Date        meta.FieldKind = "date"
	Datetime    meta.FieldKind = "datetime"
	DateRange   meta.FieldKind = "daterange"
	Time        meta.FieldKind = "time"
	Duration    meta.FieldKind = "duration"
	Phone       meta.FieldKind = "phone"
	Email       meta.FieldKind = "email"
	URL         meta.FieldKind = "url"
	IDCard      meta.FieldKind = "idcard"
	Member      meta.FieldKind = "member"
	Members     meta.FieldKind = "members"
	OrgUnit     meta.FieldKind = "orgunit"
	OrgUnits    meta.FieldKind = "orgunits"
	Zone        meta.FieldKind = "zone"
	Reference   meta.FieldKind = "reference"
	References  meta.FieldKind = "references"
	AnyRef      meta.FieldKind = "anyref"
	Mirror      meta.FieldKind = "mirror"
	Table       meta.FieldKind = "table"
	Formula     meta.FieldKind = "formula"
	Rollup      meta.FieldKind = "rollup"
	Autonumber  meta.FieldKind = "autonumber"
	Attachment  meta.FieldKind = "attachment"
	Image       meta.FieldKind = "image"
	Signature   meta.FieldKind = "signature"
	Region      meta.FieldKind = "region"
	Address     meta.FieldKind = "address"
	JSON        meta.FieldKind = "json"
)

// Kinds lists all there are, in the order a designer offers them.
func Kinds() []Kind {
	return []Kind{
		textKind(), multilineKind(), markdownKind(), richtextKind(), numberKind(), currencyKind(), percentKind(), ratingKind(), booleanKind(),
		selectKind(), multiselectKind(), cascadeKind(), stageKind(), tagsKind(),
		dateKind(), datetimeKind(), daterangeKind(), timeKind(), durationKind(), phoneKind(), emailKind(), urlKind(), idcardKind(),
		memberKind(), membersKind(), orgunitKind(), orgunitsKind(), zoneKind(),
		referenceKind(), referencesKind(), anyrefKind(), mirrorKind(), tableKind(),
		formulaKind(), rollupKind(), autonumberKind(),
		attachmentKind(), imageKind(), signatureKind(), regionKind(), addressKind(), jsonKind(),
	}
}

var kinds = Kinds()

// Of returns the kind with a name.
func Of(name meta.FieldKind) (Kind, bool) {
	at := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name() == name })
	if at < 0 {
		return nil, false
	}
	return kinds[at], true
}
