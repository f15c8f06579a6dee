package field

import (
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// checkOptions finds missing, empty and double options; deep ones only where levels are allowed.
func checkOptions(options []meta.Option, deep bool, path string) fault.Issues {
	var issues fault.Issues
	if len(options) == 0 {
		issues.Add(path, "meta.missing", "key", "x-options")
	}
	seen := map[string]bool{}
	for n, o := range options {
		at := path + "/" + strconv.Itoa(n)
		switch {
		case o.Value == "":
			issues.Add(at+"/value", "field.required")
		case seen[o.Value]:
			issues.Add(at+"/value", "meta.duplicate", "key", o.Value)
		}
		seen[o.Value] = true
		if len(o.Children) == 0 {
			continue
		}
		if !deep {
			issues.Add(at+"/children", "meta.unknownKey", "key", "children")
			continue
		}
		issues = append(issues, checkOptions(o.Children, deep, at+"/children")...)
	}
	return issues
}

// refuseStageKeys finds what only a stage's options may say.
func refuseStageKeys(options []meta.Option, path string) fault.Issues {
	var issues fault.Issues
	for n, o := range options {
		at := path + "/" + strconv.Itoa(n)
		if o.Probability != nil {
			issues.Add(at+"/probability", "meta.unknownKey", "key", "probability")
		}
		if o.Closed != "" {
			issues.Add(at+"/closed", "meta.unknownKey", "key", "closed")
		}
		issues = append(issues, refuseStageKeys(o.Children, at+"/children")...)
	}
	return issues
}

// OptionOf returns the option with a value among these, not among their children.
func OptionOf(options []meta.Option, v string) (meta.Option, bool) {
	at := slices.IndexFunc(options, func(o meta.Option) bool { return o.Value == v })
	if at < 0 {
		return meta.Option{}, false
	}
	return options[at], true
}

func decodeOption(options []meta.Option, raw any) (value.Value, fault.Issues) {
	s, issues := clean(raw, false)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	if _, ok := OptionOf(options, s); !ok {
		return nil, refused("field.option", "value", s)
	}
	return s, nil
}

func optionValues(options []meta.Option) []any {
	out := make([]any, len(options))
	for n, o := range options {
		out[n] = o.Value
	}
	return out
}

// optionTexts are the labels of an option in all languages.
func optionTexts(options []meta.Option, v string) []string {
	o, ok := OptionOf(options, v)
	if !ok {
		return nil
	}
	texts := make([]string, 0, len(o.Label))
	for _, label := range o.Label {
		texts = append(texts, label)
	}
	slices.Sort(texts)
	return texts
}

// labelIn returns a label in a locale, else in Chinese, English, any, else the value itself.
func labelIn(label meta.Label, locale, otherwise string) string {
	for _, l := range []string{locale, "zh-CN", "en"} {
		if text := label[l]; text != "" {
			return text
		}
	}
	return otherwise
}
