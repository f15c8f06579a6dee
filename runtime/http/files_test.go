package http_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	nethttp "net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/runtime/files"
	"tidewater/runtime/tenant"
)

// put sends a body as it is, under a name.
func (c *caller) put(name, mediaType string, data []byte) *response {
	c.site.t.Helper()
	return c.with("Content-Type", mediaType).post("/files?name="+name, string(data))
}

// form sends a file as browsers do.
func (c *caller) form(name, mediaType string, data []byte) *response {
	t := c.site.t
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(t, w.WriteField("comment", "before the file"))
	part, err := w.CreatePart(map[string][]string{
		"Content-Disposition": {`form-data; name="file"; filename="` + strings.ReplaceAll(name, `"`, `\"`) + `"`}, "Content-Type": {mediaType},
	})
	must(t, err)
	_, err = part.Write(data)
	must(t, err)
	must(t, w.WriteField("after", "it"))
	must(t, w.Close())
	return c.with("Content-Type", w.FormDataContentType()).post("/files", body.String())
}

func (c *caller) keep(data string) string {
	c.site.t.Helper()
	return c.put("a.txt", "text/plain", []byte(data)).is(201).id()
}

// store does something with a tenant's store.
func (s *site) store(name string, do func(store.Store)) {
	s.t.Helper()
	entry, _ := s.tenants.ByName(name)
	t, release, err := s.tenants.Use(s.t.Context(), entry.ID)
	must(s.t, err)
	defer release()
	do(t.Store)
}

// keeps holds how many files of how many bytes the tenant "one" keeps, and that its store finds nothing wrong.
func (s *site) keeps(count, size int64) {
	s.t.Helper()
	s.store("one", func(st store.Store) {
		used, err := st.FileUsage(s.t.Context())
		must(s.t, err)
		if used != (store.Usage{Files: count, Bytes: size}) {
			s.t.Errorf("it keeps %+v, want %d files of %d bytes", used, count, size)
		}
		if wrong, err := st.Check(s.t.Context()); err != nil || len(wrong) > 0 {
			s.t.Errorf("found wrong: %q, %v", wrong, err)
		}
	})
}

func TestFilesGoInAndOut(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	data := bytes.Repeat([]byte("潮汐 0123456789\n"), 60_000) // over a megabyte
	for _, send := range []func(string, string, []byte) *response{keeper.put, keeper.form} {
		made := send("%E5%90%88%E5%90%8C.txt", "text/plain", data).is(201)
		if made.at("size") != float64(len(data)) || made.at("type") != "text/plain" || made.header.Get("Location") != made.at("url") {
			t.Errorf("made %s", made.raw)
		}
		got := keeper.get("/files/" + made.id()).is(200)
		if got.raw != string(data) {
			t.Error("other bytes come out")
		}
	}
	made := keeper.form("合同 1\".txt", "text/plain", []byte("0123456789")).is(201)
	got := keeper.get("/files/" + made.id()).is(200)
	want := map[string]string{
		"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Accept-Ranges": "bytes", "Content-Length": "10",
	}
	for name, value := range want {
		if got.header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.header.Get(name), value)
		}
	}
	if name := got.header.Get("Content-Disposition"); !strings.HasPrefix(name, `attachment; filename="__`) || !strings.Contains(name, "filename*=UTF-8''%E5%90%88%E5%90%8C") {
		t.Errorf("named %s", name)
	}
	for asked, want := range map[string]string{
		"bytes=2-4": "206 bytes 2-4/10 234", "bytes=7-": "206 bytes 7-9/10 789", "bytes=-2": "206 bytes 8-9/10 89", "bytes=5-99": "206 bytes 5-9/10 56789",
		"bytes=10-": "416 bytes */10 ", "bytes=-0": "416 bytes */10 ", "bytes=1-2,4-5": "200  0123456789", "lines=1-2": "200  0123456789", "bytes=4-2": "200  0123456789",
	} {
		got := keeper.with("Range", asked).get("/files/" + made.id())
		body := got.raw
		if got.status == 416 {
			body = ""
		}
		if said := fmt.Sprintf("%d %s %s", got.status, got.header.Get("Content-Range"), body); said != want {
			t.Errorf("%s: %q, want %q", asked, said, want)
		}
	}
	keeper.with("Range", "bytes=2-4").with("If-Range", `"other"`).get("/files/" + made.id()).is(200)
	head := keeper.send("HEAD", "/files/"+made.id(), nil).is(200)
	if head.raw != "" || head.header.Get("Content-Length") != "10" {
		t.Errorf("HEAD: %q %v", head.raw, head.header)
	}
	s.anyone().get("/files/" + made.id()).is(401)
	s.anyone().put("x", "text/plain", data).is(401)
	keeper.get("/me").is(200)
}

