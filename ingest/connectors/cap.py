"""Warnings by the Common Alerting Protocol (CAP 1.2): XML files, or a zip archive of them.

Options:
    language: of the texts (default ``de-DE``); where a warning lacks it, its first language.
    cells: address or file of a GeoJSON of warning cells, for warnings that name cells instead of outlines.
    cell_key: property of the cells that warnings name (default ``WARNCELLID``).
    cell_name: name of the geocode in warnings (default ``WARNCELLID``).
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from ingest.connectors.features import UNREADABLE
from ingest.connectors.options import options
from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.connectors.xml_stream import Element, children, elements, local
from ingest.fetch import Fetch
from ingest.files import File, unpacked
from ingest.inflate import ZIP_MAGIC
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_OPTIONS = ("language", "cells", "cell_key", "cell_name")
_TEXTS = (
    "event",
    "responseType",
    "urgency",
    "severity",
    "certainty",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
)
_OF_ALERT = ("identifier", "sent", "status", "msgType", "scope")
_MOST_POINTS = 200_000
_EMPTY_ZIP = b"PK\x05\x06"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield a record for each warning: its texts under CAP's names, ``areaDesc`` of all areas, its outline.

    ``onset`` falls back on ``effective``, as CAP says. Contacts are not read. A warning without an outline
    has geometry None.

    Raises:
        SourceBroken: no CAP, or cut off.
        SourceRefused: a DOCTYPE, or an archive that explodes.
    """
    asked = options(source, _OPTIONS)
    if not all(isinstance(value, str) for value in asked.values()):
        raise RecipeError("options of the connector cap are texts")
    cells = _cells(asked, fetch)
    for file in chain.from_iterable(map(_unpacked, fetch.files(source.url, (".xml", ".zip")))):
        found = False
        for _, alert in elements(file, frozenset({"alert"})):
            found = True
            yield _record(alert, f"{file.name}", asked, cells, source)
        if not found:
            raise SourceBroken(f"{file.name} is no CAP alert; check the address")


def _unpacked(file: File) -> Iterator[File]:
    """The file, or those in the archive that it is; an archive without any means that there is no warning."""
    with file.path.open("rb") as raw:
        packed = raw.read(4) in (ZIP_MAGIC, _EMPTY_ZIP)
    if packed:
        yield from unpacked(file, (".xml",))
    else:
        yield file


def _record(
    alert: Element, place: str, asked: dict[str, Any], cells: dict[str, Any], source: Source
) -> Record:
    infos = children(alert, "info")
    language = str(asked.get("language", "de-DE")).lower()
    spoken = [info for info in infos if (_text(info, "language") or "en-US").lower() == language]
    values: dict[str, Any] = {name: _text(alert, name) for name in _OF_ALERT}
    if not infos:
        return Record(place, values, notes=("a warning without any text",))
    info = (spoken or infos)[0]
    values |= {name: _text(info, name) for name in _TEXTS}
    values["onset"] = values["onset"] or values["effective"] or values["sent"]
    areas = children(info, "area")
    names = list(dict.fromkeys(filter(None, (_text(area, "areaDesc") for area in areas))))
    values["areaDesc"] = ", ".join(names[:50]) or None
    try:
        geometry, notes = _outline(areas, asked, cells), ()
    except NoGeometry as error:
        return Record(place, values, notes=(f"{UNREADABLE}: {error}",))
    return Record(place, values, geometry, source.crs or "EPSG:4326", notes=notes)


def _text(element: Element, name: str) -> str | None:
    found = next((child for child in element if local(child) == name), None)
    return None if found is None or not found.text else found.text.strip() or None


def _outline(areas: list[Element], asked: dict[str, Any], cells: dict[str, Any]) -> bytes | None:
    """All areas together without what they exclude; CAP writes latitude first."""
    import shapely

    wanted, without = [], []
    key = asked.get("cell_name", "WARNCELLID")
    for area in areas:
        wanted += [_polygon(child.text or "") for child in children(area, "polygon")]
        for code in children(area, "geocode"):
            name, value = _text(code, "valueName"), _text(code, "value")
            if name == "EXCLUDE_POLYGON":
                without.append(_polygon(value or ""))
            elif name == key and value in cells:
                wanted.append(cells[value])
    if not wanted:
        return None
    shape = shapely.union_all(shapely.make_valid(wanted))
    if without:
        shape = shapely.difference(shape, shapely.union_all(shapely.make_valid(without)))
    return bytes(shapely.to_wkb(shape))


def _polygon(text: str) -> Any:
    import shapely

    pairs = text.split()
    if len(pairs) > _MOST_POINTS:
        raise NoGeometry("its outline has too many points to be honest")
    try:
        ring = [[float(number) for number in pair.split(",")[1::-1]] for pair in pairs]
    except ValueError:
        raise NoGeometry("its outline is no list of pairs") from None
    document = {"type": "Polygon", "coordinates": [ring]}
    try:
        return shapely.from_wkb(wkb_of(document)[0])
    except IndexError:
        raise NoGeometry("its outline is empty") from None


def _cells(asked: dict[str, Any], fetch: Fetch) -> dict[str, Any]:
    """Warning cells by their id."""
    import shapely

    from ingest.bodies import parse_json
    from ingest.connectors.features import collection_of

    if "cells" not in asked:
        return {}
    found = {}
    key = asked.get("cell_key", "WARNCELLID")
    for file in fetch.files(asked["cells"], (".json", ".geojson")):
        for feature in collection_of(parse_json(file.read(), file.name), file.name).features:
            try:
                code, (data, _) = feature["properties"][key], wkb_of(feature["geometry"])
            except (KeyError, TypeError, NoGeometry):
                raise SourceBroken(f"{file.name}: a warning cell without {key} or outline") from None
            found[str(code)] = shapely.from_wkb(data)
    return found
