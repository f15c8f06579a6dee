package files

import (
	"bufio"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Bounds of a thumbnail's longer side, in pixels.
const (
	MinThumbnail     = 16
	MaxThumbnail     = 512
	DefaultThumbnail = 256
)

// quality is that of JPEG thumbnails: at their size nobody sees more.
const quality = 80

// format is how pictures of a media type are read.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// pictures are the media types of field.Pictures.
var pictures = map[string]format{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode}, // the first frame of a moving one
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// Thumbnail is a small picture, encoded anew: nothing of the file's own bytes is in it.
type Thumbnail struct {
	Type string
	Data []byte
}

// Thumbnail draws a picture that the actor may read so that its longer side has size pixels at most.
// Faults: as record.File; Invalid "file.noThumbnail" for what is no picture or cannot be read as one,
// "file.pixels" for one that is too large to decode, which is known before; Unavailable "limit.busy".
func (s *Service) Thumbnail(ctx context.Context, door *record.Service, actor value.Actor, id value.ID, size int) (*Thumbnail, error) {
	const op = "files.thumbnail"
	f, err := door.File(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	none := fault.New(fault.Invalid, "file.noThumbnail").In(op)
	picture, ok := pictures[f.Type]
	if !ok {
		return nil, none
	}
	config, err := picture.config(wholeOf(ctx, door.Store, f))
	if err != nil {
		return nil, none.Because(err)
	}
	if weight(config) > s.limits.Pixels {
		return nil, fault.New(fault.Invalid, "file.pixels").In(op).With("max", s.limits.Pixels/1_000_000)
	}
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-ctx.Done():
		return nil, fault.New(fault.Unavailable, "limit.busy").In(op).Because(ctx.Err())
	}
	whole, err := picture.decode(wholeOf(ctx, door.Store, f))
	if err != nil {
		return nil, none.Because(err)
	}
	small := shrink(whole, size)
	head, err := door.Store.Piece(ctx, f.ID, 0)
	if err != nil {
		return nil, err
	}
	if how := orientation(head); f.Type == "image/jpeg" && how != upright {
		small = turn(small, how)
	}
	return encode(small)
}

func wholeOf(ctx context.Context, from store.Files, f store.File) io.Reader {
	return bufio.NewReader(NewReader(ctx, from, f, 0, f.Size))
}

// weight is a picture's pixels, those of 16 bits a colour counted twice.
func weight(c image.Config) int64 {
	pixels := int64(c.Width) * int64(c.Height)
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return 2 * pixels
	}
	return pixels
}

// shrink fits a picture into a square; a small one stays as large as it is.
func shrink(whole image.Image, size int) *image.RGBA {
	w, h := whole.Bounds().Dx(), whole.Bounds().Dy()
	longer := max(w, h)
	if longer > size {
		w, h = max(1, w*size/longer), max(1, h*size/longer)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(small, small.Bounds(), whole, whole.Bounds(), draw.Src, nil)
	return small
}

// encode writes JPEG, or PNG where something shines through.
func encode(small *image.RGBA) (*Thumbnail, error) {
	var out bytes.Buffer
	if small.Opaque() {
		err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality})
		return &Thumbnail{"image/jpeg", out.Bytes()}, err
	}
	err := png.Encode(&out, small)
	return &Thumbnail{"image/png", out.Bytes()}, err
}
