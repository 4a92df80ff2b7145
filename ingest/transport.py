"""Transport: one request at a time, to addresses that were checked, within limits of bytes and time."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from ingest import addresses
from ingest.addresses import Resolve
from ingest.certificates import certificate_for, showing, usual
from ingest.heads import Told, Validators, check_status, content_crs, has_packets, validators
from ingest.inflate import Cap, Inflate
from ingest.manners import HOSTS, Hosts
from ingest.waiting import CutOff, Unanswered, Waiting, span
from twin.errors import SourceDown, SourceRefused, SourceWaits
from twin.settings import Settings

if TYPE_CHECKING:
    import httpx
    import stamina

_REDIRECTS = 5
_PATIENCE = 30
"""A body may take so many time-outs in all: a source that drips a byte a minute does not hold us for ever."""

_WORTH_TELLING_S = 5.0
"""Pauses from here on are told."""


class Sink(Protocol):
    """Takes the pieces of a body."""

    def write(self, data: bytes, /) -> object:
        """Take one."""


class Transport:
    """Asks addresses; counts what came.

    Args:
        settings: contact, time-out and caps.
        trusted: see `ingest.fetch.Fetch`.
        waiting: attempts and pauses.
        resolve: DNS.
        hosts: the only hosts that may be asked; None for any public one.
        limit_s: the seconds that all requests together, with the work between them, may take; None for any.
        turns: how often and how many at once a host is asked.
        tell: told in words what is waited for, and until when.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        trusted: bool,
        waiting: Waiting,
        resolve: Resolve,
        hosts: Iterable[str] | None = None,
        limit_s: float | None = None,
        turns: Hosts = HOSTS,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self.requests = 0
        """Requests made, redirects and repetitions included."""
        self.received = 0
        """Bytes of bodies as they came over the wire."""
        self._trusted = trusted
        self._home: tuple[str, str] | None = None
        self._waiting = waiting
        self._resolve = resolve
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self._limit_s = limit_s
        self._started: float | None = None
        self._turns = turns
        self._tell = tell
        self._slowest = settings.slowest_kb_s * 1000
        self._most = settings.max_body_mb * 1_000_000
        self._most_in_all = settings.max_layer_mb * 1_000_000
        self._timeout_s = settings.timeout_s
        self._contact = settings.contact
        self._certificates = settings.certificates
        self._opened: dict[Path | None, httpx.Client] = {}

    def close(self) -> None:
        """Close connections."""
        for client in self._opened.values():
            client.close()

    def _client(self, url: str) -> "httpx.Client":
        """The client for an address, made when it is first needed: files of this machine need none.

        Hosts that want a certificate have one of their own, so that nobody else is shown it.
        """
        certificate = certificate_for(self._certificates, url)
        if certificate not in self._opened:
            import httpx

            self._opened[certificate] = httpx.Client(
                timeout=self._timeout_s,
                trust_env=False,
                verify=usual() if certificate is None else showing(certificate),
                headers={
                    "User-Agent": f"Stadtzwilling/{version('stadtzwilling')} (+{self._contact})",
                    "Accept-Encoding": "gzip, deflate, br",
                },
            )
        return self._opened[certificate]

    @property
    def is_home(self) -> bool:
        """Whether only the operator's own host is asked."""
        return self._home is not None

    def at_home(self, url: str) -> str:
        """Keep to the operator's private host, once one was typed."""
        host, port = addresses.host_and_port(url)
        first = self._trusted and self._home is None and not self.requests
        if first and not all(map(addresses.is_public, self._addresses(host, port, url))):
            self._home = (urlsplit(url).scheme, urlsplit(url).netloc)
        if self._home is None:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self._home[0], netloc=self._home[1]))

    def attempts(self) -> "Iterator[stamina.Attempt]":
        """As often as it makes sense to ask again."""
        import stamina

        failed = itertools.count(1)

        def again(error: Exception) -> bool | float:
            pause = self._waiting.pause(error, next(failed))
            if pause is None:
                return False
            if pause >= _WORTH_TELLING_S:
                until = datetime.now(UTC) + timedelta(seconds=pause)
                why = str(error).partition(";")[0]
                self._tell(f"waits {span(pause)}, until {until:%H:%M:%S} UTC: {why}")
            return pause

        return iter(stamina.retry_context(on=again, attempts=self._waiting.attempts, timeout=None))

    def receive(self, url: str, sink: Sink, accept: tuple[str, ...], known: Validators | None = None) -> Told:
        """Ask once and pour the inflated body into `sink`.

        Args:
            url: as `at_home` gave it.
            sink: gets nothing if the answer is "unchanged".
            accept: media types wanted.
            known: validators of the answer we have; None asks for the body in any case.
        """
        for _ in range(_REDIRECTS + 1):
            with self._answer(url, accept, known) as response:
                if response.status_code == 304 and known is not None and known.headers:
                    return Told(url, "", known, True)
                if not response.has_redirect_location:
                    check_status(response, url, self._waiting.asked_s)
                    before = self.received
                    self._pour(response, url, sink)
                    if self.received == before and has_packets(url):
                        raise SourceWaits(f"{addresses.place(url)} sent nothing; what came last still holds")
                    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                    return Told(url, kind, validators(response), False, content_crs(response))
                url = addresses.redirected(url, response.headers["location"])
        raise SourceRefused(f"{addresses.place(url)} redirects in circles; ask its publisher")

    @contextmanager
    def _answer(
        self, url: str, accept: tuple[str, ...], known: Validators | None
    ) -> "Iterator[httpx.Response]":
        import httpx

        place = addresses.place(url)
        self._check_time(place)
        try:
            request = self._request(url, accept, known)
        except httpx.InvalidURL:
            raise SourceRefused(f"{place} is not an address that can be asked; correct it") from None
        host = "" if self._home else addresses.host_and_port(url)[0]
        waiting = self._waiting
        with self._turns.turn(host, waiting) if host else nullcontext():
            try:
                self.requests += 1
                response = self._client(url).send(request, stream=True)
            except httpx.TimeoutException:
                raise Unanswered(f"{place} did not answer within {self._timeout_s:g} s") from None
            except httpx.TransportError as error:
                raise Unanswered(f"{place} cannot be reached ({type(error).__name__})") from None
            try:
                yield response
            finally:
                response.close()

    def _request(self, url: str, accept: tuple[str, ...], known: Validators | None) -> "httpx.Request":
        """The request, aimed at the very IP address that was checked: DNS cannot change in between."""
        import httpx

        target = httpx.URL(url)
        host, port = addresses.host_and_port(url)
        if self._home is None and self._hosts is not None and host not in self._hosts:
            raise SourceRefused(
                f"{addresses.place(url)} is on a host that the recipe does not name; if that is right, add "
                f"{host} to options.hosts"
            )
        found = self._addresses(target.raw_host.decode(), port, url)
        if self._home is None and not all(map(addresses.is_public, found)):
            raise SourceRefused(
                f"{addresses.place(url)} lies in a private network; recipes may only name public addresses. "
                f"What you mean to ask yourself, give with --source"
            )
        headers = {"Host": target.netloc.decode(), "Accept": ", ".join(accept) or "*/*"}
        return self._client(url).build_request(
            "GET",
            target.copy_with(host=found[0]),
            headers=headers | (known.headers if known else {}),
            extensions={"sni_hostname": target.raw_host.decode()},
        )

    def _addresses(self, host: str, port: int, url: str) -> list[str]:
        try:
            found = self._resolve(host, port)
        except OSError:
            # Asking the same name again at once does not help; the schedule does so later.
            raise SourceDown(f"{addresses.place(url)}: the host's name is not known (DNS)") from None
        if not found:
            raise Unanswered(f"{addresses.place(url)}: the host has no address (DNS)")
        return found

    def _check_time(self, place: str) -> None:
        if self._limit_s is None:
            return
        now = self._waiting.clock()
        if self._started is None:
            self._started = now
        elif now - self._started > self._limit_s:
            raise SourceDown(
                f"{place}: the whole source took longer than {self._limit_s / 60:g} min; what came is not "
                f"used. Raise source.longest in the recipe or TWIN_LAYER_MINUTES if that is right"
            )

    def _pour(self, response: "httpx.Response", url: str, sink: Sink) -> None:
        import httpx

        place = addresses.place(url)
        inflate = Inflate(
            response.headers.get("content-encoding", "identity").lower(), Cap(self._most, place)
        )
        since = self._waiting.clock()
        deadline, fresh = since + _PATIENCE * self._timeout_s, 0
        try:
            for data in response.iter_raw():  # with a chunk size httpx waits until it is full, byte by byte
                self.received += len(data)
                if self.received > self._most_in_all:
                    raise SourceRefused(
                        f"{place}: the source sent more than {self._most_in_all / 1e6:,.0f} MB in all; if "
                        f"that is right, raise TWIN_MAX_LAYER_MB"
                    )
                for piece in inflate.feed(data):
                    sink.write(piece)
                now, fresh = self._waiting.clock(), fresh + len(data)
                if now > deadline:
                    raise Unanswered(f"{place} answers too slowly; asked again at the next run", float("inf"))
                if now - since >= self._timeout_s:
                    if fresh < self._slowest * (now - since):
                        raise Unanswered(
                            f"{place} answers too slowly, less than {self._slowest / 1000:g} kB a second; "
                            f"asked again at the next run. If that is right, lower TWIN_SLOWEST_KB_S",
                            float("inf"),
                        )
                    since, fresh = now, 0
        except httpx.TimeoutException:
            raise Unanswered(f"{place} stopped in the middle of its answer") from None
        except httpx.TransportError:
            raise CutOff(f"{place}: the connection ended in the middle of the answer") from None
        inflate.close()


@contextmanager
def _at_once() -> Iterator[None]:
    yield
