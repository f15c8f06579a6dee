//go:build !race

package script

// workerData is the RLIMIT_DATA of a worker, in bytes: more ends the process.
const workerData = 256 << 20
