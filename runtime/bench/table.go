package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// terms prints on what terms the two are compared. README.md of runtime/bench/peer says the same at length.
func (m *match) terms() {
	fmt.Fprintf(m.Out, `Tidewater and PocketBase on equal terms, over HTTP on loopback
  records   %d customers of %d people; the one who asks owns %d of them and sees no other
  the same  fields, bytes of input, owner-only rule, indexes (phone unique; tier; owner; owner+updated; owner+expected+budget),
            page of 50 without a total, WAL with synchronous NORMAL, GOMAXPROCS %d, no line of log per request
  ours more a line of history and an event with both images in every write, search tokens in every write,
            exact amounts, names of people in every answer, rights in every answer
  rounds    %d, in turns, after one of warm-up; as many requests for either; the median of the rounds' medians
            [least – most]; processor time from /proc/<pid>/stat, with what a request leaves for later

`, m.Records, m.people, m.Records/m.people, m.Cores, m.Rounds)
}

// limit is what a figure of ours may be at most, whatever theirs is.
type limit struct {
	name  string
	bound float64
}

// table collects the lines of the last print.
type table struct{ lines []string }

// add prints a match and notes its line.
func (t *table) add(out io.Writer, o operation, l laps) {
	fmt.Fprintln(out, o.name)
	unit := "requests"
	if o.rows > 0 {
		unit = "records"
	}
	for _, one := range []struct {
		name string
		all  []lap
	}{{"Tidewater", l.ours}, {"PocketBase", l.theirs}} {
		ms, rate := over(one.all, lap.milliseconds), over(one.all, lap.perSecond)
		fmt.Fprintf(out, "  %-10s %9.3f ms [%.3f – %.3f] %8.0f %s/s [%.0f – %.0f]   processor %.3f ms a request\n",
			one.name, ms.middle, ms.least, ms.most, rate.middle, unit, rate.least, rate.most, processor(one.all))
	}
	r := spreadBy(len(l.ours), func(n int) float64 {
		if o.isRate {
			return l.ours[n].rate / l.theirs[n].rate
		}
		return l.ours[n].milliseconds() / l.theirs[n].milliseconds()
	})
	cpu := processor(l.ours) / processor(l.theirs)
	verdict := verdictOf(o, r.middle)
	fmt.Fprintf(out, "  ours/theirs %.2f [%.2f – %.2f], processor %.2f: %s\n\n", r.middle, r.least, r.most, cpu, verdict)
	kind := "time"
	if o.isRate {
		kind = "rate"
	}
	t.lines = append(t.lines, fmt.Sprintf("%-58s %s %6.2f [%.2f – %.2f]  aim %s  floor %s  %-10s processor %.2f",
		o.name, kind, r.middle, r.least, r.most, o.bound(o.aim), o.bound(o.floor), verdict, cpu))
}

// bound writes a bound with the side on which it is met.
func (o operation) bound(b float64) string {
	if o.isRate {
		return fmt.Sprintf("≥ %-4.3g", b)
	}
	return fmt.Sprintf("≤ %-4.2g", b)
}

func verdictOf(o operation, ratio float64) string {
	meets := func(bound float64) bool {
		if o.isRate {
			return ratio >= bound
		}
		return ratio <= bound
	}
	switch {
	case meets(o.aim):
		return "aim met"
	case meets(o.floor):
		return "floor met"
	}
	return "NOT MET"
}

// addFigures notes a line of figures of a process.
func (t *table) addFigures(m *match, l limit, f figures) {
	ours, theirs := spreadBy(len(f[m.ours]), func(n int) float64 { return f[m.ours][n] }), spreadBy(len(f[m.theirs]), func(n int) float64 { return f[m.theirs][n] })
	verdict := "met"
	if ours.middle > l.bound {
		verdict = "NOT MET"
	}
	t.lines = append(t.lines, fmt.Sprintf("%-58s ours %.0f [%.0f – %.0f], theirs %.0f [%.0f – %.0f]; ours ≤ %.0f: %s",
		l.name, ours.middle, ours.least, ours.most, theirs.middle, theirs.least, theirs.most, l.bound, verdict))
}

func (t *table) print(out io.Writer) { fmt.Fprintln(out, strings.Join(t.lines, "\n")) }

func over(all []lap, of func(lap) float64) spread {
	return spreadBy(len(all), func(n int) float64 { return of(all[n]) })
}

func (l lap) milliseconds() float64 { return float64(l.middle) / float64(time.Millisecond) }
func (l lap) perSecond() float64    { return l.rate }

// processor is the time of the processor per request over all rounds, in milliseconds: of one round alone it
// would be too coarse.
func processor(all []lap) float64 {
	var used time.Duration
	count := 0
	for _, l := range all {
		used += l.cpu
		count += l.count
	}
	return float64(used) / float64(time.Millisecond) / float64(count)
}
