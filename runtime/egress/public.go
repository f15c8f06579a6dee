package egress

import "net/netip"

// special are address blocks that are not of the public internet, or lead back from it. Sources: the IANA
// registries of special-purpose IPv4 and IPv6 addresses (RFC 6890 and its updates).
var special = func() []netip.Prefix {
	var out []netip.Prefix
	for _, block := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		// Of IPv6, what is global unicast (below) but documentation, benchmarks, or a way to IPv4 within.
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		out = append(out, netip.MustParsePrefix(block))
	}
	return out
}()

// global is all that is global unicast in IPv6: what was never given out, and ways to IPv4 within such as
// 64:ff9b::/96, lie outside.
var global = netip.MustParsePrefix("2000::/3")

// public tells whether an address is one of the public internet.
func public(addr netip.Addr) bool {
	if addr.Zone() != "" {
		return false
	}
	addr = addr.Unmap()
	if addr.Is6() && !global.Contains(addr) {
		return false
	}
	for _, block := range special {
		if block.Contains(addr) {
			return false
		}
	}
	return addr.IsValid()
}
