package catalog

import (
	"strconv"
	"strings"

	"tidewater/engine/fault"
)

// cronFields are the least and the greatest value of each field: minute, hour, day of the month, month, day
// of the week.
var cronFields = [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}

// cron holds that a schedule can be read, see $defs/cron of the schemas.
func (s sheet) cron(path, schedule string) {
	if schedule == "" {
		return
	}
	parts := strings.Fields(schedule)
	ok := len(parts) == len(cronFields)
	for n := 0; ok && n < len(parts); n++ {
		ok = goodCronField(parts[n], cronFields[n])
	}
	if !ok {
		s.fault(path, fault.Issue{Code: "meta.cron"})
	}
}

// goodCronField reads a list of *, numbers and ranges, each perhaps with a step.
func goodCronField(text string, bounds [2]int) bool {
	for _, part := range strings.Split(text, ",") {
		span, step, stepped := strings.Cut(part, "/")
		if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1) {
			return false
		}
		if span == "*" {
			continue
		}
		low, high, ranged := strings.Cut(span, "-")
		from, err := strconv.Atoi(low)
		if err != nil || from < bounds[0] || from > bounds[1] || stepped && !ranged {
			return false
		}
		if to, err := strconv.Atoi(high); ranged && (err != nil || to < from || to > bounds[1]) {
			return false
		}
	}
	return true
}
