"""Answers: asked for at most once a run, and not sent again if the source says that ours is still right."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ingest import addresses
from ingest.heads import Told
from ingest.remembered import Answer, Memory
from ingest.transport import Transport


class Answers:
    """What a source answers, from it or from what we remember.

    Args:
        transport: asks.
        memory: what the source answered last time; None asks for everything anew.
    """

    def __init__(self, transport: Transport, memory: Memory | None) -> None:
        self._transport = transport
        self._memory = memory
        self._looked: dict[str, tuple[Answer, Path]] = {}
        self._files = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove downloaded files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def unchanged(self, last: Iterable[Answer]) -> bool:
        """Whether the source would answer all it is asked as it did last time.

        Asks one address after the other, up to the first that has changed; what came is not asked for again
        by `body` and `file`.

        Args:
            last: the answers of then, in the order asked; True needs at least one.
        """
        known = list(last)
        return bool(known) and all(self._is_same(answer) for answer in known)

    def body(self, asked: str, accept: tuple[str, ...]) -> tuple[Answer, bytes]:
        """The answer of an address and its body."""
        if asked in self._looked:
            answer, path = self._looked[asked]
            return self._note(answer, path), path.read_bytes()
        known, kept = self._known(asked)
        data = bytearray()
        for attempt in self._transport.attempts():
            with attempt:
                data.clear()
                told = self._transport.receive(
                    asked, _Bytes(data), accept, known.validators if known else None
                )
        if told.unchanged and known is not None and kept is not None:
            return self._note(known, kept), kept.read_bytes()
        whole = bytes(data)
        answer = _answer(asked, accept, told, hashlib.sha256(whole).hexdigest(), len(whole))
        return self._note(answer, whole), whole

    def file(self, asked: str) -> tuple[Answer, Path]:
        """The answer of an address, and its body as a file that lives as long as this object."""
        if asked in self._looked:
            answer, path = self._looked[asked]
            return self._note(answer, path), path
        known, kept = self._known(asked)
        answer, path = self._download(asked, (), known)
        if answer is known and kept is not None:
            shutil.copyfile(kept, path)
        return self._note(answer, path), path

    def _is_same(self, last: Answer) -> bool:
        url = self._transport.at_home(last.url)
        answer, path = self._download(url, last.accept, last)
        if answer is last:
            self._note(last, None)
            return True
        self._looked[url] = (answer, path)
        same = (answer.sha256, answer.crs) == (last.sha256, last.crs)
        return same and self._note(answer, path) is answer

    def _download(self, url: str, accept: tuple[str, ...], known: Answer | None) -> tuple[Answer, Path]:
        """What came, as a file; `known` itself and an empty file if that is still right."""
        path = self._new_path()
        for attempt in self._transport.attempts():
            with attempt, path.open("wb") as sink:
                told = self._transport.receive(url, sink, accept, known.validators if known else None)
        if told.unchanged and known is not None:
            return known, path
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
                size += len(piece)
        return _answer(url, accept, told, digest.hexdigest(), size), path

    def _known(self, asked: str) -> tuple[Answer, Path] | tuple[None, None]:
        found = self._memory.known(asked) if self._memory else None
        return (None, None) if found is None else found

    def _note(self, answer: Answer, body: Path | bytes | None) -> Answer:
        if self._memory is not None:
            self._memory.heard(answer, body)
        return answer

    def _new_path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="twin-")
        self._files += 1
        return Path(self._folder.name) / str(self._files)


def _answer(url: str, accept: tuple[str, ...], told: Told, sha256: str, size: int) -> Answer:
    """What is to be remembered of an answer."""
    tags = told.validators
    final = addresses.plain(told.url)
    return Answer(url, final, told.content_type, sha256, size, tags.etag, tags.modified, accept, told.crs)


class _Bytes:
    """A growing buffer with the manners of a file."""

    def __init__(self, buffer: bytearray) -> None:
        self.write = buffer.extend
