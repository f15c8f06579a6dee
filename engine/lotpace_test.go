package engine

import (
	"testing"
	"time"
)

// Lots grow and shrink until one takes as long to write as whoever saves meanwhile may wait, on a quick machine and on a
// slow one.
func TestLotsTakeAsLongAsTheyMay(t *testing.T) {
	for _, c := range []struct {
		name string
		each time.Duration // that a record takes to be written
		want int           // records of a lot in the end
	}{
		{"no time", 0, lotMost},
		{"little", 200 * time.Microsecond, lotMost},
		{"as much as the first lot may", lotTime / lotFirst, lotFirst},
		{"more", lotTime / 60, 60},
		{"far more", time.Second, lotLeast},
	} {
		var p lotPace
		for range 8 {
			n := p.next()
			p.wrote(n, time.Duration(n)*c.each)
		}
		if got := p.next(); got != c.want {
			t.Errorf("%s: %d records, want %d", c.name, got, c.want)
		}
	}
}

// One lot that had to wait costs half of the next at most, and one that is the last of a job does not count for what it was
// quick with.
func TestLotsChangeByDegrees(t *testing.T) {
	var p lotPace
	if p.wrote(lotFirst, time.Hour); p.next() != lotFirst/2 {
		t.Errorf("%d after a long one", p.next())
	}
	if p.wrote(3, time.Millisecond); p.next() != lotFirst/2 {
		t.Errorf("%d after a short one", p.next())
	}
	if p.wrote(3, 2*lotTime); p.next() != lotLeast {
		t.Errorf("%d after a short one that took long", p.next())
	}
	if p.wrote(lotLeast, time.Millisecond); p.next() != lotLeast+lotLeast/4 {
		t.Errorf("%d after a quick one", p.next())
	}
}
