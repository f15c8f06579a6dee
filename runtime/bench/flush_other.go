//go:build !unix

package bench

// flush does nothing where there is no way to ask the system for it.
func flush() {}
