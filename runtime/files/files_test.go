package files_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
	"tidewater/runtime/files"

	"github.com/oklog/ulid/v2"
)

var (
	start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	anna  = value.Actor{User: "anna"}
	berta = value.Actor{User: "berta"}
)

// newDoor returns the records of an empty tenant.
func newDoor(t testing.TB) *record.Service {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "t")
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	people, err := org.NewSnapshot(1, nil, nil, nil)
	must(t, err)
	e, err := engine.Open(t.Context(), engine.Config{
		Store: s, Org: func() *org.Snapshot { return people }, Clock: func() time.Time { return start },
		NewID: func() value.ID { return value.ID(ulid.Make().String()) }, Zone: time.UTC,
	})
	must(t, err)
	return e.Records
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// wantNothing holds that a tenant keeps no file, nor any piece of one.
func wantNothing(t *testing.T, door *record.Service) {
	t.Helper()
	used, err := door.Store.FileUsage(t.Context())
	must(t, err)
	left, err := door.Store.Sweep(t.Context(), start.Add(1000*time.Hour))
	must(t, err)
	if used != (store.Usage{}) || left != 0 {
		t.Errorf("kept: %+v, swept afterwards: %d", used, left)
	}
}

func upload(name, said string, data []byte) files.Upload {
	return files.Upload{Name: name, Said: said, Size: int64(len(data)), Body: bytes.NewReader(data)}
}

func take(t *testing.T, s *files.Service, door *record.Service, data []byte) store.File {
	t.Helper()
	f, err := s.Take(t.Context(), door, anna, upload("f", "", data))
	must(t, err)
	return f
}

func TestAFileComesOutAsItWentIn(t *testing.T) {
	door, s := newDoor(t), files.New(files.Limits{})
	for _, size := range []int{1, store.PieceSize - 1, store.PieceSize, store.PieceSize + 1, 3*store.PieceSize + 5} {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(i * i / 3)
		}
		f := take(t, s, door, data)
		if f.Size != int64(size) || f.By != "anna" || !f.Expires.Equal(start.Add(24*time.Hour)) {
			t.Errorf("kept %+v", f)
		}
		for _, part := range [][2]int{{0, size}, {0, 1}, {size - 1, 1}, {size / 2, size - size/2}, {min(size-1, store.PieceSize-1), min(2, size-min(size-1, store.PieceSize-1))}} {
			got, err := io.ReadAll(files.NewReader(t.Context(), door.Store, f, int64(part[0]), int64(part[1])))
			must(t, err)
			if !bytes.Equal(got, data[part[0]:part[0]+part[1]]) {
				t.Errorf("%d bytes from %d of %d are others", part[1], part[0], size)
			}
		}
	}
	differences, err := door.Verify(t.Context())
	if err != nil || len(differences) > 0 {
		t.Errorf("verify: %v %v", differences, err)
	}
}

func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	door := newDoor(t)
	s := files.New(files.Limits{File: 300_000, Tenant: record.FileLimits{Files: 10, Bytes: 400_000}})
	big := make([]byte, 300_001)
	unannounced := upload("a", "", big)
	unannounced.Size = -1
	short := upload("a", "", big[:1000])
	short.Size = 1001
	torn := upload("a", "", nil)
	torn.Body = io.MultiReader(bytes.NewReader(big[:280_000]), iotestErr{})
	cases := []struct {
		name, code string
		kind       fault.Kind
		u          files.Upload
	}{
		{"too large, announced", "file.tooLarge", fault.TooLarge, upload("a", "", big)},
		{"too large, found out", "file.tooLarge", fault.TooLarge, unannounced},
		{"empty", "file.empty", fault.Invalid, upload("a", "", nil)},
		{"a page said to be a picture", "file.notAsSaid", fault.Unsupported, upload("a.png", "image/png", []byte("<html><script>alert(1)</script></html>"))},
		{"text said to be a picture", "file.notAsSaid", fault.Unsupported, upload("a.jpg", "image/jpeg", []byte("just text"))},
		{"shorter than announced", "file.cut", fault.Malformed, short},
		{"torn", "file.cut", fault.Malformed, torn},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Take(t.Context(), door, anna, c.u)
			wantCode(t, err, c.code)
			if fault.KindOf(err) != c.kind {
				t.Errorf("kind %s, want %s", fault.KindOf(err), c.kind)
			}
			wantNothing(t, door)
		})
	}
	f := take(t, s, door, big[:250_000])
	_, err := s.Take(t.Context(), door, anna, upload("b", "", big[:150_001]))
	wantCode(t, err, "file.quota")
	unannounced = upload("b", "", big[:150_001])
	unannounced.Size = -1
	_, err = s.Take(t.Context(), door, anna, unannounced)
	wantCode(t, err, "file.quota")
	take(t, s, door, big[:150_000])
	must(t, door.Store.DropFile(t.Context(), f.ID))
	take(t, s, door, big[:250_000])
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// held is a body that tells when it is first read, and then waits.
type held struct {
	begun, go_ chan struct{}
	rest       io.Reader
}

func (h *held) Read(b []byte) (int, error) {
	if h.begun != nil {
		close(h.begun)
		h.begun = nil
		<-h.go_
	}
	return h.rest.Read(b)
}

