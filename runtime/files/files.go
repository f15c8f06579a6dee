// Package files takes files in and gives them out: it holds their limits, tells their type by their bytes,
// cleans their names and makes thumbnails. Where the bytes rest is the store's business; who may read a
// file and which field it belongs to is package record's. It knows no HTTP.
package files

import (
	"sync"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Limits are an operator's settings; where one is 0, that of Defaults holds.
type Limits struct {
	File   int64             // bytes of one file
	Import int64             // bytes of one that only an import reads
	Tenant record.FileLimits // all files of one tenant
	Pixels int64             // of a picture whose thumbnail is made: decoding takes up to 12 bytes for each
	AtOnce int               // uploads of one person at the same time
}

// Defaults are limits for a company on one machine.
func Defaults() Limits {
	return Limits{
		File: 20 << 20, Import: 300 << 20, Tenant: record.FileLimits{Files: 100_000, Bytes: 10 << 30}, Pixels: 24_000_000, AtOnce: 4,
	}
}

func (l Limits) filled() Limits {
	d := Defaults()
	return Limits{
		File: or(l.File, d.File), Import: or(l.Import, d.Import), Pixels: or(l.Pixels, d.Pixels), AtOnce: or(l.AtOnce, d.AtOnce),
		Tenant: record.FileLimits{Files: or(l.Tenant.Files, d.Tenant.Files), Bytes: or(l.Tenant.Bytes, d.Tenant.Bytes)},
	}
}

func or[N int | int64](n, otherwise N) N {
	if n == 0 {
		return otherwise
	}
	return n
}

// Service is the way in and out. It is safe for concurrent use.
type Service struct {
	limits   Limits
	decoding chan struct{} // one picture at a time: that is what takes memory

	mu      sync.Mutex
	uploads map[person]int
}

// person is somebody of a tenant.
type person struct {
	door *record.Service
	id   value.ID
}

// New returns a Service that holds these limits.
func New(limits Limits) *Service {
	return &Service{limits: limits.filled(), decoding: make(chan struct{}, 1), uploads: map[person]int{}}
}

// retry is after how many seconds somebody with too many uploads may come again.
const retry = 5

// enter lets a person begin one more upload, until leave: Throttled "file.busy".
func (s *Service) enter(who person) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uploads[who] >= s.limits.AtOnce {
		return nil, fault.New(fault.Throttled, "file.busy").In("files.take").With("seconds", retry)
	}
	s.uploads[who]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.uploads[who]--; s.uploads[who] == 0 {
			delete(s.uploads, who)
		}
	}, nil
}
