package files

import (
	"fmt"
	"image"
	"image/color"
	"testing"
)

// exif is the head of a JPEG with an orientation, in one byte order or the other, behind another segment.
func exif(order string, orientation byte) []byte {
	comment := "\xff\xfe\x00\x06note"
	tiff := "MM\x00\x2a\x00\x00\x00\x08\x00\x02" + "\x01\x0f\x00\x02\x00\x00\x00\x01x\x00\x00\x00" + "\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) + "\x00\x00"
	if order == "II" {
		tiff = "II\x2a\x00\x08\x00\x00\x00\x01\x00" + "\x12\x01\x03\x00\x01\x00\x00\x00" + string(rune(orientation)) + "\x00\x00\x00"
	}
	body := "Exif\x00\x00" + tiff
	return []byte("\xff\xd8" + comment + "\xff\xe1\x00" + string(rune(len(body)+2)) + body + "\xff\xda")
}

func TestOrientationsAreRead(t *testing.T) {
	for _, order := range []string{"MM", "II"} {
		for n := byte(1); n <= 8; n++ {
			if got := orientation(exif(order, n)); got != int(n) {
				t.Errorf("%s %d is read as %d", order, n, got)
			}
		}
		if got := orientation(exif(order, 9)); got != upright {
			t.Errorf("an orientation that there is none of is read as %d", got)
		}
		whole := exif(order, 6)
		for cut := range len(whole) - 2 {
			if got := orientation(whole[:cut]); got != upright {
				t.Errorf("cut at %d: %d", cut, got)
			}
		}
	}
}

// TestPicturesAreTurnedUpright holds where the corner "a" and its neighbours "b" (right) and "c" (below) come to lie.
func TestPicturesAreTurnedUpright(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 3, 2))
	for i, name := range "abcdef" {
		m.SetRGBA(i%3, i/3, color.RGBA{R: uint8(name), A: 255})
	}
	want := map[int]string{
		1: "abc/def", 2: "cba/fed", 3: "fed/cba", 4: "def/abc", 5: "ad/be/cf", 6: "da/eb/fc", 7: "fc/eb/da", 8: "cf/be/ad",
	}
	for how, rows := range want {
		out := turn(m, how)
		got := ""
		for y := range out.Bounds().Dy() {
			if y > 0 {
				got += "/"
			}
			for x := range out.Bounds().Dx() {
				got += fmt.Sprintf("%c", out.RGBAAt(x, y).R)
			}
		}
		if got != rows {
			t.Errorf("orientation %d gives %s, want %s", how, got, rows)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(exif("MM", 6))
	f.Add(exif("II", 3))
	f.Fuzz(func(t *testing.T, head []byte) {
		if got := orientation(head); got < 1 || got > 8 {
			t.Errorf("orientation %d", got)
		}
	})
}