func TestAFileIsReadByTheRightsOfItsField(t *testing.T) {
	s := newSite(t)
	keeper, viewer, stranger := s.as("one", "keeper"), s.as("one", "viewer"), s.as("two", "keeper")
	paper, note, scan := keeper.keep("paper"), keeper.keep("note"), keeper.keep("scan")
	viewer.get("/files/"+paper).problem(404, "file.notFound")
	made := keeper.create(map[string]any{
		"name": "x", "papers": []any{map[string]any{"id": paper}}, "notes": []any{note}, "lines": []any{map[string]any{"title": "l", "scan": []any{scan}}},
	}).is(201)
	if shown := fmt.Sprint(made.at("values", "papers")); shown != "[map[id:"+paper+" name:a.txt size:5 type:text/plain]]" {
		t.Errorf("shown as %s", shown)
	}
	for _, id := range []string{paper, note} {
		keeper.get("/files/" + id).is(200)
		viewer.get("/files/"+id).problem(404, "file.notFound") // masked, hidden
		viewer.get("/files/"+id+"/thumbnail").problem(404, "file.notFound")
		stranger.get("/files/"+id).problem(404, "file.notFound")
	}
	viewer.get("/files/" + scan).is(200)
	if seen := viewer.get("/forms/asset/records/" + made.id()).is(200); strings.Contains(seen.raw, paper) || strings.Contains(seen.raw, note) || !strings.Contains(seen.raw, scan) {
		t.Errorf("the viewer sees %s", seen.raw)
	}
	theirs := viewer.keep("theirs")
	for _, id := range []string{paper, theirs, "nothing", stranger.keep("of two")} {
		keeper.create(map[string]any{"name": "y", "papers": []any{id}}).problem(422, "record.invalid", "/values/papers/0 field.file")
	}
	keeper.create(map[string]any{"name": "y", "photo": []any{keeper.keep("no picture")}}).problem(422, "record.invalid", "/values/photo/0 field.fileType")
	keeper.get("/files/../files/" + paper).is(404)
}

