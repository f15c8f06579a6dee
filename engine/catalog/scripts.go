package catalog

import (
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
)

// checkScripts checks scripts, prints and tests, and that each has the files beside it that it needs.
func (c *compiler) checkScripts() {
	for _, path := range sortedKeys(c.scripts) {
		c.checkScript(path, c.scripts[path])
	}
	for _, path := range sortedKeys(c.prints) {
		c.checkPrint(path, c.prints[path])
	}
	for _, path := range c.bundle.paths() {
		c.companion(path)
	}
}

// companions are files that mean something only beside another, by kind.
var companions = map[string][]string{"lua": {".lua", ".json"}, "page": {".html", ".json"}, "script": {".json", ".lua"}, "print": {".json", ".html"}}

// companion holds that a file has the other beside it that belongs to it.
func (c *compiler) companion(path string) {
	at, _ := placeOf(path)
	if at.kind == "test" {
		tested := strings.TrimSuffix(path, ".test.json") + ".json"
		if _, ok := c.bundle[tested]; !ok {
			c.say(path, "", reference(tested))
		}
		return
	}
	endings, ok := companions[at.kind]
	if !ok {
		return
	}
	other := strings.TrimSuffix(path, endings[0]) + endings[1]
	if _, ok := c.bundle[other]; !ok {
		c.say(path, "", fault.Issue{Code: "meta.missing", Args: fault.Args{"key": other}})
	}
}

func (c *compiler) checkScript(path string, def meta.Script) {
	at, _ := placeOf(path)
	c.checkFileKey(path, "/key", def.Key, at.key)
	c.checkFileKey(path, "/form", string(def.Form), at.form)
	s := c.sheetOf(path, "/form", def.Form)
	settings := map[meta.ScriptKind]bool{
		meta.ScriptHook: def.Hook != nil, meta.ScriptAction: def.Action != nil, meta.ScriptBatch: def.Batch != nil,
	}
	for _, kind := range sortedKeys(settings) {
		// What a hook works out before a save, jobs may have it work out for the records that there are.
		both := kind == meta.ScriptBatch && def.Hook != nil && slices.ContainsFunc(def.Hook.On, setsFields)
		if settings[kind] && kind != def.Kind && !both {
			s.unsuited("/" + string(kind))
		}
	}
	if needed, known := settings[def.Kind]; known && !needed && def.Kind != meta.ScriptBatch {
		s.missing("", string(def.Kind))
	}
	var when *expr.Program
	if def.Hook != nil {
		s.fields("/hook/fields", def.Hook.Fields)
		when = s.condition("/hook/when", def.Hook.When)
		before := slices.ContainsFunc(def.Hook.On, func(on string) bool { return strings.HasPrefix(on, "before") })
		if def.HTTP && before {
			s.unsuited("/http")
		}
	}
	if def.Action != nil {
		c.rolesKnown(path, "/action/roles", def.Action.Roles)
		if def.Action.On == meta.OnForm {
			when = s.ofNoRecord("/action/when", def.Action.When)
		} else {
			when = s.condition("/action/when", def.Action.When)
		}
		s.actionArgs("/action/args", def.Action.Args)
	}
	var over *expr.Pushed
	if def.Batch != nil {
		over = s.filter("/batch/filter", def.Batch.Filter)
	}
	c.addScript(path, def, when, over)
}

// setsFields tells whether a hook may set fields of its record at a moment.
func setsFields(on string) bool { return on == "beforeCreate" || on == "beforeUpdate" }

// reservedArgs are names that requests use beside the arguments.
var reservedArgs = []string{"reason", "values"}

// actionArgs holds that people can be asked for each argument of an action.
func (s sheet) actionArgs(at string, args []meta.ActionArg) {
	var seen []string
	for n, arg := range args {
		here := at + "/" + strconv.Itoa(n)
		s.unique(here+"/key", arg.Key, &seen)
		if slices.Contains(reservedArgs, arg.Key) {
			s.unsuited(here + "/key")
		}
		if isOption := arg.Kind == meta.ArgOption; isOption && len(arg.Options) == 0 {
			s.missing(here, "options")
		} else if !isOption && len(arg.Options) > 0 {
			s.unsuited(here + "/options")
		}
		if form := s.form; form != nil && arg.Kind == meta.ArgPool && !s.pooled(form.Key) {
			s.unsuited(here + "/kind")
		}
		var values []string
		for o, option := range arg.Options {
			s.unique(here+"/options/"+strconv.Itoa(o)+"/value", option.Value, &values)
		}
	}
}

func (c *compiler) checkPrint(path string, def meta.Print) {
	at, _ := placeOf(path)
	c.checkFileKey(path, "/key", def.Key, at.key)
	c.checkFileKey(path, "/form", string(def.Form), at.form)
	s := c.sheetOf(path, "/form", def.Form)
	c.rolesKnown(path, "/roles", def.Roles)
	s.condition("/when", def.When)
	s.gives("/fileName", def.FileName, expr.Type{Kind: expr.Text}, nil)
	s.field("/keep", def.Keep, field.Attachment)
	folder := strings.TrimSuffix(path, at.key+".json")
	for _, name := range sortedKeys(def.Images) {
		if _, ok := c.bundle[folder+def.Images[name]]; !ok {
			s.fault("/images/"+fault.Escape(name), reference(def.Images[name]))
		}
	}
}

// unavailable refuses what this version cannot run: an app must not seem to have what never happens.
func (c *compiler) unavailable() {
	for _, path := range c.bundle.paths() {
		at, _ := placeOf(path)
		switch at.kind {
		case "script":
			if def, ok := c.scripts[path]; ok {
				sheet{compiler: c, file: path}.scriptAvailable(def)
			}
		case "print", "flow":
			c.say(path, "", fault.Issue{Code: "meta.notAvailable"})
		case "job":
			for _, at := range unavailableOfJob(c.jobs[path]) {
				c.say(path, at, fault.Issue{Code: "meta.notAvailable"})
			}
		}
	}
	for _, path := range sortedKeys(c.pools) {
		for _, at := range unavailableIn(c.pools[path]) {
			c.say(path, at, fault.Issue{Code: "meta.notAvailable"})
		}
	}
}

// unavailableIn lists what a pool asks for that nothing does yet.
func unavailableIn(def meta.Pool) []string {
	if def.Claim != nil && def.Claim.Approval != "" {
		return []string{"/claim/approval"}
	}
	return nil
}
