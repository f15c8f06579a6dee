package script_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tidewater/engine/script"
)

// wide is a record of 25 fields.
func wide() map[string]any {
	record := map[string]any{}
	for n := range 10 {
		record[fmt.Sprintf("text%d", n)] = "some words that people have typed"
		record[fmt.Sprintf("number%d", n)] = int64(n * 1000)
	}
	for n := range 5 {
		record[fmt.Sprintf("price%d", n)] = script.Decimal("1234.50")
	}
	return record
}

// measure runs do b.N times, each after baseline, and reports the median and the 99th part of a hundred of do, in
// microseconds, and how many times the median of baseline its own is: by turns, so that both find the machine alike.
func measure(b *testing.B, baseline, do func() error) {
	b.Helper()
	timed := func(do func() error) time.Duration {
		from := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		return time.Since(from)
	}
	for range 20 {
		timed(baseline)
		timed(do)
	}
	bare, took := make([]time.Duration, 0, b.N), make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for range b.N {
		bare = append(bare, timed(baseline))
		took = append(took, timed(do))
	}
	b.StopTimer()
	slices.Sort(bare)
	slices.Sort(took)
	half := took[len(took)/2]
	b.ReportMetric(float64(half.Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
	b.ReportMetric(float64(half)/float64(max(bare[len(bare)/2], 1)), "x-echo")
}

// BenchmarkHook measures hooks against an echo of as many bytes through the same pipe.
func BenchmarkHook(b *testing.B) {
	pool := newPool(b)
	box := pool.Box("bench")
	hook := func(source string, call script.Call) func() error {
		s := of(source)
		s.Limits.Time = time.Minute
		return func() error {
			_, err := box.Run(b.Context(), script.Waiting, s, call, &asked{answers: map[string]any{"get": map[string]any{"a": int64(1)}}})
			return err
		}
	}
	call := script.Call{Event: "beforeUpdate", Actor: map[string]any{"id": "kim"}, Now: "2026-03-31T04:00:00.000Z", Today: "2026-03-31"}
	with := call
	with.Record, with.Old = wide(), wide()
	echo := func(bytes int) func() error {
		body := make([]byte, bytes)
		return func() error { return box.Echo(b.Context(), body) }
	}
	b.Run("echo", func(b *testing.B) { measure(b, echo(150), echo(150)) })
	b.Run("no-op", func(b *testing.B) {
		measure(b, echo(150), hook("", call))
		b.ReportMetric(3, "x-echo-asked")
	})
	b.Run("25 fields", func(b *testing.B) {
		measure(b, echo(150), hook(`record.number1 = record.number2 + 1 record.text1 = record.text2 .. "!" record.price1 = record.price2 * 2`, with))
		b.ReportMetric(250, "p50-µs-asked")
	})
	b.Run("one question", func(b *testing.B) { measure(b, echo(150), hook(`get("thing", "x")`, call)) })
}
