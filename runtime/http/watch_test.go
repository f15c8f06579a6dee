package http_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"tidewater/engine/script/scripttest"
	"tidewater/runtime/http/contract"
	"tidewater/runtime/http/wire"
)

// watch holds all that the tests send and get to the description of the API.
var watch *contract.Watch

// TestMain fails a whole run that leaves an operation which no test was granted.
func TestMain(m *testing.M) {
	scripttest.Work()
	flag.Parse()
	described, err := wire.OpenAPI("test", nil)
	if err == nil {
		watch, err = contract.NewWatch(described)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(watch.Complain(os.Stdout, "/", m.Run()))
}
