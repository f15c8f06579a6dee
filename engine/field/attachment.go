package field

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// filesField holds the ids of files. On the wire it reads as {"id": …}, to which package record adds name,
// size and type; it is written as ids or as such objects. That a file exists, is the writer's and is what
// the field takes (Refuses) is checked by package record.
type filesField struct {
	spec
	accept []string // where the definition states none
}

var filed = words(counts, []string{"x-maxSize", "x-accept", "readOnly", "x-readOnlyIf"})

func attachmentKind() Kind { return filesField{spec: spec{Attachment, []string{"array"}, filed}} }

var mediaType = regexp.MustCompile(`^[a-z]+/([a-z0-9][a-z0-9.+-]*|\*)$`)

func (k filesField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if def.MaxSize < 0 {
		issues.Add("/x-maxSize", "meta.fieldOption", "key", "x-maxSize", "kind", def.Kind)
	}
	for n, accepted := range def.Accept {
		if !mediaType.MatchString(accepted) {
			issues.Add("/x-accept/"+strconv.Itoa(n), "meta.fieldOption", "key", accepted, "kind", def.Kind)
		}
	}
	return issues
}

func (k filesField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	return decodeMany(raw, decodeID)
}

func (k filesField) Encode(_ *meta.Field, v value.Value) any { return encodeMany(v, encodeID) }

func (k filesField) JSONSchema(def *meta.Field) map[string]any { return manySchema(def, fileSchema()) }

func fileSchema() map[string]any {
	schema := idSchema()
	properties, _ := schema["properties"].(map[string]any)
	delete(properties, "title")
	text := map[string]any{"type": "string", "readOnly": true}
	properties["name"], properties["type"] = text, text
	properties["size"] = map[string]any{"type": "integer", "readOnly": true}
	return schema
}

func (k filesField) Shape(*meta.Field) Shape {
	return Shape{Type: store.Text, Multi: true, Ops: presence}
}

// Filer is a kind whose values are files.
type Filer interface {
	// Refuses says why a file of that media type and that many bytes cannot be in the field.
	Refuses(def *meta.Field, mediaType string, size int64) (why fault.Issue, refused bool)
}

// Refuses implements Filer.
func (k filesField) Refuses(def *meta.Field, mediaType string, size int64) (fault.Issue, bool) {
	accept := def.Accept
	if len(accept) == 0 {
		accept = k.accept
	}
	fits := func(accepted string) bool {
		family, whole := strings.CutSuffix(accepted, "*")
		return accepted == mediaType || whole && strings.HasPrefix(mediaType, family)
	}
	switch {
	case len(accept) > 0 && !slices.ContainsFunc(accept, fits):
		return fault.Issue{Code: "field.fileType", Args: fault.Args{"type": mediaType, "accept": strings.Join(accept, ", ")}}, true
	case def.MaxSize > 0 && size > int64(def.MaxSize):
		return fault.Issue{Code: "field.fileSize", Args: fault.Args{"max": Bytes(int64(def.MaxSize))}}, true
	}
	return fault.Issue{}, false
}

// Bytes writes an amount of bytes as people read it, in the largest unit that keeps it whole: "20 MB".
func Bytes(n int64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	at := 0
	for at < len(units)-1 && n >= 1024 && n%1024 == 0 {
		n /= 1024
		at++
	}
	return strconv.FormatInt(n, 10) + " " + units[at]
}
