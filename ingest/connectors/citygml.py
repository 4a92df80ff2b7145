"""CityGML 1.0 and 2.0: buildings, one `cityObjectMember` at a time.

Source: files (``.gml``, ``.xml``, also ``.gz``), a folder of them, one address, an address with ``{E}``
and ``{N}``, or a metalink (``.meta4``) of a surveying authority.

Options:
    tiles: list of ``E_N`` names, to choose from a metalink or to fill in ``{E}`` and ``{N}``.
    lod: level of detail wanted; by default the best there is, in the order 2, 3, 1, 4.
    hosts: further hosts that a metalink may point to.
"""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from ingest.connectors.building import building_of
from ingest.connectors.tiled import files
from ingest.fetch import Fetch
from ingest.files import File
from twin.errors import RecipeError, SourceBroken, SourceRefused, UnknownCRS
from twin.record import Record
from twin.source import Source

_CHUNK = 1 << 17
_HEAD = 4096
_ROOTS = ("{*}CityModel", "{*}FeatureCollection")
_MEMBERS = ("{*}cityObjectMember", "{*}featureMember")
_APPEARANCE = "{*}appearanceMember"
_LARGEST = 100_000_000
"""Bytes between two whole objects; more would be held in memory, many times over."""


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per building; its parts belong to it.

    Values: ``gml_id``, ``measured_height`` (float, m), ``part_heights`` (list of float, m), ``roof_type``,
    ``function``, ``storeys``, ``creation_date``, ``municipality_key`` (text) and ``lod`` (int). Addresses and
    external references are not read. Geometry: a `Solid` in the source's CRS, None if no face is usable.

    Raises:
        SourceRefused: a DOCTYPE.
        SourceBroken: no CityGML, or XML that is cut off or not well-formed.
    """
    lod = source.options.get("lod")
    if lod is not None and not str(lod).isdigit():
        raise RecipeError(f"options.lod is a number from 0 to 4, not {lod!r}")
    for file in files(source, fetch, (".gml", ".xml", ".citygml")):
        yield from _buildings(file, source, None if lod is None else int(lod))


def _buildings(file: File, source: Source, lod: int | None) -> Iterator[Record]:
    fallback = _Fallback(source.crs)
    count, city_crs = 0, None
    for number, member in enumerate(_members(file)):
        if number == 0:  # the envelope stands before the first object, and goes when that is emptied
            city_crs = _envelope_crs(member)
        for element in member:
            if not element.tag.endswith("}Building"):
                continue
            count += 1
            building = building_of(element, lod)
            crs, notes = fallback.of(building.crs or city_crs)
            yield Record(
                place=f"{file.name}, building {count}",
                values=building.values,
                geometry=building.solid,
                crs=crs,
                notes=building.notes + notes,
            )


class _Fallback:
    """Takes the CRS of the recipe or the operator where the file names none, or one that nobody knows."""

    def __init__(self, stated: str | None) -> None:
        self._stated = stated
        self._known: dict[str, tuple[str, tuple[str, ...]]] = {}

    def of(self, name: str | None) -> tuple[str | None, tuple[str, ...]]:
        if name is None or self._stated is None:
            return name or self._stated, ()
        if name not in self._known:
            from tiles.geodesy import resolve_crs

            try:
                resolve_crs(name)
                self._known[name] = (name, ())
            except UnknownCRS:
                self._known[name] = (
                    self._stated,
                    ("the file's CRS name is not known; the stated one was taken",),
                )
        return self._known[name]


def _members(file: File) -> Iterator[etree._Element]:
    """Yield each whole ``cityObjectMember``; it is emptied when the next one is asked for."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=(*_ROOTS, *_MEMBERS, _APPEARANCE),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    root: etree._Element | None = None
    count, waiting, head = 0, 0, b""
    with file.open() as stream:
        try:
            while True:
                data = stream.read(_CHUNK)
                if len(head) < _HEAD:
                    head += data[:_HEAD]
                    _refuse_doctype(head, file)
                waiting += len(data)
                if waiting > _LARGEST:
                    raise SourceRefused(
                        f"{file.name}: one object of more than {_LARGEST / 1e6:g} MB; split it up"
                    )
                if data:
                    parser.feed(data)
                else:
                    parser.close()
                for event, item in parser.read_events():
                    element = cast(etree._Element, item)
                    if root is None:
                        root = element
                        if root.getroottree().docinfo.internalDTD is not None:
                            raise SourceRefused(_DOCTYPE.format(file.name))
                    parent = element.getparent()
                    if event == "start" or parent is None:
                        continue
                    if not element.tag.endswith("}appearanceMember"):
                        yield element
                        count += 1
                    waiting = 0
                    element.clear()
                    while element.getprevious() is not None:
                        del parent[0]
                if not data:
                    break
        except etree.XMLSyntaxError as error:
            where = f"after its object {count}" if count else "before its first object"
            raise SourceBroken(
                f"{file.name}: cut off or not well-formed in line {error.lineno}, {where}; fetch it again"
            ) from None
    if root is None:
        raise SourceBroken(f"{file.name} is no CityGML 1.0 or 2.0: it has no CityModel")


_DOCTYPE = "{} has a DOCTYPE; XML that defines its own entities is not read"


def _refuse_doctype(head: bytes, file: File) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise SourceRefused(_DOCTYPE.format(file.name))


def _envelope_crs(member: etree._Element) -> str | None:
    root = member.getparent()
    envelope = None if root is None else root.find("{*}boundedBy/{*}Envelope")
    return None if envelope is None else envelope.get("srsName")
