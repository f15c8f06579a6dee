package expr

import (
	"time"

	"tidewater/engine/value"
)

var dateFunctions = []function{
	{
		name: "today", group: Dates, gives: aDay, uses: usesClock,
		call: func(r *run, _ []any) (any, error) { return r.today(), nil }, example: `today()`, shows: `date("2026-01-31")`,
	},
	{
		name: "now", group: Dates, gives: aMoment, uses: usesClock,
		call:    func(r *run, _ []any) (any, error) { return instant(r.ctx.Now.UnixMilli()), nil },
		example: `now() > "2026-01-31T01:00:00+08:00"`, shows: `true`,
	},
	{
		name: "date", group: Dates, params: []param{{"x", days}}, gives: aDay,
		call: func(r *run, a []any) (any, error) { return r.dayOf(a[0]), nil }, example: `date(now())`, shows: `date("2026-01-31")`,
	},
	{
		name: "dateOf", group: Dates, params: []param{{"year", anInt}, {"month", anInt}, {"day", anInt}}, gives: aDay,
		call: dateOf, example: `dateOf(2026, 2, 28)`, shows: `date("2026-02-28")`,
	},
	{
		name: "addDays", group: Dates, params: []param{{"date", days}, {"n", anInt}}, gives: days, result: first,
		call:    func(r *run, a []any) (any, error) { return r.shift(a[0], a[1].(number), value.AddDays) },
		example: `addDays("2026-01-31", 1)`, shows: `date("2026-02-01")`,
	},
	{
		name: "addMonths", group: Dates, params: []param{{"date", days}, {"n", anInt}}, gives: days, result: first,
		call:    func(r *run, a []any) (any, error) { return r.shift(a[0], a[1].(number), value.AddMonths) },
		example: `addMonths("2026-01-31", 1)`, shows: `date("2026-02-28")`,
	},
	{
		name: "addHours", group: Dates, params: []param{{"time", aMoment}, {"n", anInt}}, gives: aMoment, call: addHours,
		example: `addHours("2026-01-31T23:00:00+08:00", 2) == "2026-02-01T01:00:00+08:00"`, shows: `true`,
	},
	{
		name: "daysBetween", group: Dates, params: []param{{"from", aDay}, {"to", aDay}}, gives: anInt,
		call: func(_ *run, a []any) (any, error) {
			return whole(value.DaysBetween(int64(a[0].(day)), int64(a[1].(day)))), nil
		},
		example: `daysBetween("2026-01-31", "2026-03-01")`, shows: `29`,
	},
	{
		name: "monthsBetween", group: Dates, params: []param{{"from", aDay}, {"to", aDay}}, gives: anInt,
		call: monthsBetween, example: `monthsBetween("2026-01-15", "2026-04-14")`, shows: `2`,
	},
	{
		name: "hoursBetween", group: Dates, params: []param{{"from", aMoment}, {"to", aMoment}}, gives: anInt,
		call: hoursBetween, example: `hoursBetween("2026-01-31T08:00:00+08:00", "2026-01-31T17:59:00+08:00")`, shows: `9`,
	},
	{
		name: "startOfWeek", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call: startOfWeek, example: `startOfWeek("2026-01-31")`, shows: `date("2026-01-26")`,
	},
	{
		name: "startOfMonth", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call:    func(r *run, a []any) (any, error) { return r.dayOf(a[0])/100*100 + 1, nil },
		example: `startOfMonth("2026-01-31")`, shows: `date("2026-01-01")`,
	},
	{
		name: "endOfMonth", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call:    func(r *run, a []any) (any, error) { return lastOf(r.dayOf(a[0])), nil },
		example: `endOfMonth("2028-02-05")`, shows: `date("2028-02-29")`,
	},
	{
		name: "startOfQuarter", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call:    startOfQuarter,
		example: `startOfQuarter("2026-05-20")`, shows: `date("2026-04-01")`,
	},
	{
		name: "endOfQuarter", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call:    endOfQuarter,
		example: `endOfQuarter("2026-05-20")`, shows: `date("2026-06-30")`,
	},
	{
		name: "startOfYear", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call:    func(r *run, a []any) (any, error) { return r.dayOf(a[0])/10000*10000 + 101, nil },
		example: `startOfYear("2026-05-20")`, shows: `date("2026-01-01")`,
	},
	{
		name: "endOfYear", group: Dates, params: []param{{"date", days}}, gives: aDay,
		call:    func(r *run, a []any) (any, error) { return r.dayOf(a[0])/10000*10000 + 1231, nil },
		example: `endOfYear("2026-05-20")`, shows: `date("2026-12-31")`,
	},
	{
		name: "year", group: Dates, params: []param{{"date", days}}, gives: anInt,
		call: datePart(func(d day) int64 { return int64(d / 10000) }), example: `year("2026-01-31")`, shows: `2026`,
	},
	{
		name: "quarter", group: Dates, params: []param{{"date", days}}, gives: anInt,
		call: datePart(quarter), example: `quarter("2026-05-20")`, shows: `2`,
	},
	{
		name: "month", group: Dates, params: []param{{"date", days}}, gives: anInt,
		call: datePart(func(d day) int64 { return int64(d / 100 % 100) }), example: `month("2026-01-31")`, shows: `1`,
	},
	{
		name: "day", group: Dates, params: []param{{"date", days}}, gives: anInt,
		call: datePart(func(d day) int64 { return int64(d % 100) }), example: `day("2026-01-31")`, shows: `31`,
	},
	{
		name: "weekday", group: Dates, params: []param{{"date", days}}, gives: anInt,
		call: datePart(isoWeekday), example: `weekday("2026-01-31")`, shows: `6`,
	},
	{
		name: "hour", group: Dates, params: []param{{"time", aMoment}}, gives: anInt, call: hour,
		example: `hour("2026-01-31T01:30:00Z")`, shows: `9`,
	},
}

