// Package once lets a request that makes something be sent again without making it twice: its answer is
// kept for a day in the transaction that makes it true. It is for what is no record and no job, which keep
// their own; of HTTP it knows nothing.
//
// An answer may hold a secret that is told once, such as an initial password. So it rests sealed with a key
// made of the client's own: whoever reads the store cannot open it, and the sender can.
package once

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Collection is where the items of a Keep go, each as a new one.
const Collection = "onceAnswer"

const life = 24 * time.Hour

// Asked is who asks for something, when, and where their answers rest.
type Asked struct {
	Side  store.Side
	Actor value.ID
	Now   time.Time
	Once  *record.Once // nil: each request stands for itself
}

// Keep makes the item that the transaction of a change has to save as a new one; nil when there is none to keep.
type Keep[T any] func(answer T) (*store.Item, error)

// kept is an answer as it rests.
type kept struct {
	Hash   []byte `json:"hash"`   // of the request's body
	Sealed []byte `json:"sealed"` // nonce, then the answer's JSON
}

// Do carries do out, or answers as it did when the same request came before. Faults: those of do, Invalid
// "idempotency.otherBody".
func Do[T any](ctx context.Context, a Asked, do func(keep Keep[T]) (T, error)) (T, error) {
	if a.Once == nil {
		return do(func(T) (*store.Item, error) { return nil, nil })
	}
	if answer, known, err := recall[T](ctx, a); known || err != nil {
		return answer, err
	}
	answer, err := do(func(answer T) (*store.Item, error) { return a.item(answer) })
	if err != nil {
		// What is refused now may be refused because the same request was carried out meanwhile.
		if earlier, known, again := recall[T](ctx, a); known && again == nil {
			return earlier, nil
		}
	}
	return answer, err
}

func recall[T any](ctx context.Context, a Asked) (answer T, known bool, err error) {
	const op = "once.recall"
	item, err := a.Side.Load(ctx, Collection, a.key())
	if fault.KindOf(err) == fault.NotFound {
		return answer, false, nil
	}
	if err != nil {
		return answer, false, fault.Wrap(op, err)
	}
	if !item.Expires.After(a.Now) {
		return answer, false, fault.Wrap(op, a.Side.Drop(ctx, Collection, item.Key))
	}
	corrupt := func(cause error) error {
		return fault.New(fault.Internal, "store.corrupt").In(op).At(Collection + "/" + item.Key).Because(cause)
	}
	var k kept
	if err := json.Unmarshal(item.Body, &k); err != nil {
		return answer, false, corrupt(err)
	}
	if string(k.Hash) != string(a.Once.Hash) {
		return answer, false, fault.New(fault.Invalid, "idempotency.otherBody").In(op)
	}
	seal, err := a.seal()
	if err != nil || len(k.Sealed) < seal.NonceSize() {
		return answer, false, corrupt(err)
	}
	plain, err := seal.Open(nil, k.Sealed[:seal.NonceSize()], k.Sealed[seal.NonceSize():], nil)
	if err != nil {
		return answer, false, corrupt(err)
	}
	if err := json.Unmarshal(plain, &answer); err != nil {
		return answer, false, corrupt(err)
	}
	return answer, true, nil
}

func (a Asked) item(answer any) (*store.Item, error) {
	const op = "once.item"
	plain, err := json.Marshal(answer)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	seal, err := a.seal()
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	nonce := make([]byte, seal.NonceSize())
	// crypto/rand never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(nonce)
	body, err := json.Marshal(kept{Hash: a.Once.Hash, Sealed: seal.Seal(nonce, nonce, plain, nil)})
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	return &store.Item{Key: a.key(), Expires: a.Now.Add(life), Body: body}, nil
}

// sum names the request for one purpose. The client's key comes last, for it may hold anything.
func (a Asked) sum(purpose string) [sha256.Size]byte {
	return sha256.Sum256([]byte(purpose + "\n" + string(a.Actor) + "\n" + a.Once.Route + "\n" + a.Once.Key))
}

func (a Asked) key() string {
	sum := a.sum("key")
	return hex.EncodeToString(sum[:])
}

func (a Asked) seal() (cipher.AEAD, error) {
	sum := a.sum("seal")
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
