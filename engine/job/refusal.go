package job

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
