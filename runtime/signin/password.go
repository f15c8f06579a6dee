package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"tidewater/engine/fault"
)

// cost is what a guess costs: argon2id as the OWASP Password Storage Cheat Sheet recommends it, with
// 19 MiB of memory and two passes. A hash says under which cost it was made, so this may grow.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

const (
	saltBytes = 16
	hashBytes = 32
	// atOnce bounds the hashes under way, and with them the memory that strangers can make us use.
	atOnce = 2
)

func usualCost() cost { return cost{memory: 19 * 1024, passes: 2, threads: 1} }

// Passwords hashes and checks passwords. It is safe for concurrent use.
type Passwords struct {
	cost  cost
	turns chan struct{}
	decoy string // a hash of nothing anybody knows, for users who do not exist
	// derive is argon2id; tests watch it.
	derive func(password, salt []byte, passes, memory uint32, threads uint8, size uint32) []byte
}

// NewPasswords returns a ready Passwords.
func NewPasswords() *Passwords {
	p := &Passwords{cost: usualCost(), turns: make(chan struct{}, atOnce), derive: argon2.IDKey}
	p.decoy = p.hash([]byte(rand.Text()))
	return p
}

// Hash returns the hash of a password in PHC form.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.turn(ctx); err != nil {
		return "", err
	}
	defer p.done()
	return p.hash([]byte(normal(password))), nil
}

// Check tells whether a password belongs to a hash. An empty hash is that of a user who does not exist:
// the answer is no and takes as long.
func (p *Passwords) Check(ctx context.Context, hash, password string) (bool, error) {
	if err := p.turn(ctx); err != nil {
		return false, err
	}
	defer p.done()
	known := hash != ""
	if !known {
		hash = p.decoy
	}
	c, salt, want, err := parseHash(hash)
	if err != nil {
		return false, fault.New(fault.Internal, "store.corrupt").In("signin.check").Because(err)
	}
	got := p.derive([]byte(normal(password)), salt, c.passes, c.memory, c.threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (p *Passwords) turn(ctx context.Context) error {
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "limit.busy").In("signin.password").Because(ctx.Err())
	}
}

func (p *Passwords) done() { <-p.turns }

func (p *Passwords) hash(password []byte) string {
	salt := make([]byte, saltBytes)
	// crypto/rand never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(salt)
	sum := p.derive(password, salt, p.cost.passes, p.cost.memory, p.cost.threads, hashBytes)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, p.cost.memory, p.cost.passes, p.cost.threads, enc(salt), enc(sum))
}

func parseHash(hash string) (c cost, salt, sum []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost{}, nil, nil, errors.New("not an argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil {
		return cost{}, nil, nil, err
	}
	salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	if err == nil {
		sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err == nil && (len(salt) == 0 || len(sum) == 0 || c.passes == 0 || c.threads == 0) {
		err = errors.New("an argon2id hash without its parts")
	}
	return c, salt, sum, err
}

// normal makes the same characters the same bytes, whichever keyboard made them.
func normal(password string) string { return norm.NFC.String(password) }

const (
	minPassword = 10  // characters
	maxPassword = 128 // characters
)

// common are those that guessers try first and that are long enough to pass otherwise.
func common() []string {
	return []string{
		"1234567890", "0123456789", "0987654321", "9876543210", "password123", "password1234", "passw0rd123",
		"qwertyuiop", "1q2w3e4r5t", "1qaz2wsx3edc", "qwerty12345", "qwerty123456", "administrator", "adminadmin",
		"iloveyou123", "1111111111", "0000000000", "a123456789", "abc1234567", "123456789a", "woaini1314", "woaini520520",
		"tidewater1", "tidewater123", "changeme123", "letmein123", "welcome123", "welcome1234",
	}
}

// CheckNew holds a new password against the rules. Faults are Invalid, with one issue at path.
func CheckNew(path, username, password string) error {
	var issues fault.Issues
	folded := strings.ToLower(password)
	switch length := utf8.RuneCountInString(password); {
	case length < minPassword:
		issues.Add(path, "auth.passwordShort", "min", minPassword)
	case length > maxPassword:
		issues.Add(path, "auth.passwordLong", "max", maxPassword)
	case slices.Contains(common(), folded), strings.Contains(folded, strings.ToLower(username)) && username != "" && length < minPassword+4:
		issues.Add(path, "auth.passwordCommon")
	}
	return issues.Fault("signin.password", "record.invalid")
}
