package http_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"

	"tidewater/runtime/http/contract"
	"tidewater/runtime/http/wire"
)

// watch holds all that the tests send and get to the description of the API.
var watch *contract.Watch

// TestMain fails a whole run that leaves an operation which no test was granted.
func TestMain(m *testing.M) {
	flag.Parse()
	described, err := wire.OpenAPI("test", nil)
	if err == nil {
		watch, err = watchOver(described)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if isPart := flag.Lookup("test.run").Value.String() + flag.Lookup("test.skip").Value.String() + flag.Lookup("test.list").Value.String(); isPart == "" {
		for _, operation := range watch.Missed("/") {
			fmt.Println("described, and granted in no test:", operation)
			code = 1
		}
	}
	os.Exit(code)
}

func watchOver(described map[string]any) (*contract.Watch, error) {
	text, err := json.Marshal(described)
	if err != nil {
		return nil, err
	}
	return contract.NewWatch(text)
}
