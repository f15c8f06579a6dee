package http

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
	"tidewater/runtime/files"
	"tidewater/runtime/signin"
)

const (
	filesPath = "/api/v1/files"
	// transferTime bounds one upload or download; stallTime how long its other end may do nothing.
	transferTime = 15 * time.Minute
	stallTime    = 20 * time.Second
)

// fileView is a file on the wire, as in records; url is where its bytes are.
type fileView struct {
	ID      value.ID   `json:"id"`
	Name    string     `json:"name"`
	Size    int64      `json:"size"`
	Type    string     `json:"type"`
	Width   int        `json:"width,omitempty"`
	Height  int        `json:"height,omitempty"`
	URL     string     `json:"url"`
	Expires *time.Time `json:"expires,omitempty"` // unless a record claims it by then
}

func fileViewOf(f store.File) fileView {
	out := fileView{
		ID: f.ID, Name: f.Name, Size: f.Size, Type: f.Type, Width: f.Width, Height: f.Height, URL: filesPath + "/" + string(f.ID),
	}
	if !f.Expires.IsZero() {
		out.Expires = &f.Expires
	}
	return out
}

// isUpload tells the one route whose body is read as it comes, by limits of its own.
func isUpload(c *fiber.Ctx) bool { return c.Method() == fiber.MethodPost && c.Path() == filesPath }

func (s *Server) upload(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "name", "for"); err != nil {
		return err
	}
	u, err := uploadOf(c, ctx)
	if err != nil {
		return err
	}
	switch c.Query("for") {
	case "":
	case "import":
		u.Passing = true
	default:
		return badParameter("for")
	}
	made, err := s.files.Take(ctx, v.Tenant.Engine.Records, v.Actor, u)
	if err != nil {
		return err
	}
	view := fileViewOf(made)
	c.Set(fiber.HeaderLocation, view.URL)
	return c.Status(fiber.StatusCreated).JSON(view)
}

// uploadOf finds the file in a request: the first part of multipart/form-data that has a file name, or else
// the body itself, named by the query.
func uploadOf(c *fiber.Ctx, ctx context.Context) (files.Upload, error) {
	var u files.Upload
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return u, fault.New(fault.Unsupported, "http.mediaType").In("http.upload").With("want", "identity")
	}
	key, err := onceKey(c)
	if err != nil {
		return u, err
	}
	var stream io.Reader = strings.NewReader("")
	if body, ok := c.Locals(bodyLocal).(*onceEnded); ok {
		stream = body
	}
	u = files.Upload{Body: &patient{ctx: ctx, from: stream, conn: c.Context().Conn()}, Once: key}
	kind, details, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err == nil && kind == fiber.MIMEMultipartForm {
		return partOf(u, details["boundary"])
	}
	u.Name, u.Said, u.Size = c.Query("name"), kind, int64(c.Request().Header.ContentLength())
	return u, nil
}

func partOf(u files.Upload, boundary string) (files.Upload, error) {
	malformed := fault.New(fault.Malformed, "file.form").In("http.upload")
	if boundary == "" {
		return u, malformed
	}
	parts := multipart.NewReader(u.Body, boundary)
	for range maxParts {
		part, err := parts.NextPart()
		if err != nil {
			return u, malformed.Because(err)
		}
		if _, details, err := mime.ParseMediaType(part.Header.Get(fiber.HeaderContentDisposition)); err == nil && details["filename"] != "" {
			u.Name, u.Body = details["filename"], part
			u.Said, _, _ = mime.ParseMediaType(part.Header.Get(fiber.HeaderContentType))
			return u, nil
		}
	}
	return u, malformed
}

// maxParts bounds the parts that are looked at for a file.
const maxParts = 8

// patient reads from a connection as long as something comes and ctx lasts.
type patient struct {
	ctx  context.Context
	from io.Reader
	conn net.Conn
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	if err := p.conn.SetReadDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return p.from.Read(b)
}

// download sends a file's bytes, or the range of them that is asked for: never to be shown in our own
// name, whatever the bytes are.
func (s *Server) download(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	f, err := v.Tenant.Engine.Records.File(ctx, v.Actor, idOf(c))
	if err != nil {
		return err
	}
	isolate(c, "attachment", f.Name)
	c.Set(fiber.HeaderContentType, servedAs(f.Type))
	return s.send(c, v, f)
}

// paper sends a PDF for the browser's own viewer, in a frame of our page alone. The viewer runs what is in it in a place
// of its own and refuses to run within a sandbox, so there is none here: what makes it safe is that the bytes were found
// to be a PDF when they came, are sent as nothing else, and nosniff. Whatever is no PDF is not sent at all.
func (s *Server) paper(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	f, err := v.Tenant.Engine.Records.File(ctx, v.Actor, idOf(c))
	if err != nil {
		return err
	}
	if f.Type != paperType {
		return fault.New(fault.Invalid, "file.noPaper").In("http.paper")
	}
	isolate(c, "inline", f.Name)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'self'")
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	c.Set(fiber.HeaderContentType, paperType)
	return s.send(c, v, f)
}

const paperType = "application/pdf"

// send sends a file's bytes, or the range of them that is asked for.
func (s *Server) send(c *fiber.Ctx, v *signin.Visit, f store.File) error {
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	tag := `"` + string(f.ID) + `"` // the bytes of a file never change
	c.Set(fiber.HeaderETag, tag)
	part, asked, ok := rangeOf(c.Get(fiber.HeaderRange), f.Size)
	if asked && c.Get(fiber.HeaderIfRange) != "" && c.Get(fiber.HeaderIfRange) != tag {
		part, asked, ok = span{0, f.Size}, false, true
	}
	if !ok {
		return s.noSuchRange(c, f.Size)
	}
	if asked {
		c.Status(fiber.StatusPartialContent)
		c.Set(fiber.HeaderContentRange, part.String()+"/"+strconv.FormatInt(f.Size, 10))
	}
	body, err := s.flow(c, v, f, part)
	if err != nil {
		return err
	}
	c.Context().SetBodyStream(body, int(part.length))
	return nil
}

// isolate keeps what is sent from being taken for a page of ours, and names it for whoever saves it
// (RFC 6266, RFC 8187).
func isolate(c *fiber.Ctx, disposition, name string) {
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; sandbox")
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	c.Set(fiber.HeaderContentDisposition, disposition+`; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
}

// servedAs is the media type under which a file is sent: none that a browser would run.
func servedAs(mediaType string) string {
	for _, active := range []string{"html", "xml", "svg", "script", "wasm", "shockwave"} {
		if strings.Contains(mediaType, active) && !strings.Contains(mediaType, "openxmlformats") {
			return fiber.MIMEOctetStream
		}
	}
	return mediaType
}

func (s *Server) thumbnail(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "size"); err != nil {
		return err
	}
	size, err := number(c, "size")
	if err != nil {
		return err
	}
	if size == 0 {
		size = files.DefaultThumbnail
	}
	if size < files.MinThumbnail || size > files.MaxThumbnail {
		return badParameter("size")
	}
	made, err := s.files.Thumbnail(ctx, v.Tenant.Engine.Records, v.Actor, idOf(c), size)
	if err != nil {
		return err
	}
	isolate(c, "inline", "thumbnail")
	c.Set(fiber.HeaderContentType, made.Type)
	return c.Send(made.Data)
}
