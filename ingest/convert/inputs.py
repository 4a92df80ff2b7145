"""Inputs: what a file is, told by its own first bytes; a name is only the last resort."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.beside import HEAD, is_other
from twin.errors import SourceBroken, SourceDown

CITY_MODELS = ("citygml", "cityjson", "footprints", "osm")
HEIGHTS = ("geotiff", "xyz", "hgt")
CLOUDS = ("las",)
_NAMES = {
    ".gml": "citygml",
    ".citygml": "citygml",
    ".jsonl": "cityjson",
    ".gpkg": "footprints",
    ".parquet": "footprints",
    ".geoparquet": "footprints",
    ".fgb": "footprints",
    ".shp": "footprints",
    ".pbf": "osm",
    ".osm": "osm",
    ".tif": "geotiff",
    ".tiff": "geotiff",
    ".xyz": "xyz",
    ".hgt": "hgt",
    ".las": "las",
    ".laz": "las",
}
_MARKS = {"citygml": (b"CityModel", b"FeatureCollection"), "footprints": (b"FeatureCollection",)}
"""What stands in the head of a file of a folder that is what its first bytes look like."""
_TRIPLE = re.compile(rb"\s*(?:[A-Za-z_,;\t ]+\r?\n)?\s*-?\d+(?:\.\d*)?[\s,;]+-?\d+(?:\.\d*)?[\s,;]+-?\d+")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)
_STRANGERS = {b"<kml": "KML", b"<gpx": "GPX", b"ISO-10303-21": "IFC or another STEP file", b"%PDF-": "a PDF"}
"""What people have beside city models and maps, by how it begins."""
_STRANGER = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?(<kml|<gpx|ISO-10303-21|%PDF-)",
    re.S,
)
_KNOWN = (
    "CityGML, CityJSON, GeoPackage, GeoJSON, GeoParquet, Shapefile, FlatGeobuf, OpenStreetMap, GeoTIFF, XYZ, "
    "HGT, LAS, LAZ"
)


@dataclass(frozen=True, slots=True)
class Input:
    """One file that is to be converted."""

    path: Path
    connector: str
    """Name in the table of connectors."""


def inputs_of(paths: list[Path]) -> list[Input]:
    """Tell what each path is; a folder becomes its files.

    Raises:
        SourceDown: nothing is there.
        SourceBroken: a file is empty or of a format we do not read, or a folder mixes formats or has none.
    """
    return [each for path in paths for each in _inputs(path)]


def _inputs(path: Path) -> list[Input]:
    if not path.exists():
        raise SourceDown(f"{path}: no such file or folder; check the path")
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise SourceBroken(
            f"{path.name} is a pipe or a device; write its bytes to a file, which can be read twice"
        )
    found = _by_bytes(path)
    if found is None:
        raise SourceBroken(f"{path.name} is of no format that can be converted; these can: {_KNOWN}")
    return [Input(path, found)]


def _of_folder(folder: Path) -> list[Input]:
    """A folder's files, which have one format; what is none of ours (licences, metadata) does not count."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.startswith(".")]
    found = [Input(file, kind) for file in files if (kind := _by_name(file.name) or _looked(file))]
    if _only((each.connector for each in found), f"folder {folder.name}") is None:
        raise SourceBroken(f"folder {folder.name} has no file that can be converted; these can: {_KNOWN}")
    for each in found:
        if not each.path.stat().st_size:
            raise SourceBroken(f"{each.path.name} is empty; fetch it again")
    return found


def _looked(file: Path) -> str | None:
    """What a file of a folder is whose name does not tell; None if it is something else."""
    if not _is_text(file.name) and not file.name.lower().endswith(".zip"):
        return None
    if not file.stat().st_size:
        return None
    found = _by_bytes(file)
    if file.name.lower().endswith(".zip"):
        return found
    with gzip.open(file) if file.name.lower().endswith(".gz") else file.open("rb") as stream:
        return _surely(found, stream.read(HEAD))


def _surely(found: str | None, head: bytes) -> str | None:
    """What a file among others is, if more than its first bytes says so."""
    marks = _MARKS.get(found or "")
    return None if marks and is_other(head, marks, whole=False) else found


def _only(kinds: Iterator[str | None], name: str) -> str | None:
    """The one format there is, None if there is none."""
    found = sorted({kind for kind in kinds if kind})
    if len(found) > 1:
        raise SourceBroken(
            f"{name} mixes {' and '.join(found)}: name those files or folders in it that you mean, one by one"
        )
    return found[0] if found else None


def _by_name(name: str) -> str | None:
    name = name.lower().removesuffix(".gz").removesuffix(".zip")
    return next((connector for ending, connector in _NAMES.items() if name.endswith(ending)), None)


def _is_text(name: str) -> bool:
    """Whether only a look inside tells what a file is."""
    return name.lower().removesuffix(".gz").endswith((".xml", ".json", ".geojson"))


def _by_bytes(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise SourceBroken(f"{path.name} cannot be read: {error.strerror}") from None
    if not head:
        raise SourceBroken(f"{path.name} is empty; fetch it again")
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(path)
    if head.startswith(b"\x1f\x8b"):
        head = _inflated(path)
    if _PAGE.match(head):
        raise SourceBroken(
            f"{path.name} is a web page, not data: whoever fetched it got an error or a login in its place; "
            "open the address in a browser"
        )
    if stranger := _STRANGER.match(head):
        raise SourceBroken(
            f"{path.name} is {_STRANGERS[stranger[1]]}, which is not read; these can be converted: {_KNOWN}"
        )
    return _of_head(head, path.name.lower().removesuffix(".gz"))


def _inflated(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read(HEAD)
    except (OSError, EOFError, zlib.error):
        raise SourceBroken(f"{path.name} is cut off or no gzip file; fetch it again") from None


def _of_zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not PurePosixPath(name).name.startswith(".")]
            return _only((_by_name(name) or _inside(archive, name) for name in names), path.name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        raise SourceBroken(f"{path.name} is cut off or no zip file; fetch it again") from None


def _inside(archive: zipfile.ZipFile, name: str) -> str | None:
    if not _is_text(name) or name.lower().endswith(".gz"):
        return None
    with archive.open(name) as stream:
        head = stream.read(HEAD)
    return _surely(_of_head(head, name.lower()), head)


def _of_head(head: bytes, name: str) -> str | None:
    for test in (_binary, _xml, _json):
        if found := test(head):
            return found
    if _TRIPLE.match(head):
        return "xyz"
    return "hgt" if name.endswith(".hgt") else None


def _binary(head: bytes) -> str | None:
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "geotiff"
    if head.startswith(b"LASF"):
        return "las"
    if head.startswith((b"SQLite format 3\0", b"PAR1", b"fgb\x03", b"\0\0\x27\x0a")):
        return "footprints"
    return "osm" if b"OSMHeader" in head[:64] or head.startswith(b"BZh") else None


def _xml(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace").encode()
    if not text.lstrip().startswith(b"<"):
        return None
    if b"<osm" in text:
        return "osm"
    # Whatever else is XML is for the CityGML reader to judge: it says what is wrong with it.
    return "citygml"


def _json(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith((b"{", b"[")):
        return None
    if b'"CityJSON' in text or b'"CityObjects"' in text:
        return "cityjson"
    return "footprints" if b'"Feature' in text else None


def of_kind(inputs: list[Input], connectors: tuple[str, ...]) -> Iterator[Input]:
    """Those inputs that one of `connectors` reads."""
    return (each for each in inputs if each.connector in connectors)
