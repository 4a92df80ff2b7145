"""Limit: how often one client may ask. No address is kept, only keyed digests, and those not for long."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from typing import NamedTuple

from starlette.types import Scope

from api.buckets import Buckets
from twin.errors import TwinError
from twin.settings import Settings

_MOST = 50_000
"""Clients that are remembered at once; whoever has been quiet longest is forgotten first."""
_HOPS = 20
_LONGEST = 2000


class Verdict(NamedTuple):
    """Whether a client may ask now, and what to tell it."""

    wait_s: int
    """0 if it may, else after how many seconds."""
    headers: list[tuple[bytes, bytes]]


class Limit:
    """A bucket of requests for each client: it holds so many, and so many a second flow in."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        shared: Buckets | None = None,
        secret: bytes | None = None,
    ) -> None:
        """Read the settings; several processes with `shared` buckets and one `secret` limit as one.

        Raises:
            TwinError: A proxy in the settings is neither an address nor a network.
        """
        self.rate = settings.rate_per_s
        self.burst = float(max(settings.rate_burst, 1))
        self._clock = clock
        self._secret = secret or secrets.token_bytes(32)
        self._shared = shared
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._proxies = [_network(name) for name in settings.trusted_proxies.split(",") if name.strip()]

    def ask(self, scope: Scope) -> Verdict | None:
        """Take one request out of the client's bucket; None if this one does not count."""
        if self.rate <= 0 or immutable(scope["path"]):
            return None
        now = self._clock()
        key = blake2b(self._client(scope), key=self._secret, digest_size=12).digest()
        if self._shared is not None:
            allowed, left = self._shared.take(key, now, self.rate, self.burst)
        else:
            allowed, left = self._take(key, now)
        full_s = ceil((self.burst - left) / self.rate)
        headers = [
            (b"ratelimit-policy", b'"client";q=%d;w=%d' % (self.burst, max(ceil(self.burst / self.rate), 1))),
            (b"ratelimit", b'"client";r=%d;t=%d' % (left, full_s)),
        ]
        wait_s = 0 if allowed else max(ceil((1 - left) / self.rate), 1)
        if wait_s:
            headers.append((b"retry-after", b"%d" % wait_s))
        return Verdict(wait_s, headers)

    def _take(self, key: bytes, now: float) -> tuple[bool, float]:
        self._forget(now)
        left, last = self._buckets.get(key, (self.burst, now))
        left = min(self.burst, left + (now - last) * self.rate)
        allowed = left >= 1
        left -= allowed
        self._buckets[key] = (left, now)
        self._buckets.move_to_end(key)
        return allowed, left

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full again, and the oldest of too many."""
        while self._buckets:
            key = next(iter(self._buckets))
            left, last = self._buckets[key]
            if left + (now - last) * self.rate < self.burst and len(self._buckets) < _MOST:
                return
            del self._buckets[key]

    def _client(self, scope: Scope) -> bytes:
        """Who asks: the peer, or behind a trusted proxy the nearest address that is none itself."""
        peer = _address(scope["client"][0]) if scope.get("client") else None
        if peer is None:
            return b""
        if self._trusted(peer):
            told = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
            hops = b",".join(told)[-_LONGEST:].decode("latin-1").split(",")[-_HOPS:]
            for hop in reversed(hops):
                found = _address(hop)
                if found is None:
                    break
                peer = found
                if not self._trusted(found):
                    break
        # A household has a whole /64 of IPv6.
        return peer.packed[:8] if peer.version == 6 else peer.packed

    def _trusted(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies)


def immutable(path: str) -> bool:
    """Whether what lies at a path never changes: tiles by checksum or revision, our own files."""
    parts = path.split("/", 4)
    return parts[1:2] in (["static"], ["viewer"]) or (
        len(parts) == 5 and parts[1] == "tiles" and parts[3] in ("content", "r")
    )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name.strip(), strict=False)
    except ValueError:
        raise TwinError(
            f"TWIN_TRUSTED_PROXIES has {name.strip()[:60]!r}; write addresses or networks with commas, "
            "such as 127.0.0.1,10.0.0.0/8"
        ) from None
