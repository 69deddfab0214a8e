"""Tells public network addresses from private and reserved ones."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address

GLOBAL_IPV6 = ip_network("2000::/3")
"""The only part of IPv6 that is allocated to the internet (RFC 4291)."""

EMBEDS_IPV4 = (
    (ip_network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (ip_network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ip_network("2002::/16"), 80),  # 6to4, RFC 3056
)
"""Networks whose addresses contain an IPv4 address, and how many bits follow it."""

FORBIDDEN_NETWORKS = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments; some clouds serve machine credentials here
        "192.88.99.0/24",  # 6to4 anycast
        "198.18.0.0/15",  # benchmarking
        "64:ff9b:1::/48",  # local-use NAT64, RFC 8215
        "2001::/23",  # Teredo and other protocols that tunnel elsewhere
        "2001:db8::/32",  # documentation
    )
)
ISATAP = (0x00005EFE, 0x02005EFE)
"""The third 32 bits of an IPv6 address whose last 32 bits are an IPv4 address (RFC 5214)."""


def is_public_address(address: str) -> bool:
    """Return whether a textual IP address is on the public internet.

    An IPv6 address that embeds an IPv4 address is judged by the latter: `::ffff:127.0.0.1` is
    this machine.
    """
    try:
        return _is_public(ip_address(address))
    except ValueError:  # not an address, or a link-local one with a zone
        return False


def _is_public(address: IpAddress) -> bool:
    embedded = embedded_ipv4(address)
    if embedded is not None:
        return _is_public(embedded)
    if any(address in network for network in FORBIDDEN_NETWORKS):
        return False
    if isinstance(address, IPv6Address):
        return (
            address in GLOBAL_IPV6
            and address.is_global
            and (int(address) >> 32) & 0xFFFFFFFF not in ISATAP
        )
    return address.is_global and not (address.is_multicast or address.is_reserved)


def embedded_ipv4(address: IpAddress) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address is routed to, or None."""
    if isinstance(address, IPv6Address) and address.scope_id is None:
        for network, shift in EMBEDS_IPV4:
            if address in network:
                return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return None