func TestASlowUploadHoldsNobodyElse(t *testing.T) {
	door, s := newDoor(t), files.New(files.Limits{AtOnce: 1})
	slow := &held{begun: make(chan struct{}), go_: make(chan struct{}), rest: strings.NewReader("slow")}
	begun, ended := slow.begun, make(chan error, 1)
	go func() {
		_, err := s.Take(context.WithoutCancel(t.Context()), door, anna, files.Upload{Name: "slow", Body: slow})
		ended <- err
	}()
	<-begun
	_, err := s.Take(t.Context(), door, anna, upload("more", "", []byte("x")))
	wantCode(t, err, "file.busy")
	if fault.KindOf(err) != fault.Throttled {
		t.Errorf("%v is no 429", err)
	}
	_, err = s.Take(t.Context(), door, berta, upload("hers", "", []byte("x")))
	must(t, err)
	must(t, door.Store.Save(t.Context(), "c", store.Item{Key: "k", Body: []byte("{}")}, 0))
	close(slow.go_)
	must(t, <-ended)
	take(t, s, door, []byte("again"))
}

func TestTypesAreToldByBytes(t *testing.T) {
	door, s := newDoor(t), files.New(files.Limits{})
	for want, data := range map[string][]byte{
		"text/html":       []byte("<!DOCTYPE html><p>"),
		"image/svg+xml":   []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`),
		"application/pdf": []byte("%PDF-1.7\n"),
		"text/plain":      []byte("日报：今天拜访了两家客户"),
		"image/png":       pngOf(t, 3, 2),
		"application/zip": zipOf(t),
	} {
		f, err := s.Take(t.Context(), door, anna, upload("a.exe", "application/octet-stream", data))
		must(t, err)
		if f.Type != want {
			t.Errorf("%s is taken for %s", want, f.Type)
		}
		if want == "image/png" && (f.Width != 3 || f.Height != 2) {
			t.Errorf("%d × %d", f.Width, f.Height)
		}
	}
}

func zipOf(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	one, err := z.Create("a.txt")
	must(t, err)
	_, err = one.Write([]byte("text"))
	must(t, errors.Join(err, z.Close()))
	return out.Bytes()
}

func picture(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: 9, A: 255})
		}
	}
	return m
}

func pngOf(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, picture(w, h)))
	return out.Bytes()
}

func TestThumbnails(t *testing.T) {
	door, s := newDoor(t), files.New(files.Limits{})
	var jpg, gifs, glass bytes.Buffer
	must(t, jpeg.Encode(&jpg, picture(600, 300), nil))
	must(t, gif.Encode(&gifs, picture(300, 600), nil))
	see := picture(40, 40)
	see.SetNRGBA(1, 1, color.NRGBA{})
	must(t, png.Encode(&glass, see))
	hidden := append(jpg.Bytes()[:len(jpg.Bytes())-2:len(jpg.Bytes())-2], []byte("\xff\xfe\x00\x0d<script>x()\xff\xd9")...)
	cases := []struct {
		data       []byte
		size, w, h int
		mediaType  string
	}{
		{jpg.Bytes(), 100, 100, 50, "image/jpeg"}, {gifs.Bytes(), 100, 50, 100, "image/jpeg"}, {pngOf(t, 1000, 2), 50, 50, 1, "image/jpeg"},
		{glass.Bytes(), 256, 40, 40, "image/png"}, {hidden, 64, 64, 32, "image/jpeg"},
	}
	for _, c := range cases {
		f := take(t, s, door, c.data)
		got, err := s.Thumbnail(t.Context(), door, anna, f.ID, c.size)
		must(t, err)
		config, _, err := image.DecodeConfig(bytes.NewReader(got.Data))
		must(t, err)
		if got.Type != c.mediaType || config.Width != c.w || config.Height != c.h || bytes.Contains(got.Data, []byte("script")) {
			t.Errorf("%s %d × %d, want %+v", got.Type, config.Width, config.Height, c)
		}
		_, err = s.Thumbnail(t.Context(), door, berta, f.ID, c.size)
		wantCode(t, err, "file.notFound")
	}
	for _, data := range []string{"text", `<svg xmlns="http://www.w3.org/2000/svg"></svg>`, "\x89PNG\r\n\x1a\n and then nothing of the kind", "GIF89a", "RIFF\x10\x00\x00\x00WEBPVP8 "} {
		_, err := s.Thumbnail(t.Context(), door, anna, take(t, s, door, []byte(data)).ID, 64)
		wantCode(t, err, "file.noThumbnail")
	}
}

// bomb is a small PNG that says it is enormous.
func bomb(t *testing.T) []byte {
	t.Helper()
	data := pngOf(t, 4, 4)
	binary.BigEndian.PutUint32(data[16:], 50_000)
	binary.BigEndian.PutUint32(data[20:], 50_000)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestAPictureTooLargeToDecodeIsNotDecoded(t *testing.T) {
	door, s := newDoor(t), files.New(files.Limits{})
	f := take(t, s, door, bomb(t))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := s.Thumbnail(t.Context(), door, anna, f.ID, 64)
	runtime.ReadMemStats(&after)
	wantCode(t, err, "file.pixels")
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d bytes were taken to find out", grown)
	}
	small := files.New(files.Limits{Pixels: 99})
	_, err = small.Thumbnail(t.Context(), door, anna, take(t, s, door, pngOf(t, 10, 10)).ID, 64)
	wantCode(t, err, "file.pixels")
}

func TestAnEndedRequestLeavesNothing(t *testing.T) {
	door, s := newDoor(t), files.New(files.Limits{})
	ctx, end := context.WithCancel(t.Context())
	body := io.MultiReader(bytes.NewReader(make([]byte, store.PieceSize)), readerFunc(func([]byte) (int, error) { end(); return 0, ctx.Err() }))
	_, err := s.Take(ctx, door, anna, files.Upload{Name: "a", Body: body})
	if err == nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	wantNothing(t, door)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
