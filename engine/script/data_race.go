//go:build race

package script

// workerData bounds nothing in a test binary with the race detector, whose own books take more than any script.
const workerData = 1 << 46
