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
	r.restore()
	return r, err
}

// restore gives the args back the types by which messages know how to say them: labels and lists of texts.
func (r *Refusal) restore() {
	restoreArgs(r.Args)
	for _, issue := range r.Issues {
		restoreArgs(issue.Args)
	}
}

func restoreArgs(args fault.Args) {
	for name, arg := range args {
		switch arg := arg.(type) {
		case map[string]any:
			args[name] = texts(arg)
		case []any:
			list := make([]string, 0, len(arg))
			for _, one := range arg {
				if text, ok := one.(string); ok {
					list = append(list, text)
				}
			}
			args[name] = list
		}
	}
}

func texts(labels map[string]any) map[string]string {
	out := make(map[string]string, len(labels))
	for locale, one := range labels {
		if text, ok := one.(string); ok {
			out[locale] = text
		}
	}
	return out
}
