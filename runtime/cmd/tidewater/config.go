package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"

	"tidewater/engine/fault"
)

// readConfig sets the flags that a JSON file names and the command line does not.
func readConfig(set *flag.FlagSet, path string) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fault.New(fault.NotFound, "config.invalid").With("name", "config").Because(err)
	}
	values := map[string]any{}
	if err := json.Unmarshal(data, &values); err != nil {
		return fault.New(fault.Malformed, "config.invalid").With("name", path).Because(err)
	}
	var given []string
	set.Visit(func(f *flag.Flag) { given = append(given, f.Name) })
	for name, v := range values {
		if name == "config" || set.Lookup(name) == nil {
			return fault.New(fault.Invalid, "config.invalid").With("name", name)
		}
		if slices.Contains(given, name) {
			continue
		}
		if err := set.Set(name, fmt.Sprint(v)); err != nil {
			return fault.New(fault.Invalid, "config.invalid").With("name", name).Because(err)
		}
	}
	return nil
}
