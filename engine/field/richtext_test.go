package field

import (
	"strings"
	"testing"

	"tidewater/engine/meta"
)

// TestRichTextKeepsNothingThatActs: of hostile markup the words may stay, and nothing that a browser runs,
// fetches or follows.
func TestRichTextKeepsNothingThatActs(t *testing.T) {
	def := &meta.Field{Kind: RichText}
	hostile := []string{
		`<p>a</p><script>alert(1)</script>`,
		`<p onclick="alert(1)">a</p>`,
		`a<img src=x onerror=alert(1)>`,
		`<a href="javascript:alert(1)">a</a>`,
		`<a href="JaVaScRiPt&#58;alert(1)">a</a>`,
		`<a href=" java&#x0a;script:alert(1)">a</a>`,
		`<a href="data:text/html,<script>alert(1)</script>">a</a>`,
		`<a href="/api/v1/auth/logout">a</a>`,
		`a<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
		`a<svg><script>alert(1)</script></svg>`,
		`a<svg/onload=alert(1)>`,
		`a<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
		`<p style="background:url(https://evil.example/x)">a</p>`,
		`a<style>@import 'https://evil.example/x';</style>`,
		`a<form action="https://evil.example"><input name=p></form>`,
		`a<link rel=stylesheet href=https://evil.example/x><base href=https://evil.example><meta http-equiv=refresh content=0>`,
		`<<script>script>alert(1)<</script>/script>a`,
		`a<!--[if gte IE 4]><script>alert(1)</script><![endif]-->`,
		`a<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`,
		`<p id="app" class="ant-modal" name="x">a</p>`,
	}
	for _, markup := range hostile {
		v, issues := richtextField{}.Decode(def, markup)
		kept, _ := v.(string)
		if len(issues) > 0 || !strings.Contains(kept, "a") {
			t.Errorf("%s: %v, %v", markup, v, issues)
		}
		for _, tag := range []string{"<script", "<img", "<svg", "<iframe", "<style", "<form", "<input", "<link", "<base", "<meta", "<math"} {
			if strings.Contains(strings.ToLower(kept), tag) {
				t.Errorf("%s keeps %s", markup, kept)
			}
		}
		for _, attribute := range []string{"onclick=", "onload=", "style=", "id=", "class=", "name=", "javascript", "data:", `href="/`} {
			if inTag(kept, attribute) {
				t.Errorf("%s keeps %s", markup, kept)
			}
		}
	}
}

// inTag tells whether a part stands within a tag and not in the text between tags.
func inTag(markup, part string) bool {
	for _, tag := range strings.Split(markup, "<")[1:] {
		inside, _, _ := strings.Cut(tag, ">")
		if strings.Contains(strings.ToLower(inside), part) {
			return true
		}
	}
	return false
}

func TestRichTextLinksTellNobody(t *testing.T) {
	v, _ := richtextField{}.Decode(&meta.Field{Kind: RichText}, `<p><a href="https://a.example/?a=1&amp;b=2" target=_self rel=opener>a</a></p>`)
	const want = `<p><a href="https://a.example/?a=1&amp;b=2" rel="nofollow noreferrer noopener" target="_blank">a</a></p>`
	if v != want {
		t.Errorf("%v", v)
	}
}

func TestRichTextIsBounded(t *testing.T) {
	def := &meta.Field{Kind: RichText}
	if v, issues := (richtextField{}).Decode(def, strings.Repeat("<p>水</p>", 1_200_000)); v != nil || len(issues) != 1 || issues[0].Code != "field.tooLong" {
		t.Errorf("10 MB: %v", issues)
	}
	// Depth costs nothing here, and the text is found.
	deep := strings.Repeat("<blockquote>", 8_000) + "深"
	v, issues := richtextField{}.Decode(def, deep)
	if have := (richtextField{}).Texts(def, v); len(issues) > 0 || len(have) != 1 || have[0] != "深" {
		t.Errorf("%v %v", have, issues)
	}
}

func TestRichTextReadsAsItsWords(t *testing.T) {
	def := &meta.Field{Kind: RichText}
	v, _ := richtextField{}.Decode(def, `<h2>计划</h2><ul><li>一&amp;二</li><li>三</li></ul><p>see <a href="https://a.example">here</a><br>&lt;b&gt;</p>`)
	if have := (richtextField{}).Title(def, v, ""); have != "计划\n一&二\n三\nsee here\n<b>" {
		t.Errorf("%q", have)
	}
}
