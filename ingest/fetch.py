"""The only HTTP client: polite, bounded, and deaf to addresses that it must not ask."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import cast
from urllib.parse import urljoin, urlsplit

from ingest import addresses
from ingest.addresses import Resolve, is_local, look_up
from ingest.answers import Answers
from ingest.archive import is_zip
from ingest.files import File, local_files, origin
from ingest.manners import HOSTS, Hosts
from ingest.remembered import Answer, Memory
from ingest.transport import Transport
from ingest.waiting import Waiting
from ingest.whence import Bodies
from twin.errors import SourceRefused
from twin.provenance import Origin
from twin.settings import Settings
from twin.times import now


@dataclass(frozen=True, slots=True)
class Body:
    """One answer."""

    data: bytes
    """Inflated."""
    url: str
    """Where it came from in the end, without secrets."""
    content_type: str
    """Media type without parameters, lower case; empty if the answer names none."""
    crs: str = ""
    """CRS that the header ``Content-Crs`` names; empty without one."""

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
        memory: what the source answered last time; None asks for everything anew.
        hashed: Works out the origin of a plain local file.
        hosts: the only hosts that may be asked (beside a private one that the operator typed); None for any.
        limit_s: how long everything together may take.
        turns: how often and how many at once a host is asked.
        tell: told in words what is waited for, and until when.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        trusted: bool = False,
        waiting: Waiting | None = None,
        resolve: Resolve = look_up,
        proof: bool = True,
        memory: Memory | None = None,
        hashed: Callable[[File, str], Origin] = origin,
        hosts: Iterable[str] | None = None,
        limit_s: float | None = None,
        turns: Hosts = HOSTS,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._origins: list[Origin | File | Future[Origin]] = []
        self.bodies = Bodies()
        """What was read, by the names that records' places have for it."""
        self._proof = proof
        self._hashed = hashed
        self._beside: ThreadPoolExecutor | None = None
        self._trusted = trusted
        self._limit = settings.max_body_mb * 1_000_000
        self._transport = Transport(
            settings,
            trusted=trusted,
            waiting=waiting or Waiting(asked_s=settings.longest_wait_s),
            resolve=resolve,
            hosts=hosts,
            limit_s=limit_s,
            turns=turns,
            tell=tell,
        )
        self._answers = Answers(self._transport, memory)

    def __enter__(self) -> "Fetch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and remove downloaded files."""
        self._transport.close()
        if self._beside is not None:
            self._beside.shutdown(cancel_futures=True)
        self._answers.close()

    @property
    def requests(self) -> int:
        """Requests made so far."""
        return self._transport.requests

    @property
    def received(self) -> int:
        """Bytes of answers that came over the wire so far."""
        return self._transport.received

    @property
    def origins(self) -> list[Origin]:
        """What was read so far, in order; waits for checksums that are still being worked out."""
        self.prove()
        self._origins = [each.result() if isinstance(each, Future) else each for each in self._origins]
        return cast(list[Origin], self._origins)

    def prove(self) -> None:
        """Begin to work out the checksums of plain files, which `origins` will ask for.

        That takes as long as reading them: it happens beside other work, and only where somebody will ask.
        """
        for place, each in enumerate(self._origins):
            if isinstance(each, File):
                if self._beside is None:
                    self._beside = ThreadPoolExecutor(1, thread_name_prefix="origins")
                self._origins[place] = self._beside.submit(self._hashed, each, each.name)

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
        asked = self._transport.at_home(addresses.with_query(url, (params or {}).items()))
        answer, data = self._answers.body(asked, accept)
        body = Body(data, answer.final, answer.content_type, answer.crs)
        self._origins.append(
            Origin(url=body.url, sha256=answer.sha256, size=len(body.data), fetched_at=now())
        )
        self.bodies.add(body.place, len(self._origins) - 1)
        return body

    def unchanged(self, last: Iterable[Answer]) -> bool:
        """Whether a source would answer all it is asked as it did last time; see `ingest.answers`.

        Raises:
            SourceError: as for `get`.
        """
        return self._answers.unchanged(last)

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
                    self._origins.append(file if file.is_plain else origin(file, file.name))
                    self.bodies.add(file.name, len(self._origins) - 1)
                yield file
        else:
            yield self.download(url)

    def download(self, url: str) -> File:
        """Download an address to a file that lives as long as this object."""
        answer, path = self._answers.file(self._transport.at_home(url))
        file = File(urlsplit(answer.final).path.rpartition("/")[2] or "answer", path, self._limit)
        self._origins.append(origin(file, answer.final))
        self.bodies.add(file.name, len(self._origins) - 1, archive=is_zip(path))
        return file

    def follow(self, base: str, link: str, hosts: Iterable[str] = ()) -> str:
        """Return where a link in the answer of `base` leads.

        Raises:
            SourceRefused: to a host that is neither that of `base` nor among `hosts`.
        """
        if self._transport.is_home:
            return self._transport.at_home(urljoin(base, link))
        return addresses.linked(base, link, hosts)
