"""Inflate foreign bytes piece by piece. The cap counts what comes out: 152 bytes can become 200 MB."""

import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from twin.errors import SourceBroken, SourceRefused

PIECE = 1 << 20
"""Largest piece that is ever inflated at once, in bytes."""
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's names for the three wrappings


class Cap:
    """Counts bytes, as they are after inflating, and refuses more than `limit` of them."""

    def __init__(self, limit: int, place: str) -> None:
        self.limit = limit
        self.place = place
        self.size = 0
        self.packed = True
        """Whether what is counted was compressed; said in the refusal."""

    def take(self, piece: bytes) -> bytes:
        """Count `piece` and hand it on; `SourceRefused` when the cap is passed."""
        self.size += len(piece)
        if self.size > self.limit:
            raise SourceRefused(
                f"{self.place}: more than {self.limit / 1e6:,.0f} MB{' inflated' if self.packed else ''}; if "
                f"that is right, raise TWIN_MAX_BODY_MB"
            )
        return piece


class Inflate:
    """Undo one content coding: ``gzip``, ``deflate``, ``br`` or ``identity``."""

    def __init__(self, coding: str, cap: Cap) -> None:
        self.cap = cap
        self.cap.packed = coding != "identity"
        self.coding = coding
        self._decoder: Any = None
        if coding == "gzip":
            self._decoder = zlib.decompressobj(_GZIP)
        elif coding == "br":
            import brotli

            self._decoder = brotli.Decompressor()
        elif coding not in ("deflate", "identity"):
            raise SourceRefused(f"{cap.place}: content coding {coding[:40]!r} is not one we asked for")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` inflates to, in pieces of at most `PIECE` bytes (``identity``: as it came)."""
        if not data:
            return
        if self.coding == "identity":
            yield self.cap.take(data)
            return
        try:
            for piece in self._brotli(data) if self.coding == "br" else self._zlib(data):
                yield self.cap.take(piece)
        except zlib.error:
            raise self._damaged() from None

    def close(self) -> None:
        """`SourceBroken` if the compressed stream ended before its end."""
        if self.coding == "identity" or (self.coding == "br" and self._decoder.is_finished()):
            return
        if self.coding != "br" and self._decoder is not None and self._decoder.eof:
            return
        raise SourceBroken(f"{self.cap.place}: the compressed data end too early; fetch them again")

    def _damaged(self) -> SourceBroken:
        return SourceBroken(f"{self.cap.place}: the compressed data are damaged; fetch them again")

    def _zlib(self, data: bytes) -> Iterator[bytes]:
        if self._decoder is None:  # "deflate" means zlib by the standard and raw by some servers
            wrapped = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
            self._decoder = zlib.decompressobj(_ZLIB if wrapped else _RAW)
        while True:
            if self._decoder.eof:
                data = data.lstrip(b"\0")  # padding behind the last member
                if not data or self.coding != "gzip":
                    return
                self._decoder = zlib.decompressobj(_GZIP)  # gzip members may follow each other
            piece = self._decoder.decompress(data, PIECE)
            yield piece
            data = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
            if not data and len(piece) < PIECE:
                return

    def _brotli(self, data: bytes) -> Iterator[bytes]:
        import brotli

        try:
            piece = self._decoder.process(data, output_buffer_limit=PIECE)
            yield piece
            # All input may be taken in while output is still to come: the end is a call that gives nothing.
            while not self._decoder.is_finished() and (piece or not self._decoder.can_accept_more_data()):
                piece = self._decoder.process(b"", output_buffer_limit=PIECE)
                yield piece
        except brotli.error:
            raise self._damaged() from None


class _Stream(io.RawIOBase):
    """A file as a readable stream of its inflated bytes."""

    def __init__(self, raw: BinaryIO, inflate: Inflate) -> None:
        self._raw = raw
        self._inflate = inflate
        self._pieces: Iterator[bytes] = iter(())
        self._rest = memoryview(b"")
        self._done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is not None:
                self._rest = memoryview(piece)
            elif self._done:
                return 0
            else:
                data = self._raw.read(1 << 18)
                if not data:
                    self._done = True
                    self._inflate.close()
                self._pieces = self._inflate.feed(data)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def inflated(raw: BinaryIO, cap: Cap) -> BinaryIO:
    """Return `raw` as a stream that inflates gzip by its first bytes, not by its name.

    Raises (while reading):
        SourceRefused: more bytes than the cap allows.
        SourceBroken: truncated or damaged.
    """
    magic = raw.read(2)
    raw.seek(0)
    inflate = Inflate("gzip" if magic == GZIP_MAGIC else "identity", cap)
    return io.BufferedReader(_Stream(raw, inflate), 1 << 18)
