"""Normalises IP addresses. Depends on neither Django nor a request."""

from ipaddress import IPv4Address, IPv6Address, ip_address


def plain_address(text: str) -> str:
    """One spelling for each address: `::ffff:192.0.2.1` becomes 192.0.2.1, and a port that a proxy
    adds (`192.0.2.1:5000`, `[2001:db8::1]:5000`) or a zone is removed. Other text stays as it is.

    A socket for both IPv6 and IPv4 reports IPv4 visitors in the first way, and so do some proxies.
    Rate limits, address blocks and visitor numbers must treat all spellings as the same visitor."""
    if ":" not in text:
        return text  # IPv4: most requests need no parsing
    ip = _parse(text) or _parse(_without_port(text))
    if ip is None:
        return text
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def network(address: str, bits: int = 64) -> str:
    """An IPv4 address, or the IPv6 address's network of so many bits; the default is that of a
    single link."""
    address = plain_address(address)
    ip = _parse(address) if ":" in address else None  # most addresses need no parsing
    return address if ip is None else f"{int(ip) >> (128 - bits):x}/{bits}"


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
