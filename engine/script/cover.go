package script

import (
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

const (
	// maxCovered bounds the lines that a worker is believed; a source of MaxSource has no more.
	maxCovered = MaxSource
	// coverSteps is how many instructions are looked at: each costs many times what it does by itself.
	coverSteps = 200_000
)

// cover notes from now on which lines run.
func (r *run) cover() {
	r.covered = map[int]bool{}
	left := coverSteps
	r.meter.step = func() {
		if frame, ok := r.in.state.GetStack(0); ok {
			if _, err := r.in.state.GetInfo("l", frame, lua.LNil); err == nil {
				r.covered[frame.CurrentLine] = true
			}
		}
		if left--; left == 0 {
			r.meter.step = nil
		}
	}
}

// linesOf lists the lines of a source that have code.
func linesOf(proto *lua.FunctionProto) []int {
	lines := map[int]bool{}
	var add func(p *lua.FunctionProto)
	add = func(p *lua.FunctionProto) {
		for _, line := range p.DbgSourcePositions {
			lines[line] = true
		}
		for _, inner := range p.FunctionPrototypes {
			add(inner)
		}
	}
	add(proto)
	return slices.Sorted(maps.Keys(lines))
}
