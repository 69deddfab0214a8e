"""Which network addresses lie outside: everything else is this machine or its neighbours."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address

GLOBAL_IPV6 = ip_network("2000::/3")
"""The only part of IPv6 from which addresses on the internet are given (RFC 4291)."""

CARRIES_IPV4 = (
    (ip_network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (ip_network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ip_network("2002::/16"), 80),  # 6to4, RFC 3056
)
"""Networks whose addresses lead to an IPv4 address, and how far from the right it stands."""

NEVER = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # for protocols; some providers serve secrets of their machines in it
        "192.88.99.0/24",  # the anycast of 6to4
        "198.18.0.0/15",  # for benchmarks
        "64:ff9b:1::/48",  # NAT64 of a local network, RFC 8215
        "2001::/23",  # Teredo and others that lead elsewhere
        "2001:db8::/32",  # for documents
    )
)
ISATAP = (0x00005EFE, 0x02005EFE)
"""The third quarter of an IPv6 address whose last one is an IPv4 address (RFC 5214)."""


def is_outside(address: str) -> bool:
    """Whether an address is one on the internet, however it is written.

    Forms of IPv6 that lead to an IPv4 address count as that one: `::ffff:127.0.0.1` is this
    machine.
    """
    try:
        return _is_outside(ip_address(address))
    except ValueError:  # no address, or one with a zone, which only neighbours have
        return False


def _is_outside(address: IpAddress) -> bool:
    inner = carried(address)
    if inner is not None:
        return _is_outside(inner)
    if any(address in network for network in NEVER):
        return False
    if isinstance(address, IPv6Address):
        return (
            address in GLOBAL_IPV6
            and address.is_global
            and (int(address) >> 32) & 0xFFFFFFFF not in ISATAP
        )
    return address.is_global and not (address.is_multicast or address.is_reserved)


def carried(address: IpAddress) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to, or None."""
    if isinstance(address, IPv6Address) and address.scope_id is None:
        for network, shift in CARRIES_IPV4:
            if address in network:
                return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return None
