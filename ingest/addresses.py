"""Addresses: what may be asked, and how an address is written down without its secrets."""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from twin.city import City
from twin.errors import SourceRefused

Resolve = Callable[[str, int], list[str]]
"""Host and port to IP addresses; `OSError` where the name is not known."""

_SECRET = re.compile(r"token|key|secret|passw|auth|sig|credential|session", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


def is_local(url: str) -> bool:
    """True for a path or a ``file:`` URL (one letter before the colon is a drive)."""
    return len(urlsplit(url).scheme) <= 1 or url.startswith("file:")


def local_path(url: str) -> str:
    """The path of a local address."""
    return unquote(urlsplit(url).path) if url.startswith("file:") else url


def plain(url: str) -> str:
    """The address without user, password and query values that look like secrets."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _SECRET.search(k)]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(query, safe=":,/="), ""))


def place(url: str) -> str:
    """Short form of an address for messages: host and path, no query."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"[:200]


def with_query(url: str, params: Iterable[tuple[str, str]]) -> str:
    """The address with more query parameters; those it has already are replaced by name."""
    parts = urlsplit(url)
    added = list(params)
    names = {name.lower() for name, _ in added}
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k.lower() not in names]
    return urlunsplit(parts._replace(query=urlencode(kept + added, safe=":,/"), fragment=""))


def host_and_port(url: str) -> tuple[str, int]:
    """Host (lower case) and port of an http(s) address; `SourceRefused` for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SourceRefused("the source's address cannot be read; correct it in the recipe") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SourceRefused(f"{place(url)}: only http and https addresses are asked; correct the recipe")
    return parts.hostname.lower(), port or _PORTS[parts.scheme]


def look_up(host: str, port: int) -> list[str]:
    """IP addresses of a host, in the system's order."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return list(dict.fromkeys(found))


def is_public(address: str) -> bool:
    """True if the IP address belongs to the open internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def redirected(url: str, location: str) -> str:
    """Where a redirect leads; `SourceRefused` if to another host, or from https back to http."""
    target = urljoin(url, location)
    host, _ = host_and_port(url)
    if host_and_port(target)[0] != host:
        raise SourceRefused(
            f"{place(url)} redirects to another host ({urlsplit(target).hostname}); "
            f"if that is its new home, write it into the recipe"
        )
    if url.startswith("https:") and not target.startswith("https:"):
        raise SourceRefused(f"{place(url)} redirects from https to http; ask its publisher")
    return target


def linked(base: str, link: str, hosts: Iterable[str] = ()) -> str:
    """Where a link in an answer leads; `SourceRefused` if neither to its host nor to one of `hosts`."""
    target = urljoin(base, link)
    host, _ = host_and_port(target)
    if host != host_and_port(base)[0] and host not in hosts:
        raise SourceRefused(
            f"{place(base)} links to another host ({host}); if that is right, add it to options.hosts"
        )
    return target


def within(url: str, city: City) -> str:
    """The address with the city's borders (degrees) for ``{west}``, ``{south}``, ``{east}`` and ``{north}``.

    A source of the whole country is asked for the city alone.
    """
    for name, value in zip(("west", "south", "east", "north"), city.area, strict=True):
        url = url.replace(f"{{{name}}}", str(value))
    return url
