package http

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/runtime/files"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// span is a part of a file.
type span struct{ offset, length int64 }

func (p span) String() string { return fmt.Sprintf("bytes %d-%d", p.offset, p.offset+p.length-1) }

// rangeOf reads a Range header (RFC 9110): one range of bytes. What it does not understand, and several
// ranges, are as if nothing was asked; ok is false for a range outside of the file.
func rangeOf(header string, size int64) (part span, asked, ok bool) {
	whole := span{0, size}
	unit, list, found := strings.Cut(header, "=")
	first, last, dashed := strings.Cut(strings.TrimSpace(list), "-")
	if !found || !strings.EqualFold(strings.TrimSpace(unit), "bytes") || !dashed || strings.Contains(list, ",") {
		return whole, false, true
	}
	from, noFirst := strconv.ParseUint(strings.TrimSpace(first), 10, 62)
	to, noLast := strconv.ParseUint(strings.TrimSpace(last), 10, 62)
	switch {
	case first == "" && noLast == nil: // the last so many
		length := min(int64(to), size)
		return span{size - length, length}, true, length > 0
	case noFirst != nil || last != "" && (noLast != nil || to < from):
		return whole, false, true
	case int64(from) >= size:
		return whole, true, false
	case last == "":
		to = uint64(size) - 1
	}
	end := min(int64(to), size-1)
	return span{int64(from), end - int64(from) + 1}, true, true
}

func (s *Server) noSuchRange(c *fiber.Ctx, size int64) error {
	trace, _ := c.Locals(traceLocal).(string)
	problem := wire.ProblemOf(s.Texts, locale(c), fault.New(fault.Invalid, "file.range").In("http.download"), trace)
	problem.Status = fiber.StatusRequestedRangeNotSatisfiable
	c.Set(fiber.HeaderContentRange, "bytes */"+strconv.FormatInt(size, 10))
	c.Response().Header.Del(fiber.HeaderContentDisposition)
	return c.Status(problem.Status).JSON(problem, wire.ProblemType)
}

// flow is a body on its way out. It is sent when the request is answered as far as its handler goes, and
// so holds the tenant by itself.
type flow struct {
	io.Reader
	conn    net.Conn
	cancel  context.CancelFunc
	release func()
}

func (s *Server) flow(c *fiber.Ctx, v *signin.Visit, f store.File, part span) (*flow, error) {
	ctx, cancel := context.WithTimeout(s.base, transferTime)
	t, release, err := s.Tenants.Use(ctx, v.Tenant.ID)
	if err != nil {
		cancel()
		return nil, err
	}
	reader := files.NewReader(ctx, t.Store, f, part.offset, part.length)
	return &flow{Reader: reader, conn: c.Context().Conn(), cancel: cancel, release: release}, nil
}

// Read gives the other end time to take what was read before.
func (f *flow) Read(b []byte) (int, error) {
	if err := f.conn.SetWriteDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return f.Reader.Read(b)
}

// Close is called by the framework when all is sent or the other end is gone. The connection may serve
// again, which has a time of its own.
func (f *flow) Close() error {
	f.cancel()
	f.release()
	return f.conn.SetWriteDeadline(time.Time{})
}
