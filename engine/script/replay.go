package script

import (
	"bytes"
	"context"
	"encoding/json"

	"tidewater/engine/fault"
)

// Answer is what a host said to a script, kept so that the run can be repeated.
type Answer struct {
	Name  string          `json:"name"`
	Args  json.RawMessage `json:"args"`
	Value json.RawMessage `json:"value,omitempty"`
	Rows  int             `json:"rows,omitempty"`
	Fault string          `json:"fault,omitempty"`
}

// Recorder is a host that keeps what another one answers.
type Recorder struct {
	Host
	Answers []Answer
	IDs     []string
	Bytes   int // of all that was kept
	Most    int // bytes that are kept, 0 for all; beyond that the run cannot be repeated
}

// Whole tells whether all was kept, so that the run can be repeated.
func (r *Recorder) Whole() bool { return r.Most == 0 || r.Bytes <= r.Most }

// Answer passes a question on and keeps it with its answer.
func (r *Recorder) Answer(ctx context.Context, name string, args []any) (any, int, error) {
	value, rows, err := r.Host.Answer(ctx, name, args)
	one := Answer{Name: name, Rows: rows, Fault: fault.CodeOf(err)}
	asked, asking := json.Marshal(args)
	said, saying := json.Marshal(value)
	if asking != nil || saying != nil {
		return nil, 0, fault.New(fault.Internal, "internal").In("script.record")
	}
	one.Args, one.Value = asked, said
	if r.Bytes += len(asked) + len(said); !r.Whole() {
		r.Answers = nil
		return value, rows, err
	}
	r.Answers = append(r.Answers, one)
	return value, rows, err
}

// NewID keeps the id that was drawn.
func (r *Recorder) NewID() string {
	id := r.Host.NewID()
	r.IDs = append(r.IDs, id)
	return id
}

// Replayer is a host that answers as another did once, as long as it is asked the same. A script that asks
// otherwise gets the fault "script.diverged".
type Replayer struct {
	Answers []Answer
	IDs     []string
}

// Answer answers the next question that was kept.
func (r *Replayer) Answer(_ context.Context, name string, args []any) (any, int, error) {
	asked, err := json.Marshal(args)
	if err != nil || len(r.Answers) == 0 || r.Answers[0].Name != name || !bytes.Equal(r.Answers[0].Args, asked) {
		return nil, 0, fault.New(fault.Conflict, "script.diverged")
	}
	one := r.Answers[0]
	r.Answers = r.Answers[1:]
	if one.Fault != "" {
		return nil, 0, fault.New(fault.Invalid, one.Fault)
	}
	return one.Value, one.Rows, nil
}

// NewID returns the next id that was kept.
func (r *Replayer) NewID() string {
	if len(r.IDs) == 0 {
		return ""
	}
	id := r.IDs[0]
	r.IDs = r.IDs[1:]
	return id
}
