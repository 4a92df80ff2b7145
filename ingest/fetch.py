"""The only HTTP client: polite, bounded, and deaf to addresses that it must not ask."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urljoin, urlsplit, urlunsplit

from ingest import addresses
from ingest.addresses import Resolve, is_local, look_up
from ingest.files import File, local_files, origin
from ingest.inflate import Cap, Inflate
from ingest.waiting import CutOff, Unanswered, Waiting, retry_after
from twin.errors import SourceBroken, SourceDown, SourceRefused
from twin.provenance import Origin
from twin.settings import Settings
from twin.times import now

if TYPE_CHECKING:
    import httpx
    import stamina

_REDIRECTS = 5
_PATIENCE = 30
"""A body may take so many time-outs in all: a source that drips a byte a minute does not hold us for ever."""


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Body:
    """One answer."""

    data: bytes
    """Inflated."""
    url: str
    """Where it came from in the end, without secrets."""
    content_type: str
    """Media type without parameters, lower case; empty if the answer names none."""

    @property
    def place(self) -> str:
        """Short form of the address, for messages."""
        return addresses.place(self.url)


class Fetch:
    """Asks sources and records every body in `origins`.

    Args:
        settings: contact, time-out and cap.
        trusted: the source's address was typed by the operator. Then it may be a file of this machine
            or a loopback or private host; of such a host we ask nothing but itself, and links to other
            hosts are looked for there under the same path, as a mirror has them. Recipes are not
            trusted: no files, only public addresses, checked after DNS for each request.
        waiting: attempts and pauses.
        resolve: DNS; tests hand in their own.
        proof: Whether the checksums of local files are worked out, for `origins`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        trusted: bool = False,
        waiting: Waiting | None = None,
        resolve: Resolve = look_up,
        proof: bool = True,
    ) -> None:
        self._origins: list[Origin | Future[Origin]] = []
        self._proof = proof
        self._beside: ThreadPoolExecutor | None = None
        self._trusted = trusted
        self._home: tuple[str, str] | None = None
        self._waiting = waiting or Waiting()
        self._resolve = resolve
        self._limit = settings.max_body_mb * 1_000_000
        self._timeout_s = settings.timeout_s
        self._asked: dict[str, float] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._contact = settings.contact
        self._opened: httpx.Client | None = None

    def __enter__(self) -> "Fetch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and remove downloaded files."""
        if self._opened is not None:
            self._opened.close()
        if self._beside is not None:
            self._beside.shutdown(cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    @property
    def origins(self) -> list[Origin]:
        """What was read so far, in order; waits for checksums that are still being worked out."""
        self._origins = [each.result() if isinstance(each, Future) else each for each in self._origins]
        return cast(list[Origin], self._origins)

    def _origin(self, file: File) -> "Origin | Future[Origin]":
        """Hashing a plain file takes as long as reading it: that happens beside the work on it."""
        if not file.is_plain:
            return origin(file, file.name)
        if self._beside is None:
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="origins")
        return self._beside.submit(origin, file, file.name)

    def is_local(self, url: str) -> bool:
        """True for a path or a ``file:`` URL."""
        return is_local(url)

    def get(self, url: str, params: Mapping[str, str] | None = None, *, accept: tuple[str, ...] = ()) -> Body:
        """Ask an address and return its answer.

        Args:
            url: http or https.
            params: query parameters, added to those of `url`.
            accept: media types wanted, for the request's header. What came is judged by `ingest.bodies`.

        Raises:
            SourceDown: no answer, 429 or 5xx, after some attempts.
            SourceRefused: an address, a redirect or a size that is not allowed.
            SourceBroken: 4xx, or an answer that ends too early.
        """
        asked = self._at_home(addresses.with_query(url, (params or {}).items()))
        for attempt in self._attempts():
            with attempt:
                data = bytearray()
                final, content_type = self._receive(asked, _Bytes(data), accept)
        body = Body(bytes(data), addresses.plain(final), content_type)
        digest = hashlib.sha256(body.data).hexdigest()
        self._origins.append(Origin(url=body.url, sha256=digest, size=len(body.data), fetched_at=now()))
        return body

    def files(self, url: str, suffixes: tuple[str, ...]) -> Iterator[File]:
        """Yield the files at an address: a local file, those of a folder, or one download.

        Raises:
            SourceDown: nothing is there.
            SourceRefused: a recipe names a file of this machine, or as for `get`.
            SourceBroken: a file is truncated, or the folder has none of the kind.
        """
        if is_local(url):
            if not self._trusted:
                raise SourceRefused(
                    "the recipe names a file of this machine; recipes may only name public addresses. "
                    "Give the file with --source instead"
                )
            for file in local_files(url, suffixes, self._limit):
                if self._proof:
                    self._origins.append(self._origin(file))
                yield file
        else:
            yield self.download(url)

    def download(self, url: str) -> File:
        """Download an address to a file that lives as long as this object."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="twin-")
        path = Path(self._folder.name) / str(len(self._origins))
        asked = self._at_home(url)
        for attempt in self._attempts():
            with attempt, path.open("wb") as sink:
                final, _ = self._receive(asked, sink, ())
        file = File(urlsplit(final).path.rpartition("/")[2] or "answer", path, self._limit)
        self._origins.append(origin(file, addresses.plain(final)))
        return file

    def follow(self, base: str, link: str, hosts: Iterable[str] = ()) -> str:
        """Return where a link in the answer of `base` leads.

        Raises:
            SourceRefused: to a host that is neither that of `base` nor among `hosts`.
        """
        if self._home is not None:
            return self._at_home(urljoin(base, link))
        return addresses.linked(base, link, hosts)

    def _at_home(self, url: str) -> str:
        """Keep to the operator's private host, once one was typed."""
        host, port = addresses.host_and_port(url)
        first = self._trusted and self._home is None and not self._origins
        if first and not all(map(addresses.is_public, self._addresses(host, port, url))):
            self._home = (urlsplit(url).scheme, urlsplit(url).netloc)
        if self._home is None:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self._home[0], netloc=self._home[1]))

    def _addresses(self, host: str, port: int, url: str) -> list[str]:
        try:
            found = self._resolve(host, port)
        except OSError:
            # Asking the same name again at once does not help; the schedule does so later.
            raise SourceDown(f"{addresses.place(url)}: the host's name is not known (DNS)") from None
        if not found:
            raise Unanswered(f"{addresses.place(url)}: the host has no address (DNS)")
        return found

    @property
    def _client(self) -> "httpx.Client":
        """The client, made when it is first needed: files of this machine need none."""
        if self._opened is None:
            import httpx

            self._opened = httpx.Client(
                timeout=self._timeout_s,
                trust_env=False,
                headers={
                    "User-Agent": f"Stadtzwilling/{version('stadtzwilling')} (+{self._contact})",
                    "Accept-Encoding": "gzip, deflate, br",
                },
            )
        return self._opened

    def _attempts(self) -> "Iterator[stamina.Attempt]":
        import stamina

        waiting = self._waiting
        return iter(
            stamina.retry_context(
                on=waiting.again,
                attempts=waiting.attempts,
                timeout=None,
                wait_initial=waiting.first_s,
                wait_max=waiting.longest_s,
                wait_jitter=waiting.jitter_s,
            )
        )

    def _receive(self, url: str, sink: _Sink, accept: tuple[str, ...]) -> tuple[str, str]:
        for _ in range(_REDIRECTS + 1):
            with self._answer(url, accept) as response:
                if not response.has_redirect_location:
                    _check_status(response, url)
                    self._pour(response, url, sink)
                    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                    return url, kind
                url = addresses.redirected(url, response.headers["location"])
        raise SourceRefused(f"{addresses.place(url)} redirects in circles; ask its publisher")

    @contextmanager
    def _answer(self, url: str, accept: tuple[str, ...]) -> "Iterator[httpx.Response]":
        import httpx

        place = addresses.place(url)
        try:
            request = self._request(url, accept)
            response = self._client.send(request, stream=True)
        except httpx.TimeoutException:
            raise Unanswered(f"{place} did not answer within {self._timeout_s:g} s") from None
        except httpx.TransportError as error:
            raise Unanswered(f"{place} cannot be reached ({type(error).__name__})") from None
        except httpx.InvalidURL:
            raise SourceRefused(f"{place} is not an address that can be asked; correct it") from None
        try:
            yield response
        finally:
            response.close()

    def _request(self, url: str, accept: tuple[str, ...]) -> "httpx.Request":
        """The request, aimed at the very IP address that was checked: DNS cannot change in between."""
        import httpx

        target = httpx.URL(url)
        host, port = addresses.host_and_port(url)
        found = self._addresses(target.raw_host.decode(), port, url)
        if self._home is None and not all(map(addresses.is_public, found)):
            raise SourceRefused(
                f"{addresses.place(url)} lies in a private network; recipes may only name public addresses. "
                f"What you mean to ask yourself, give with --source"
            )
        self._pause(host)
        return self._client.build_request(
            "GET",
            target.copy_with(host=found[0]),
            headers={"Host": target.netloc.decode(), "Accept": ", ".join(accept) or "*/*"},
            extensions={"sni_hostname": target.raw_host.decode()},
        )

    def _pause(self, host: str) -> None:
        if self._home is not None:
            return
        clock, last = self._waiting.clock, self._asked.get(host)
        if last is not None and (left := last + self._waiting.between_s - clock()) > 0:
            self._waiting.sleep(left)
        self._asked[host] = clock()

    def _pour(self, response: "httpx.Response", url: str, sink: _Sink) -> None:
        import httpx

        place = addresses.place(url)
        inflate = Inflate(
            response.headers.get("content-encoding", "identity").lower(), Cap(self._limit, place)
        )
        deadline = self._waiting.clock() + _PATIENCE * self._timeout_s
        try:
            for data in response.iter_raw():  # with a chunk size httpx waits until it is full, byte by byte
                for piece in inflate.feed(data):
                    sink.write(piece)
                if self._waiting.clock() > deadline:
                    raise Unanswered(f"{place} answers too slowly; asked again at the next run", float("inf"))
        except httpx.TimeoutException:
            raise Unanswered(f"{place} stopped in the middle of its answer") from None
        except httpx.TransportError:
            raise CutOff(f"{place}: the connection ended in the middle of the answer") from None
        inflate.close()


class _Bytes:
    """A growing buffer with the manners of a file."""

    def __init__(self, buffer: bytearray) -> None:
        self.write = buffer.extend


def _check_status(response: "httpx.Response", url: str) -> None:
    code, place = response.status_code, addresses.place(url)
    if code in (408, 425, 429) or code >= 500:
        asked = retry_after(response.headers.get("retry-after"))
        raise Unanswered(f"{place} answered {code}; asked again at the next run", asked)
    if code != 200:
        raise SourceBroken(f"{place} answered {code}; check the address and its parameters")