// TestAFileForAnImportMayBeLargerAndBelongsToNoRecord holds that a larger limit does not let larger files into records.
func TestAFileForAnImportMayBeLargerAndBelongsToNoRecord(t *testing.T) {
	s := newSiteOf(t, tenant.Config{}, files.Limits{File: 1_000, Import: 3_000})
	keeper := s.as("one", "keeper")
	csv := "Name\n" + strings.Repeat("Saw\n", 600)
	send := func(query, body string) *response {
		return keeper.with("Content-Type", "text/csv").post("/files?name=a.csv"+query, body)
	}
	send("", csv).problem(413, "file.tooLarge")
	send("&for=fun", csv).problem(400, "query.parameter")
	send("&for=import", csv+csv).problem(413, "file.tooLarge")
	file := send("&for=import", csv).is(201).id()
	keeper.create(map[string]any{"name": "x", "papers": []any{file}}).problem(422, "record.invalid", "/values/papers/0 field.file")
	columns := []any{map[string]any{"column": "Name", "field": "name"}}
	began := keeper.post("/forms/asset/import", map[string]any{"file": file, "plan": map[string]any{"columns": columns}}).is(202)
	if done := keeper.ended(began.header.Get("Location")); done.at("report", "counts", "made") != 600.0 {
		t.Errorf("%s", done.raw)
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	s := newSiteOf(t, tenant.Config{}, files.Limits{File: 2_000_000, Tenant: record.FileLimits{Files: 3, Bytes: 3_000_000}})
	keeper := s.as("one", "keeper")
	html := []byte("<!DOCTYPE html><script>alert(1)</script>")
	keeper.put("a.png", "image/png", html).problem(415, "file.notAsSaid")
	keeper.form("a.png", "image/png", html).problem(415, "file.notAsSaid")
	keeper.put("a", "text/plain", nil).problem(422, "file.empty")
	keeper.form("a", "text/plain", nil).problem(422, "file.empty")
	keeper.put("a", "text/plain", make([]byte, 2_000_001)).problem(413, "file.tooLarge")
	keeper.form("a", "text/plain", make([]byte, 2_000_001)).problem(413, "file.tooLarge")
	keeper.put("a%00b", "text/plain", html).problem(400, "query.parameter")
	keeper.with("Content-Encoding", "gzip").put("a", "text/plain", html).problem(415, "http.mediaType")
	keeper.with("Content-Type", "multipart/form-data").post("/files", "x").problem(400, "file.form")
	keeper.with("Content-Type", "multipart/form-data; boundary=x").post("/files", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno name\r\n--x--\r\n").problem(400, "file.form")
	keeper.with("Content-Type", "multipart/form-data; boundary=x").post("/files", "--x\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nno end").problem(400, "file.cut")
	keeper.post("/files?colour=red", "x").problem(400, "query.unknownParameter")
	s.keeps(0, 0)

	page := keeper.put("..%2F..%2Fpage.html", "text/html", html).is(201)
	if page.at("name") != "page.html" || page.at("type") != "text/html" {
		t.Errorf("kept as %s", page.raw)
	}
	got := keeper.get("/files/" + page.id()).is(200)
	if got.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a page is sent as %v", got.header)
	}
	svg := keeper.put("a.svg", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)).is(201)
	if got := keeper.get("/files/" + svg.id()); got.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a drawing is sent as %v", got.header)
	}
	keeper.get("/files/"+svg.id()+"/thumbnail").problem(422, "file.noThumbnail")
	for _, id := range []string{page.id(), svg.id()} {
		keeper.get("/files/"+id+"/paper").problem(422, "file.noPaper")
	}
	long := keeper.put(strings.Repeat("%E6%8A%A5", 300)+".txt", "text/plain", []byte("x")).is(201)
	if name, _ := long.at("name").(string); len(name) > 255 || !strings.HasSuffix(name, ".txt") {
		t.Errorf("named %q", name)
	}
	keeper.put("a", "text/plain", []byte("one too many")).problem(422, "file.quota")
	s.as("two", "keeper").put("a", "text/plain", []byte("another tenant has room")).is(201)
	keeper.post("/forms/asset/records", `{"values": {"name": "`+strings.Repeat("x", 1<<20)+`"}}`).problem(413, "limit.body")
}

func TestAnUploadThatIsCutLeavesNothing(t *testing.T) {
	s := newSite(t)
	token := s.as("one", "keeper").header.Get("Authorization")
	for name, head := range map[string]string{
		"announced": "Content-Length: 5000000\r\n\r\n",
		"chunked":   "Transfer-Encoding: chunked\r\n\r\n100000\r\n",
		"a form":    "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
			must(t, err)
			_, err = io.WriteString(conn, "POST /api/v1/files?name=a HTTP/1.1\r\nHost: x\r\nAuthorization: "+token+"\r\n"+head+strings.Repeat("x", 700_000))
			must(t, err)
			must(t, conn.(*net.TCPConn).CloseWrite())
			answer, err := io.ReadAll(conn)
			must(t, err)
			if !strings.Contains(string(answer), " 400 ") || !strings.Contains(string(answer), "file.cut") {
				t.Errorf("answered %q", answer)
			}
			must(t, conn.Close())
			s.keeps(0, 0)
			s.store("one", func(st store.Store) {
				if n, err := st.Sweep(t.Context(), s.clock.Now().Add(100*time.Hour)); err != nil || n != 0 {
					t.Errorf("swept %d pieces of it, %v", n, err)
				}
			})
		})
	}
}

func TestAnUploadOnItsWayHoldsNobody(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	out, in := io.Pipe()
	// Less than the server waits for one that says nothing: it must know the end of the body by itself.
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	req, err := nethttp.NewRequestWithContext(ctx, "POST", s.url+"/api/v1/files?name=slow.txt", out)
	must(t, err)
	req.Header = keeper.header.Clone()
	answer := make(chan int, 1)
	go func() {
		res, err := s.client.Do(req)
		if err != nil {
			answer <- 0
			return
		}
		_, _ = io.Copy(io.Discard, res.Body) // only the status is asked for
		answer <- res.StatusCode
		_ = res.Body.Close()
	}()
	_, err = io.WriteString(in, strings.Repeat("x", 600_000))
	must(t, err)
	for n := range 3 {
		keeper.create(map[string]any{"name": fmt.Sprint(n), "papers": []any{keeper.keep("fast")}}).is(201)
	}
	_, err = io.WriteString(in, "the end")
	must(t, err)
	must(t, in.Close())
	if status := <-answer; status != 201 {
		t.Errorf("the slow one: %d", status)
	}
	s.keeps(4, 600_000+7+3*4)
}

