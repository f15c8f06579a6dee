package notify

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Way is how a kind goes by a channel.
type Way string

const (
	Now    Way = "now"
	Digest Way = "digest" // once a day, with what else came together
	Never  Way = "never"
)

// Ways lists all ways.
func Ways() []Way { return []Way{Now, Digest, Never} }

// Choices are what somebody wants to hear of, by which way, and when not.
type Choices struct {
	// Off are kinds that they are not told of at all.
	Off []Kind `json:"off"`
	// Ways says by kind how it goes by a channel; a kind that is not named goes as is usual there.
	Ways map[Channel]map[Kind]Way `json:"ways,omitempty"`
	// DigestAt is when they get what has come together, "08:30" by the tenant's clocks; "": at the usual time.
	DigestAt string `json:"digestAt,omitempty"`
	// Quiet are hours in which nothing is sent to them; nil: none.
	Quiet *Quiet `json:"quiet,omitempty"`
}

// Quiet are hours of the day by the tenant's clocks, "22:00" to "07:30": they may go over midnight.
type Quiet struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// UsualDigest is when digests are sent where nobody has said otherwise.
const UsualDigest = "08:30"

// Way says how a kind goes by a channel; usual is how it does where nobody has said otherwise.
func (c Choices) Way(kind Kind, channel Channel, usual Way) Way {
	if slices.Contains(c.Off, kind) {
		return Never
	}
	if way, chosen := c.Ways[channel][kind]; chosen {
		return way
	}
	return usual
}

// DigestAfter is the first time after an instant at which digests are sent.
func (c Choices) DigestAfter(at time.Time, zone *time.Location) time.Time {
	clock := c.DigestAt
	if clock == "" {
		clock = UsualDigest
	}
	minute, _ := minuteOf(clock)
	return next(minute, at, zone)
}

// next is the first time after an instant at which clocks show a minute of the day.
func next(minute int, at time.Time, zone *time.Location) time.Time {
	for day := value.DayOf(at, zone); ; day = value.AddDays(day, 1) {
		if then := value.TimeOn(day, minute/60, minute%60, zone); then.After(at) {
			return then
		}
	}
}

// LoudAt is the instant itself, or the end of the quiet hours that it falls into.
func (c Choices) LoudAt(at time.Time, zone *time.Location) time.Time {
	if c.Quiet == nil {
		return at
	}
	from, _ := minuteOf(c.Quiet.From)
	to, _ := minuteOf(c.Quiet.To)
	local := at.In(zone)
	now := local.Hour()*60 + local.Minute()
	within := from <= now && now < to
	if from > to {
		within = now >= from || now < to
	}
	if !within {
		return at
	}
	// Where clocks are put back into the quiet hours the end may have been shown already: then so long as clocks say.
	left := time.Duration((to-now+minutesInDay)%minutesInDay) * time.Minute
	end, shown := next(to, at, zone), at.Truncate(time.Minute).Add(left)
	if shown.Before(end) {
		return shown
	}
	return end
}

const minutesInDay = 24 * 60

// minuteOf reads "08:30" as a minute of the day.
func minuteOf(clock string) (int, bool) {
	if len(clock) != len("00:00") || clock[2] != ':' {
		return 0, false
	}
	hour, err := strconv.ParseUint(clock[:2], 10, 8)
	if err != nil || hour > 23 {
		return 0, false
	}
	minute, err := strconv.ParseUint(clock[3:], 10, 8)
	return int(hour*60 + minute), err == nil && minute < 60
}

// check holds choices, and puts them in order.
func (c *Choices) check() fault.Issues {
	var issues fault.Issues
	kind := func(path string, kind Kind) {
		if !slices.Contains(kinds, kind) {
			issues.Add(path, "notification.kind", "kind", string(kind))
		}
	}
	for _, one := range c.Off {
		kind("/off", one)
	}
	slices.Sort(c.Off)
	c.Off = slices.Compact(c.Off)
	for channel, ways := range c.Ways {
		path := "/channels/" + fault.Escape(string(channel))
		if !slices.Contains(channels, channel) {
			issues.Add(path, "channel.unknown", "channel", string(channel))
			continue
		}
		for one, way := range ways {
			kind(path, one)
			if !slices.Contains(Ways(), way) {
				issues.Add(path+"/"+fault.Escape(string(one)), "notification.way", "way", string(way))
			}
		}
	}
	if _, ok := minuteOf(c.DigestAt); c.DigestAt != "" && !ok {
		issues.Add("/digestAt", "notification.clock", "text", c.DigestAt)
	}
	if c.Quiet != nil {
		from, ok := minuteOf(c.Quiet.From)
		if !ok {
			issues.Add("/quiet/from", "notification.clock", "text", c.Quiet.From)
		}
		to, okTo := minuteOf(c.Quiet.To)
		if !okTo {
			issues.Add("/quiet/to", "notification.clock", "text", c.Quiet.To)
		}
		if ok && okTo && from == to {
			issues.Add("/quiet", "notification.quiet")
		}
	}
	slices.SortFunc(issues, func(a, b fault.Issue) int { return strings.Compare(a.Path, b.Path) })
	return issues
}

// Choices returns what somebody has chosen.
func (b *Inbox) Choices(ctx context.Context, user value.ID) (Choices, error) {
	return loadChoices(ctx, b.Store, user)
}

// Choose says anew what somebody wants to hear of. Faults: Invalid with issues "notification.kind",
// "notification.way", "notification.clock", "notification.quiet", "channel.unknown".
func (b *Inbox) Choose(ctx context.Context, user value.ID, c Choices) error {
	const op = "notify.choose"
	if err := c.check().Fault(op, "record.invalid"); err != nil {
		return err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, b.Store.Save(ctx, choices, store.Item{Key: string(user), Body: body}, store.AnyRevision))
}

func loadChoices(ctx context.Context, from store.Side, user value.ID) (c Choices, err error) {
	item, err := from.Load(ctx, choices, string(user))
	if fault.KindOf(err) == fault.NotFound {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal(item.Body, &c)
	}
	return c, fault.Wrap("notify.choices", err)
}
