package catalog

import (
	"maps"
	"regexp"
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

const maxKey = 40

var (
	goodKey     = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	goodVersion = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$`)
)

// decode reads every file into the struct of its kind.
func (c *compiler) decode() {
	if _, ok := c.bundle["app.json"]; !ok {
		c.say("app.json", "", fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "app.json"}})
	}
	for _, path := range c.bundle.paths() {
		if !KnownPath(path) {
			c.say(path, "", fault.Issue{Code: "meta.file"})
			continue
		}
		at, _ := placeOf(path)
		c.decodeFile(path, at)
	}
	c.decodeRules()
}

func (c *compiler) decodeFile(path string, at place) {
	data := c.bundle[path]
	switch at.kind {
	case "app":
		app, issues := meta.Decode[meta.App](data)
		c.app, c.hasApp = app, len(issues) == 0
		c.add(path, issues)
	case "form":
		key := value.FormKey(at.form)
		c.claimed[key] = true
		def, issues := meta.Decode[meta.Form](data)
		c.add(path, issues)
		if len(issues) == 0 {
			c.forms[key] = &Form{Key: key, Def: def, Title: def.Title, file: path, catalog: c.catalog}
		}
	case "view":
		view, issues := meta.Decode[meta.View](data)
		c.add(path, issues)
		if len(issues) == 0 {
			c.views[path] = view
		}
	case "role":
		role, issues := meta.Decode[meta.Role](data)
		c.add(path, issues)
		if len(issues) == 0 {
			c.roles[path] = role
		}
	case "table":
		decodeInto(c, c.decisions, at.kind, path)
	case "dashboard":
		decodeInto(c, c.dashboards, at.kind, path)
	case "script":
		decodeInto(c, c.scripts, at.kind, path)
	case "test":
		decodeInto(c, c.tests, at.kind, path)
	case "print":
		decodeInto(c, c.prints, at.kind, path)
	case "pool":
		decodeInto(c, c.pools, at.kind, path)
	case "flow":
		decodeInto(c, c.flows, at.kind, path)
	case "job":
		decodeInto(c, c.jobs, at.kind, path)
	}
}

// decodeRules reads rules that have files of their own, once all forms are known.
func (c *compiler) decodeRules() {
	for _, path := range c.bundle.paths() {
		at, _ := placeOf(path)
		if at.kind != "rule" {
			continue
		}
		rule, issues := meta.Decode[meta.Rule](c.bundle[path])
		c.add(path, issues)
		form, ok := c.forms[value.FormKey(at.form)]
		if !ok {
			if !c.claimed[value.FormKey(at.form)] {
				c.say(path, "", reference(at.form))
			}
			continue
		}
		if len(issues) == 0 {
			c.checkFileKey(path, "/key", rule.Key, at.key)
			form.Rules = append(form.Rules, &Rule{Def: rule, file: path})
		}
	}
}

func reference(key string) fault.Issue {
	return fault.Issue{Code: "meta.reference", Args: fault.Args{"key": key}}
}

// names holds keys against what keys may be and against the files they stand in.
func (c *compiler) names() {
	if c.hasApp {
		c.checkKey("app.json", "/key", c.app.Key)
		if !goodVersion.MatchString(c.app.Version) {
			c.say("app.json", "/version", fault.Issue{Code: "meta.version"})
		}
		if c.app.Alerts.ExportedPerDay < 0 {
			c.say("app.json", "/alerts/exportedPerDay", fault.Issue{Code: "field.min", Args: fault.Args{"min": 0}})
		}
		c.brand("app.json", c.app.Brand)
		for n, key := range c.app.Menu {
			if !c.claimed[key] {
				c.say("app.json", "/menu/"+strconv.Itoa(n), reference(string(key)))
			}
		}
	}
	for _, form := range c.inKeyOrder() {
		c.nameForm(form)
	}
	for _, path := range slices.Sorted(maps.Keys(c.views)) {
		at, _ := placeOf(path)
		c.checkFileKey(path, "/key", c.views[path].Key, at.key)
		c.checkFileKey(path, "/form", string(c.views[path].Form), at.form)
		c.checkLabel(path, "/label", c.views[path].Label)
	}
	for _, path := range slices.Sorted(maps.Keys(c.roles)) {
		at, _ := placeOf(path)
		c.checkFileKey(path, "/key", c.roles[path].Key, at.key)
		c.checkLabel(path, "/label", c.roles[path].Label)
	}
}

func (c *compiler) nameForm(form *Form) {
	at, _ := placeOf(form.file)
	c.checkFileKey(form.file, "/x-form", string(form.Def.Key), at.form)
	c.checkLabel(form.file, "/x-label", form.Def.Label)
	if form.Def.Type != "object" {
		c.say(form.file, "/type", fault.Issue{Code: "field.option", Args: fault.Args{"value": form.Def.Type}})
	}
	c.nameFields(form.file, "/properties", form.Def.Properties, reservedFields())
	for key, def := range form.Def.Properties {
		c.nameFields(form.file, "/properties/"+fault.Escape(string(key))+"/properties", def.Properties, []value.FieldKey{field.RowID})
	}
}

// reservedFields are names that every record has, or that expressions take for themselves.
func reservedFields() []value.FieldKey {
	return slices.Concat(value.SystemFields(), value.CustodyFields(), []value.FieldKey{value.SysShares, "actor", "old"})
}

func (c *compiler) nameFields(file, path string, fields map[value.FieldKey]meta.Field, reserved []value.FieldKey) {
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		at := path + "/" + fault.Escape(string(key))
		c.checkKey(file, at, string(key))
		c.checkLabel(file, at+"/x-label", fields[key].Label)
		if slices.Contains(reserved, key) {
			c.say(file, at, fault.Issue{Code: "meta.reserved", Args: fault.Args{"key": key}})
		}
	}
}

func (c *compiler) checkKey(file, path, key string) {
	if !goodKey.MatchString(key) || len(key) > maxKey {
		c.say(file, path, fault.Issue{Code: "meta.key", Args: fault.Args{"key": key, "max": maxKey}})
	}
}

// checkFileKey holds a key against the name of its file or folder: one thing has one name.
func (c *compiler) checkFileKey(file, path, key, named string) {
	c.checkKey(file, path, key)
	if key != named {
		c.say(file, path, fault.Issue{Code: "meta.fileKey", Args: fault.Args{"key": named}})
	}
}

func (c *compiler) checkLabel(file, path string, label meta.Label) {
	for _, locale := range []string{"zh-CN", "en"} {
		if label[locale] == "" {
			c.say(file, path, fault.Issue{Code: "meta.label", Args: fault.Args{"locale": locale}})
		}
	}
}
