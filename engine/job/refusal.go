package job

import "tidewater/engine/fault"

// RefusalOf makes a refusal of what an error says of a part. What is no fault of the part's shows nothing
// of its inside.
func RefusalOf(at string, err error) Refusal {
	f := faultOf(err)
	return Refusal{At: at, Code: f.Code, Args: f.Args, Issues: f.Issues}
}

// readRefusal reads what was kept of a refusal.
func readRefusal(body []byte) (r Refusal, err error) {
	err = read(body, &r)
	r.Restore()
	return r, err
}

// Restore gives the args of a refusal that was kept back the types by which messages know how to say them.
func (r *Refusal) Restore() {
	r.Args.Restore()
	for _, issue := range r.Issues {
		issue.Args.Restore()
	}
}

// sayable are the args of refusals that say nothing of the content of records: where in the metadata something broke.
// The text of what broke is none of them, for a script may break with any.
var sayable = []string{"script", "line", "label", "source", "form", "schedule", "code", "count", "max"}

// outside is a refusal as those see it who may not see what it speaks of.
func (r Refusal) outside() Refusal {
	out := Refusal{At: r.At, Code: r.Code}
	for _, name := range sayable {
		if v, there := r.Args[name]; there {
			if out.Args == nil {
				out.Args = fault.Args{}
			}
			out.Args[name] = v
		}
	}
	return out
}
