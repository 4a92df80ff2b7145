"""XML cut down to a few things: DATEX II, CAP, GML of a WFS, CityGML."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ingest.archive import is_zip
from ingest.connectors import datex2_measured, datex2_parking
from ingest.connectors.datex2_situation import WORKS
from ingest.connectors.xml_stream import Element, children, kind, local, thinned
from ingest.files import File, unpacked
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import KEPT, LARGEST, MASK, Mask

_TABLE = datex2_parking.TABLE | datex2_measured.TABLE
_STATUS = datex2_parking.STATUS | datex2_measured.STATUS
_TOLD = re.compile(rb"(?:Status|[sS]iteMeasurements)>")
"""Near the end of a document it tells states."""
_MOST = 4_000_000_000
_FILES = 4
_HOLDERS = ("member", "featureMember", "featureMembers")
_UNREAD = (
    "address",
    "Address",
    "xalAddress",
    "appearance",
    "appearanceMember",
    "appearanceProperty",
    "metaDataProperty",
)
"""Of city models: addresses are of people, pictures are large."""
_STRUCTURE = ("id", "ref", "href", "type", "lang", "version", "codeSpace", "uom", "schemaLocation", "base")


def cut_xml(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """Documents with a few things each, valid in their dialect; name → bytes."""
    ids: set[str] = set()
    cut = {}
    files = _files(source)
    if dialect.connector == "datex2" and len(files) > 1:  # tables say which states are wanted
        files.sort(key=lambda file: _TOLD.search(file.read()[-2000:]) is not None)
    for number, file in enumerate(files[:_FILES], 1):
        name = "answer" if len(files) == 1 else f"answer-{number}"
        cut[f"{name}{'.xml' if dialect.suffix == '.zip' else dialect.suffix}"] = _document(
            file, dialect, mask, ids
        )
    return cut


def _files(source: Path) -> list[File]:
    if source.is_dir():
        return [File(path.name, path, _MOST) for path in sorted(source.iterdir())]
    file = File(source.name, source, _MOST)
    if not is_zip(source):
        return [file]
    members = list(unpacked(file, (".xml", ".gml", ".citygml")))
    smallest = sorted(members, key=lambda each: each.member.size if each.member else 0)[:_FILES]
    return [each for each in members if each in smallest]


def _document(file: File, dialect: Dialect, mask: Mask, ids: set[str]) -> bytes:
    from lxml import etree

    chooser = _Chooser(dialect.connector, ids)
    with file.open() as stream:
        root = thinned(stream, file.name, _THINGS[dialect.connector], chooser.keeps, largest=_MOST)
    chooser.finish()
    for holder in [each for each in root.iter() if local(each) in _HOLDERS and not len(each)]:
        holder.getparent().remove(holder)
    if dialect.connector == "wfs":
        _count(root)
    _tidy(root, dialect.connector, mask)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _datex2(element: Element) -> bool:
    return local(element) == "situation" or local(element) in _TABLE or local(element) in _STATUS


def _child_of(names: tuple[str, ...], element: Element) -> bool:
    return local(element.getparent()) in names


_THINGS: dict[str, Callable[[Element], bool]] = {
    "datex2": _datex2,
    "cap": lambda element: local(element) == "alert",
    "wfs": partial(_child_of, _HOLDERS),
    "citygml": lambda element: local(element) in ("cityObjectMember", "featureMember", "appearanceMember"),
}


class _Chooser:
    """Keeps the first few things that are small; where there is none, the smallest."""

    def __init__(self, connector: str, ids: set[str]) -> None:
        self._connector, self._ids = connector, ids
        self._states = bool(ids)
        self._kept = 0
        self._spare: tuple[int, Element] | None = None

    def keeps(self, element: Element) -> bool:
        from lxml import etree

        if self._kept >= KEPT or not self._wanted(element):
            return False
        for unread in [each for each in element.iter() if local(each) in _UNREAD]:
            if self._connector == "citygml" and unread.getparent() is not None:
                unread.getparent().remove(unread)
        size = len(etree.tostring(element))
        if size <= 2 * LARGEST:
            self._kept += 1
            if local(element) in _TABLE:
                self._ids.add(str(element.get("id")))
            return True
        if self._spare is None or size < self._spare[0]:
            if self._spare is not None:
                self._forget(self._spare[1])
            self._spare = size, element
            return True
        return False

    def finish(self) -> None:
        """Leave out the large one where small ones were found."""
        if self._kept and self._spare is not None:
            self._forget(self._spare[1])

    def _forget(self, element: Element) -> None:
        element.getparent().remove(element)

    def _wanted(self, element: Element) -> bool:
        if local(element) == "appearanceMember":
            return False
        if local(element) == "situation":
            return any(kind(record) in WORKS for record in children(element, "situationRecord"))
        if local(element) in _STATUS and self._states:
            return any(each.get("id") in self._ids for each in element.iter())
        return True


def _count(root: Element) -> None:
    """A WFS says how many features it sends."""
    number = sum(len(each) for each in root if local(each) in _HOLDERS)
    for name in ("numberMatched", "numberReturned", "numberOfFeatures"):
        if name in root.attrib:
            root.set(name, str(number))
    for each in [each for each in root if local(each) == "boundedBy"]:
        root.remove(each)


def _tidy(root: Element, connector: str, mask: Mask) -> None:
    """Hide what is personal, and of warnings leave out other languages and most areas."""
    if connector == "cap":
        for alert in root.iter("{*}alert"):
            _fewer(alert)
    for element in list(root.iter()):
        name = local(element)
        if mask.hides(name) and (len(element) or (element.text or "").strip()):
            for child in list(element):
                element.remove(child)
            element.text = MASK
        elif element.text and element.text.strip():
            element.text = mask.written(element.text)
        for key, value in element.attrib.items():
            short = key.rpartition("}")[2]
            if mask.hides(short):
                del element.attrib[key]
            elif short not in _STRUCTURE and not short.endswith(("Id", "Name")):
                element.set(key, mask.written(value))


def _fewer(alert: Element) -> None:
    infos = children(alert, "info")
    german = [info for info in infos if (info.findtext("{*}language") or "").lower().startswith("de")]
    for info in infos:
        if info not in (german or infos)[:1]:
            alert.remove(info)
            continue
        for area in children(info, "area")[KEPT:]:
            info.remove(area)
        for area in children(info, "area"):
            for code in children(area, "geocode")[KEPT:]:
                area.remove(code)
