package files

import (
	"bytes"
	"encoding/binary"
	"image"
)

// Cameras write pictures as the sensor lay and say beside it how to turn them (Exif 2.3, tag 0x0112). A
// thumbnail has nothing beside it, so it is turned itself.

// upright is the orientation of a picture that is not to be turned.
const upright = 1

// orientation reads how a JPEG is to be turned, 1 to 8, from its first bytes; upright where it does not say.
func orientation(head []byte) int {
	at := 2
	for at+4 <= len(head) && head[at] == 0xff && head[at+1] != 0xda {
		length := int(binary.BigEndian.Uint16(head[at+2:]))
		end := at + 2 + length
		if length < 2 || end > len(head) {
			return upright
		}
		if tiff, ok := bytes.CutPrefix(head[at+4:end], []byte("Exif\x00\x00")); ok && head[at+1] == 0xe1 {
			return tiffOrientation(tiff)
		}
		at = end
	}
	return upright
}

func tiffOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 {
		return upright
	}
	first := uint64(order.Uint32(tiff[4:]))
	if first+2 > uint64(len(tiff)) {
		return upright
	}
	const tag, entry = 0x0112, 12
	entries := tiff[first+2:]
	for range order.Uint16(tiff[first:]) {
		if len(entries) < entry {
			return upright
		}
		if order.Uint16(entries) == tag {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return upright
		}
		entries = entries[entry:]
	}
	return upright
}

// turn draws a picture upright that has an orientation.
func turn(m *image.RGBA, orientation int) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			toX, toY := turned(x, y, w, h, orientation)
			out.SetRGBA(toX, toY, m.RGBAAt(x, y))
		}
	}
	return out
}

func turned(x, y, w, h, orientation int) (toX, toY int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