var workdayFunctions = []function{
	{
		name: "addWorkdays", group: Workdays, params: []param{{"date", aDay}, {"n", anInt}}, gives: aDay, uses: usesCalendar, call: addWorkdays,
		example: `addWorkdays("2026-01-30", 1)`, shows: `date("2026-02-02")`,
	},
	{
		name: "workdays", group: Workdays, params: []param{{"from", aDay}, {"to", aDay}}, gives: anInt, uses: usesCalendar, call: workdays,
		example: `workdays("2026-01-30", "2026-02-02")`, shows: `1`,
	},
	{
		name: "isWorkday", group: Workdays, params: []param{{"date", days}}, gives: aBool, uses: usesCalendar, call: isWorkday,
		example: `isWorkday("2026-01-31")`, shows: `false`,
	},
	{
		name: "nextWorkday", group: Workdays, params: []param{{"date", days}}, gives: aDay, uses: usesCalendar, call: nextWorkday,
		example: `nextWorkday("2026-01-31")`, shows: `date("2026-02-02")`,
	},
}

func datePart(get func(day) int64) func(*run, []any) (any, error) {
	return func(r *run, a []any) (any, error) { return whole(get(r.dayOf(a[0]))), nil }
}

func quarter(d day) int64 { return int64(d/100%100+2) / 3 }

func startOfQuarter(r *run, a []any) (any, error) {
	d := r.dayOf(a[0])
	return d/10000*10000 + day(quarter(d)*300-199), nil
}

func endOfQuarter(r *run, a []any) (any, error) {
	d := r.dayOf(a[0])
	return lastOf(d/10000*10000 + day(quarter(d)*300)), nil
}

// lastOf is the last day of a day's month.
func lastOf(d day) day {
	last := d/100*100 + 31
	for !value.ValidDay(int64(last)) {
		last--
	}
	return last
}

func dateOf(_ *run, a []any) (any, error) {
	var parts [3]int64
	for n := range parts {
		part, ok := toInt(a[n].(number))
		if !ok || part < 1 || part > 9999 {
			return nil, errDay()
		}
		parts[n] = part
	}
	d := value.Day(int(parts[0]), time.Month(parts[1]), int(parts[2]))
	if d == 0 {
		return nil, errDay()
	}
	return day(d), nil
}

// maxHours is about as many as there are between the first day and the last.
const maxHours = 24 * 366 * 10_000

func addHours(_ *run, a []any) (any, error) {
	n, ok := toInt(a[1].(number))
	if !ok || n > maxHours || n < -maxHours {
		return nil, errDay()
	}
	to := int64(a[0].(instant)) + n*time.Hour.Milliseconds()
	if !value.ValidDay(value.DayOf(time.UnixMilli(to), time.UTC)) {
		return nil, errDay()
	}
	return instant(to), nil
}

// hoursBetween counts those that have passed whole, towards zero.
func hoursBetween(_ *run, a []any) (any, error) {
	return whole((int64(a[1].(instant)) - int64(a[0].(instant))) / time.Hour.Milliseconds()), nil
}

func hour(r *run, a []any) (any, error) {
	return whole(int64(time.UnixMilli(int64(a[0].(instant))).In(r.zone()).Hour())), nil
}

// monthsBetween counts those that have passed whole: how many addMonths may add without going beyond.
func monthsBetween(_ *run, a []any) (any, error) {
	from, to, sign := int64(a[0].(day)), int64(a[1].(day)), int64(1)
	if to < from {
		from, to, sign = to, from, -1
	}
	months := (to/10000-from/10000)*12 + to/100%100 - from/100%100
	if value.AddMonths(from, months) > to {
		months--
	}
	return whole(sign * months), nil
}

func startOfWeek(r *run, a []any) (any, error) {
	d := r.dayOf(a[0])
	to := value.AddDays(int64(d), 1-isoWeekday(d))
	if to == 0 {
		return nil, errDay()
	}
	return day(to), nil
}

func addWorkdays(r *run, a []any) (any, error) {
	if r.ctx.Calendar == nil {
		return nil, errNoCalendar()
	}
	return r.shift(a[0], a[1].(number), r.ctx.Calendar.AddWorkdays)
}

func workdays(r *run, a []any) (any, error) {
	if r.ctx.Calendar == nil {
		return nil, errNoCalendar()
	}
	return whole(r.ctx.Calendar.WorkdaysBetween(int64(a[0].(day)), int64(a[1].(day)))), nil
}

func isWorkday(r *run, a []any) (any, error) {
	if r.ctx.Calendar == nil {
		return nil, errNoCalendar()
	}
	return r.ctx.Calendar.IsWorkday(int64(r.dayOf(a[0]))), nil
}

// nextWorkday is the day itself, if one works on it.
func nextWorkday(r *run, a []any) (any, error) {
	if r.ctx.Calendar == nil {
		return nil, errNoCalendar()
	}
	to := r.ctx.Calendar.NextWorkday(int64(r.dayOf(a[0])))
	if to == 0 {
		return nil, errDay()
	}
	return day(to), nil
}
