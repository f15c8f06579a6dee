package catalog

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

const (
	// maxLogo bounds a logo in bytes: it comes with every catalog.
	maxLogo = 24 << 10
	// leastContrast is what WCAG 2.2 asks between text and its ground (success criterion 1.4.3).
	leastContrast = 4.5
)

// brand checks how the app shows whose it is. Nothing of it runs: pictures are only shown.
func (c *compiler) brand(file string, b *meta.Brand) {
	if b == nil {
		return
	}
	if len(b.Name) > 0 {
		c.checkLabel(file, "/brand/name", b.Name)
	}
	if b.Logo != "" && !isLogo(b.Logo) {
		c.say(file, "/brand/logo", fault.Issue{Code: "meta.brandLogo", Args: fault.Args{"max": maxLogo >> 10}})
	}
	if b.Accent == "" {
		return
	}
	contrast, ok := contrastToWhite(b.Accent)
	switch {
	case !ok:
		c.say(file, "/brand/accent", fault.Issue{Code: "meta.brandAccent"})
	case contrast < leastContrast:
		c.say(file, "/brand/accent", fault.Issue{Code: "meta.brandContrast", Args: fault.Args{"contrast": fmt.Sprintf("%.1f", contrast), "min": "4.5"}})
	}
}

// isLogo tells whether a data: address holds a picture of a kind that is taken.
func isLogo(address string) bool {
	kind, body, ok := strings.Cut(address, ";base64,")
	data, err := base64.StdEncoding.DecodeString(body)
	if !ok || err != nil || len(data) > maxLogo {
		return false
	}
	switch kind {
	case "data:image/png":
		return bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n"))
	case "data:image/svg+xml":
		return bytes.Contains(data, []byte("<svg"))
	}
	return false
}

// contrastToWhite is the contrast ratio of a colour to white, as WCAG 2.2 defines it, 1 to 21.
func contrastToWhite(colour string) (float64, bool) {
	digits, ok := strings.CutPrefix(colour, "#")
	rgb, err := hex.DecodeString(digits)
	if !ok || err != nil || len(rgb) != 3 {
		return 0, false
	}
	luminance := 0.0
	for n, weight := range []float64{0.2126, 0.7152, 0.0722} {
		part := float64(rgb[n]) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		luminance += weight * part
	}
	return 1.05 / (luminance + 0.05), true
}
