package sqlite

import "tidewater/engine/store"

// maxPassed is how many commits in a row may be of those alone whom somebody waits for, while others are in the line: what
// jobs do goes on, however busy people are.
const maxPassed = 4

// line is where transactions wait for the writer: those that somebody waits for before those of jobs, which are long and
// many. Only the writer takes from it.
type line struct {
	asked, later chan *work
	passed       int // commits since one of later had its turn, while there was one
}

func newLine() *line {
	return &line{asked: make(chan *work, maxTogether), later: make(chan *work, maxTogether)}
}

// of is where a transaction waits.
func (l *line) of(job *work) chan<- *work {
	if !job.alone && store.IsLater(job.ctx) {
		return l.later
	}
	return l.asked
}

// close lets the writer go once what waits is done.
func (l *line) close() {
	close(l.asked)
	close(l.later)
}

// first waits for the one that begins the next commit; nil where there will be none.
func (l *line) first() *work {
	if job := l.preferred(); job != nil {
		return job
	}
	asked, later := l.asked, l.later
	for asked != nil || later != nil {
		select {
		case job, open := <-asked:
			if open {
				return job
			}
			asked = nil
		case job, open := <-later:
			if open {
				return job
			}
			later = nil
		}
	}
	return nil
}

// preferred is the one of several that wait whose turn it is; nil where none waits.
func (l *line) preferred() *work {
	if len(l.later) == 0 {
		l.passed = 0
		return waiting(l.asked)
	}
	if l.passed < maxPassed {
		if job := waiting(l.asked); job != nil {
			l.passed++
			return job
		}
	}
	l.passed = 0
	return waiting(l.later)
}

// join is the next that waits and may share the commit of a batch; nil where none does. Those whom somebody waits for may
// always; one of the others may while none of them has to wait for it.
func (l *line) join(batch []*work) *work {
	if job := waiting(l.asked); job != nil {
		return job
	}
	for _, job := range batch {
		if !store.IsLater(job.ctx) {
			return nil
		}
	}
	return waiting(l.later)
}

// waiting takes one without waiting for it.
func waiting(from <-chan *work) *work {
	select {
	case job := <-from: // nil once it is closed
		return job
	default:
		return nil
	}
}
