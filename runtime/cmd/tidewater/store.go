package main

import (
	"cmp"
	"flag"
	"os"
	"strings"

	"tidewater/engine/fault"
	"tidewater/runtime/tenant"
)

const (
	// storeVariable names the environment's word on where the data is, for what says nothing of it: an address with a
	// password is not for command lines, which others can read.
	storeVariable = "TIDEWATER_STORE"
	storeMeaning  = "where the data is: a folder, sqlite:<folder>, mongodb://…, or file:<file with one of these>; default $" + storeVariable + ", else data"
	// inFile begins what is the name of a file with the address in it.
	inFile = "file:"
)

// storeFlag adds the one setting that says where the data is.
func storeFlag(set *flag.FlagSet) *string {
	return set.String("store", "", storeMeaning)
}

// storeAt reads that setting.
func storeAt(text string) (tenant.Address, error) {
	text = cmp.Or(text, os.Getenv(storeVariable), "data")
	if path, named := strings.CutPrefix(text, inFile); named {
		secret, err := os.ReadFile(path)
		if err != nil {
			return tenant.Address{}, fault.New(fault.NotFound, "config.invalid").With("name", "store").At(path).Because(err)
		}
		at, err := tenant.ParseAddress(strings.TrimSpace(string(secret)))
		if err != nil { // nothing of what is in the file is for eyes
			err = fault.New(fault.Invalid, "config.invalid").With("name", "store").At(path)
		}
		return at, err
	}
	return tenant.ParseAddress(text)
}
