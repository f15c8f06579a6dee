package script

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
)

// Parent and worker talk in frames: four bytes of length, most significant first, then JSON. Each frame of
// one side is answered by one of the other, so that nobody ever has to guess what comes next.
//
// What a worker sends is checked before anything is made of it: its length before memory is taken for it,
// its depth before it is decoded.

const (
	maxFrame = 1 << 20
	maxDepth = 32
)

var (
	errFrame = errors.New("a frame that is empty or too long")
	errDepth = errors.New("a frame that is nested too deep")
	errTurn  = errors.New("a frame that answers nothing that was asked")
)

// request is what the parent says; one of its fields is set.
type request struct {
	Check *source  `json:"check,omitempty"` // read it, run nothing
	Run   *running `json:"run,omitempty"`
	Reply *reply   `json:"reply,omitempty"` // to a call of the response before
	Echo  *[]byte  `json:"echo,omitempty"`  // for measuring: the same bytes come back
}

type source struct {
	Digest string `json:"digest"`
	Text   string `json:"text"`
	HTTP   bool   `json:"http,omitempty"` // it may reach other hosts
}

// running begins a run. The source comes along the first time only.
type running struct {
	Source source `json:"source"`
	Call   Call   `json:"call"`
	Budget budget `json:"budget"`
}

// budget is what the worker meters itself, for good messages; the parent holds its own limits.
type budget struct {
	Instructions int64 `json:"instructions"`
	Memory       int   `json:"memory"` // megabytes
}

type reply struct {
	Value any    `json:"value,omitempty"`
	Fault string `json:"fault,omitempty"` // a code: the call is refused, and raises an error
}

// response is what a worker says; one of its fields is set.
type response struct {
	Checked *checked `json:"checked,omitempty"`
	Ask     *ask     `json:"ask,omitempty"`
	Done    *done    `json:"done,omitempty"`
	Echo    *[]byte  `json:"echo,omitempty"`
}

type checked struct {
	Faults []lineFault `json:"faults"`
}

// lineFault is something wrong at a line; 0 where it is known to be nowhere in particular.
type lineFault struct {
	Line int    `json:"line"`
	Code string `json:"code"`
	Text string `json:"text"`
}

// ask is a call of a function that is not Inside.
type ask struct {
	Name string `json:"name"`
	Args []any  `json:"args"`
	Line int    `json:"line"`
}

type done struct {
	Failed        *lineFault     `json:"failed,omitempty"`
	Changed       map[string]any `json:"changed,omitempty"`
	Value         any            `json:"value,omitempty"`
	Refused       []Refusal      `json:"refused,omitempty"`
	Log           []LogLine      `json:"log,omitempty"`
	Trace         []Step         `json:"trace,omitempty"`
	LinesRun      []int          `json:"linesRun,omitempty"`
	LinesWithCode []int          `json:"linesWithCode,omitempty"`
	Instructions  int64          `json:"instructions"`
	Memory        int            `json:"memory"`
}

// writeFrame sends one frame in one write.
func writeFrame(to io.Writer, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(body) > maxFrame {
		return errFrame
	}
	frame := make([]byte, 4, 4+len(body))
	binary.BigEndian.PutUint32(frame, uint32(len(body)))
	_, err = to.Write(append(frame, body...))
	return err
}

// readFrame receives one frame into a message.
func readFrame(from io.Reader, message any) error {
	var head [4]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size == 0 || size > maxFrame {
		return errFrame
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(from, body); err != nil {
		return err
	}
	if depthOf(body) > maxDepth {
		return errDepth
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(message); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errFrame
	}
	return nil
}

// depthOf counts how deep brackets are nested, outside of texts.
func depthOf(body []byte) int {
	depth, most, inText := 0, 0, false
	for n := 0; n < len(body); n++ {
		switch c := body[n]; {
		case inText && c == '\\':
			n++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
			most = max(most, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return most
}
