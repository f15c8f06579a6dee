package catalog

import (
	"time"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// Reminder is a field whose time is told, when it has come, to whoever has the record.
type Reminder struct {
	Field *Field

	when         *expr.Program // nil: always
	hour, minute int           // of the day, where the field holds days
}

// reminder compiles what a field says of being reminded.
func (c *compiler) reminder(form *Form, f *Field, env expr.Env, at string) {
	for _, column := range f.Columns {
		if column.Def.Remind != nil {
			inTable := at[:len(at)-len("/x-remind")] + "/properties/" + fault.Escape(string(column.Key)) + "/x-remind"
			c.say(form.file, inTable, fault.Issue{Code: "meta.unsuited"})
		}
	}
	def := f.Def.Remind
	if def == nil {
		return
	}
	if f.As.Kind != field.Date && f.As.Kind != field.Datetime {
		c.say(form.file, at, fault.Issue{Code: "meta.fieldOption", Args: fault.Args{"key": "x-remind", "kind": f.As.Kind}})
	}
	if def.At != "" && f.As.Kind != field.Date {
		c.say(form.file, at+"/at", fault.Issue{Code: "meta.unsuited"})
	}
	env.Actor = false
	r := &Reminder{Field: f, when: c.program(form.file, at+"/when", def.When, env, condition)}
	r.hour, r.minute = timeOfDay(def.At, defaultRemindHour)
	form.Reminders = append(form.Reminders, r)
}

// ByDay tells whether the field holds days, else instants.
func (r *Reminder) ByDay() bool { return r.Field.As.Kind == field.Date }

// Wants tells whether anybody is to be reminded of a record, as it is now; where that fails, nobody is.
func (r *Reminder) Wants(one *value.Record, ctx expr.Context) bool {
	if r.when == nil {
		return true
	}
	holds, err := r.when.Holds(ctx, one.WithSystem())
	return err == nil && holds
}

// Instant is when the time that the field holds has come.
func (r *Reminder) Instant(at int64, zone *time.Location) time.Time {
	if r.ByDay() {
		return value.TimeOn(at, r.hour, r.minute, zone)
	}
	return time.UnixMilli(at)
}

// Reached is the last value of the field that has come by now: an instant, or a day, 0 where it is none. On days off
// no day comes: it waits for the next that people work on.
func (r *Reminder) Reached(now time.Time, zone *time.Location, week *org.Calendar) int64 {
	if !r.ByDay() {
		return now.UnixMilli()
	}
	today := value.DayOf(now, zone)
	if week != nil && !week.IsWorkday(today) || now.Before(r.Instant(today, zone)) {
		return 0
	}
	return today
}

// Before is the last value of the field that had come before a day began, and so is no news on it.
func (r *Reminder) Before(now time.Time, zone *time.Location) int64 {
	today := value.DayOf(now, zone)
	if r.ByDay() {
		return value.AddDays(today, -1)
	}
	return value.TimeOf(today, zone).UnixMilli() - 1
}
