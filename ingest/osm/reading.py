"""Reading: one pass over an OSM file of any size, with the places of its ways."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from ingest.files import File
from ingest.osm.form import DAMAGED, readable
from twin.errors import SourceBroken

_REMARK = b"<remark"
_PIECE = 1 << 20
SORTED_HERE = {"pbf": 100_000_000, "osm.gz": 100_000_000, "osm": 1_000_000_000}
"""Bytes of a file up to which it is sorted here, in memory; larger ones come sorted from who cuts them."""


class Extract:
    """An OSM file, open. Places of nodes lie in a file of 16 bytes each meanwhile, not in memory.

    No mapper's name, no changeset is read.

    Args:
        file: XML or PBF.

    Raises:
        SourceBroken: neither, or an answer of Overpass that ended with an error.
        SourceRefused: a DOCTYPE, or more inflated bytes than the cap allows.
    """

    def __init__(self, file: File) -> None:
        self.name = file.name
        self._file = file
        self._readable = readable(file)
        self._folder = tempfile.TemporaryDirectory(prefix="twin-")

    def __enter__(self) -> "Extract":
        try:
            self._path, self._kind = self._readable.__enter__()
            if self._kind != "pbf":
                _refuse_remark(self._file)
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()
        self._readable.__exit__(None, None, None)

    def ways(self, *keys: str) -> Iterator[Any]:
        """Yield the ways with one of `keys`; their nodes know where they are, as far as the file does."""
        import osmium

        found = self._processor(osmium.osm.NODE | osmium.osm.WAY)
        found.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        found.with_filter(osmium.filter.KeyFilter(*keys))
        return self._guarded(found)

    def areas(self, keys: tuple[str, ...]) -> Iterator[Any]:
        """Yield ways and relations with one of `keys`, and the areas that they make."""
        import osmium

        self._sort()
        wanted = osmium.filter.KeyFilter(*keys)
        found = self._processor(osmium.osm.ALL).with_areas(osmium.filter.KeyFilter(*keys))
        found.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY | osmium.osm.RELATION | osmium.osm.AREA))
        found.with_filter(wanted)
        return self._guarded(found)

    @staticmethod
    def tags(tags: Any) -> dict[str, str]:
        """Tags as a dict; empty where one of them is no text."""
        try:
            return {tag.k: tag.v for tag in tags}
        except UnicodeDecodeError:
            return {}

    def _processor(self, entities: Any) -> Any:
        import osmium

        try:
            found = osmium.FileProcessor(osmium.io.File(str(self._path), self._kind), entities)
            places = Path(self._folder.name) / "places"
            return found.with_locations(f"sparse_file_array,{places}")
        except (RuntimeError, ValueError):
            raise self._damaged() from None

    def _sort(self) -> None:
        """Lay the file down in order where it is in none, as editors and small extracts leave it."""
        import osmium

        try:
            file = osmium.io.File(str(self._path), self._kind)
            if osmium.io.Reader(file).header().get("sorting") == "Type_then_ID" or _in_order(file):
                return
            if self._path.stat().st_size > SORTED_HERE[self._kind]:
                stem = self.name.partition(".")[0]
                raise SourceBroken(
                    f"{self.name} is in no order and too large to be sorted in memory. Put it in order with "
                    f"osmium-tool and take the result: osmium sort {self.name} -o {stem}-sorted.osm.pbf"
                )
            merged = osmium.MergeInputReader()
            merged.add_file(str(self._path))
            path = Path(self._folder.name) / "sorted.osm.pbf"
            with osmium.SimpleWriter(str(path)) as sink:
                merged.apply(sink, simplify=False)
        except (RuntimeError, ValueError):
            raise self._damaged() from None
        self._path, self._kind = path, "pbf"

    def _guarded(self, found: Any) -> Iterator[Any]:
        try:
            yield from found
        except (RuntimeError, ValueError):
            raise self._damaged() from None

    def _damaged(self) -> SourceBroken:
        return SourceBroken(DAMAGED.format(self.name))


def _in_order(file: Any) -> bool:
    """Whether ways and relations come by their numbers, which is needed to put areas together."""
    import osmium

    last, relations = -1, False
    thing: Any
    for thing in osmium.FileProcessor(file, osmium.osm.WAY | osmium.osm.RELATION):
        if thing.is_relation() != relations:
            relations, last = True, -1
        if thing.id <= last:
            return False
        last = thing.id
    return True


def _refuse_remark(file: File) -> None:
    """Overpass says 200 and sends half an answer; that it failed stands in a remark at its end."""
    with file.open() as stream:
        head = tail = stream.read(_PIECE)
        if b"Overpass" not in head[:4096]:
            return
        while tail:
            if _REMARK in tail:
                raise SourceBroken(
                    f"{file.name}: Overpass answered with an error inside; ask for less, or later, or take "
                    f"an extract"
                )
            piece = stream.read(_PIECE)
            tail = tail[-len(_REMARK) :] + piece if piece else b""
