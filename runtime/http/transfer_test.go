package http

import "testing"

func FuzzRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-0", "bytes=-5", "bytes=5-", "bytes=9223372036854775807-", "bytes=1-4611686018427387905", "bytes=--", "x"} {
		f.Add(seed, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 1 {
			return // no file is empty
		}
		part, asked, ok := rangeOf(header, size)
		if !ok && asked {
			return
		}
		if part.offset < 0 || part.length < 1 || part.offset+part.length > size || part.offset+part.length < 0 || !asked && part != (span{0, size}) {
			t.Errorf("%q of %d bytes is %+v", header, size, part)
		}
	})
}
