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

// measure runs do b.N times and reports the median and the 99th part of a hundred, in microseconds; it returns
// the median.
func measure(b *testing.B, do func() error) time.Duration {
	b.Helper()
	for range 20 {
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for range b.N {
		from := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(from))
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
	return took[len(took)/2]
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
	var bare time.Duration
	b.Run("echo", func(b *testing.B) { bare = measure(b, echo(150)) })
	b.Run("no-op", func(b *testing.B) {
		took := measure(b, hook("", call))
		b.ReportMetric(float64(took)/float64(max(bare, 1)), "x-echo")
		b.ReportMetric(3, "x-echo-asked")
	})
	b.Run("25 fields", func(b *testing.B) {
		measure(b, hook(`record.number1 = record.number2 + 1 record.text1 = record.text2 .. "!" record.price1 = record.price2 * 2`, with))
		b.ReportMetric(250, "p50-µs-asked")
	})
	b.Run("one question", func(b *testing.B) { measure(b, hook(`get("thing", "x")`, call)) })
}