func TestAnUploadSentAgainIsKeptOnce(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper").with("Idempotency-Key", "k1")
	first := keeper.put("a.txt", "text/plain", []byte("same")).is(201)
	if again := keeper.put("a.txt", "text/plain", []byte("same")).is(201); again.id() != first.id() {
		t.Errorf("kept as %s and %s", first.id(), again.id())
	}
	keeper.put("a.txt", "text/plain", []byte("other")).problem(422, "idempotency.otherBody")
	s.keeps(1, 4)
}

func TestThumbnailsAreServed(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	var data bytes.Buffer
	must(t, png.Encode(&data, image.NewGray(image.Rect(0, 0, 800, 400))))
	made := keeper.put("p.png", "image/png", data.Bytes()).is(201)
	got := keeper.get("/files/" + made.id() + "/thumbnail?size=64").is(200)
	config, _, err := image.DecodeConfig(strings.NewReader(got.raw))
	must(t, err)
	if config.Width != 64 || config.Height != 32 || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v %v", config, got.header)
	}
	for _, size := range []string{"1", "513", "x", "-1"} {
		keeper.get("/files/"+made.id()+"/thumbnail?size="+size).problem(400, "query.parameter")
	}
}

func TestABackupCarriesFiles(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	data := strings.Repeat("carried ", 100_000)
	id := keeper.keep(data)
	keeper.create(map[string]any{"name": "x", "papers": []any{id}}).is(201)
	loose := keeper.keep("held by nobody yet")
	copied := filepath.Join(t.TempDir(), "copy.db")
	s.store("one", func(st store.Store) { must(t, st.Backup(t.Context(), copied)) })
	entry, err := s.tenants.Restore(t.Context(), "three", "Asia/Shanghai", copied)
	must(t, err)
	other := s.as("three", "keeper")
	if got := other.get("/files/" + id).is(200); got.raw != data {
		t.Error("other bytes come out of the copy")
	}
	other.get("/files/" + loose).is(200)
	opened, release, err := s.tenants.Use(t.Context(), entry.ID)
	must(t, err)
	defer release()
	wantVerified(t, opened)
}

func wantVerified(t *testing.T, opened *tenant.Tenant) {
	t.Helper()
	must(t, opened.Engine.Settle(t.Context()))
	if found, err := opened.Engine.Records.Verify(t.Context()); err != nil || len(found) > 0 {
		text, _ := json.Marshal(found)
		t.Errorf("verify: %s %v", text, err)
	}
}

// TestAPaperIsShownByTheBrowsersViewer within our own page alone, as nothing but a PDF, and by the rights of the file.
func TestAPaperIsShownByTheBrowsersViewer(t *testing.T) {
	s := newSite(t)
	keeper, stranger := s.as("one", "keeper"), s.as("two", "keeper")
	made := keeper.put("%E5%90%88%E5%90%8C.pdf", "application/pdf", []byte("%PDF-1.7\n0123")).is(201)
	got := keeper.get("/files/" + made.id() + "/paper").is(200)
	want := map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN", "Accept-Ranges": "bytes",
	}
	for name, value := range want {
		if got.header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.header.Get(name), value)
		}
	}
	if !strings.HasPrefix(got.header.Get("Content-Disposition"), "inline; ") || got.raw != "%PDF-1.7\n0123" {
		t.Errorf("%v %q", got.header, got.raw)
	}
	if part := keeper.with("Range", "bytes=9-10").get("/files/" + made.id() + "/paper"); part.status != 206 || part.raw != "01" {
		t.Errorf("a part: %d %q", part.status, part.raw)
	}
	stranger.get("/files/"+made.id()+"/paper").problem(404, "file.notFound")
	s.anyone().get("/files/" + made.id() + "/paper").is(401)
	// Fetched, it is isolated as every file is.
	if policy := keeper.get("/files/" + made.id()).is(200).header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
		t.Errorf("fetched with %s", policy)
	}
}
