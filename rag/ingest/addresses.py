"""Decides which web addresses may be asked: text of a URL -> its checked parts; an IP address -> public or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from rag.errors import AddressRefused

WEB_PORTS: Final = frozenset({80, 443})
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_LONGEST: Final = 4_000
_WEB = re.compile(r"https?:/", re.IGNORECASE)
# What urlsplit would drop or read otherwise than a browser does.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_IPV4 = re.compile(r"[\d.]+")
# A last label like this makes resolvers read the whole name as an IPv4 address: 0x7f.1, 2130706433.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)")
_KEPT_IN_TARGET: Final = "/:@!$&'()*+,;=~-._%?[]|^"

# Beyond what `is_global` and `is_reserved` say in every Python from 3.11: the special-purpose registries of the IANA.
_SPECIAL = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
# Interface identifiers of ISATAP, which carry an IPv4 address.
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked http or https address: `host` in ASCII and lower case, `target` is path and query, encoded."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_ip(self) -> bool:
        """Whether the host is an IP address and no name."""
        return ":" in self.host or _IPV4.fullmatch(self.host) is not None

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"


def is_web_address(source: object) -> bool:
    """Whether what a user named is an http or https address and no path."""
    return isinstance(source, str) and _WEB.match(source) is not None


def read_address(text: str, ports: frozenset[int] | None = WEB_PORTS) -> WebAddress:
    """The parts of a URL. `ports`: those that may be asked; None for any.

    Raises:
        AddressRefused: another scheme or port, a password, or a host that is none.
    """
    if len(text) > _LONGEST or _UNSAFE.search(text):
        raise _refused(text, "holds a space, a backslash or a sign that cannot be seen, or is too long")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _refused(text, f"cannot be read ({error})") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise _refused(text, f"has the scheme {scheme or 'of a path'}, and only http and https are fetched")
    if "@" in parts.netloc:
        raise _refused(text, "holds a user name or password")
    port = _DEFAULT_PORT[scheme] if port is None else port
    if port == 0 or (ports is not None and port not in ports):
        raise _refused(text, f"names port {port}, and only 80 and 443 are asked")
    return WebAddress(scheme, _host(text, parts), port, _target(parts))


def follow(address: WebAddress, location: str, ports: frozenset[int] | None = WEB_PORTS) -> WebAddress:
    """Where a redirect leads. Raises: AddressRefused."""
    try:
        return read_address(urljoin(address.url, location.strip(" \t").replace(" ", "%20")), ports)
    except ValueError as error:
        raise _refused(location, f"cannot be read ({error})") from error


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also where it carries another one in itself."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inside = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inside is not None:
            return is_public(str(inside))
        if ip not in _GLOBAL_UNICAST or (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP or ip.scope_id:
            return False
    special = any(ip in network for network in _SPECIAL if network.version == ip.version)
    return ip.is_global and not (special or ip.is_multicast or ip.is_reserved)


def _host(text: str, parts: SplitResult) -> str:
    """The host in ASCII and lower case; an IP address in its one usual spelling."""
    named = parts.hostname or ""
    if ":" in named:
        try:
            ip = IPv6Address(named)
        except ValueError as error:
            raise _refused(text, f"names no host ({error})") from error
        if ip.scope_id:
            raise _refused(text, "names an address of one network card")
        return ip.compressed
    try:
        host = named.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise _refused(text, "names no host that can exist") from error
    if not _HOST.fullmatch(host) or ".." in host:
        raise _refused(text, "names no host")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _plain_ipv4(text, host)
    return host


def _plain_ipv4(text: str, host: str) -> str:
    try:
        return str(IPv4Address(host))
    except ValueError as error:
        raise _refused(text, "names an IP address in disguise") from error


def _target(parts: SplitResult) -> str:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=_KEPT_IN_TARGET)


def _refused(text: str, why: str) -> AddressRefused:
    return AddressRefused(f"{shown(text)} {why}: give the http(s) address of a public page.")


def shown(text: str) -> str:
    """An address on one line of a message, whatever it holds."""
    plain = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return plain if len(plain) <= 120 else plain[:119] + "…"
