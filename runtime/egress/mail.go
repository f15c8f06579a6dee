package egress

import (
	"context"
	"net"
	"slices"

	"tidewater/engine/fault"
)

// mailPorts are those on which servers take mail: SMTP (RFC 5321), submission by TLS (RFC 8314), submission
// (RFC 6409), and the one that many use where providers close 25.
var mailPorts = []string{"25", "465", "587", "2525"}

// Inside tells whether the operator has named a host, "host" or "host:port", that may be reached wherever it is.
func (c *Client) Inside(host, port string) bool { return c.inside(host, port) }

// DialMail opens a connection to a mail server, "host:port", within the same walls as a request; TLS is the
// caller's. Hosts outside are reached on the ports of mail alone, so that nobody looks around through it. Faults:
// Invalid "egress.forbidden"; Unavailable "egress.unreachable".
func (c *Client) DialMail(ctx context.Context, network, address string) (net.Conn, error) {
	const op = "egress.dialMail"
	host, port, err := net.SplitHostPort(address)
	if err != nil || !slices.Contains(mailPorts, port) && !c.inside(host, port) {
		return nil, fault.New(fault.Invalid, "egress.forbidden").In(op).With("host", host).Because(err)
	}
	conn, err := c.dial(ctx, network, address)
	if err != nil {
		return nil, fault.Wrap(op, unreachable(err))
	}
	return conn, nil
}
