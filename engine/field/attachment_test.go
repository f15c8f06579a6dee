package field

import (
	"testing"

	"tidewater/engine/meta"
)

func TestWhatAFileFieldTakes(t *testing.T) {
	scans := meta.Field{Kind: Attachment, Accept: []string{"application/pdf", "image/*"}, MaxSize: 2048}
	cases := []struct {
		def       meta.Field
		mediaType string
		size      int64
		code      string
	}{
		{meta.Field{Kind: Attachment}, "text/html", 1 << 40, ""},
		{meta.Field{Kind: Image}, "image/webp", 1, ""},
		{meta.Field{Kind: Image}, "image/svg+xml", 1, "field.fileType"},
		{meta.Field{Kind: Image}, "text/html", 1, "field.fileType"},
		{meta.Field{Kind: Image, Accept: []string{"image/tiff"}}, "image/png", 1, "field.fileType"},
		{scans, "application/pdf", 2048, ""},
		{scans, "application/pdf", 2049, "field.fileSize"},
		{scans, "image/heic", 1, ""},
		{scans, "imagery/heic", 1, "field.fileType"},
		{scans, "application/pdfx", 1, "field.fileType"},
	}
	for _, c := range cases {
		kind, as := valuedOf(t, &c.def)
		why, refused := kind.(Filer).Refuses(as, c.mediaType, c.size)
		if why.Code != c.code || refused != (c.code != "") {
			t.Errorf("%s of %s, %d bytes: %v, want %q", c.def.Kind, c.mediaType, c.size, why, c.code)
		}
	}
}

func TestFileFieldsAreChecked(t *testing.T) {
	for _, bad := range []meta.Field{
		{Kind: Attachment, MaxSize: -1}, {Kind: Attachment, Accept: []string{"pdf"}}, {Kind: Image, Accept: []string{"*/*"}},
		{Kind: Image, Accept: []string{"image/png; x"}}, {Kind: Text, MaxSize: 1}, {Kind: Attachment, Default: "1"},
	} {
		kind, _ := Of(bad.Kind)
		if issues := kind.Check(&bad); len(issues) != 1 || issues[0].Code != "meta.fieldOption" {
			t.Errorf("%+v: %v", bad, issues)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1 KB", 1536: "1536 B", 20 << 20: "20 MB", 3 << 30: "3 GB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
