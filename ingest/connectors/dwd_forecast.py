"""DWD's point forecasts (MOSMIX): KML with a list of values for each element, one for each time step."""

from collections.abc import Iterator

from ingest.connectors.dwd_units import FORECAST, brought
from ingest.connectors.wkb import point
from ingest.connectors.xml_stream import below, elements
from ingest.files import File
from twin.errors import SourceBroken
from twin.record import Record, Shape

_WANTED = frozenset({"TimeStep", "Placemark"})
_LARGEST = 2_000_000_000
"""Bytes of a file of all stations, inflated."""


def read(file: File) -> Iterator[Record]:
    """Yield each station, and its forecast values in order of elements and times.

    Raises:
        SourceBroken: no MOSMIX, or lists of other lengths than there are times.
    """
    steps: list[str] = []
    found = False
    for name, element in elements(file, _WANTED, _LARGEST):
        if name == "TimeStep":
            steps.append((element.text or "").strip())
            continue
        found = True
        yield from _station(element, steps, file.name)
    if not found or not steps:
        raise SourceBroken(f"{file.name} is no MOSMIX forecast; check the address")


def _station(placemark: object, steps: list[str], name: str) -> Iterator[Record]:
    def text(tag: str) -> str:
        return next(((each.text or "").strip() for each in below(placemark, tag)), "")

    station = text("name")
    try:
        longitude, latitude, altitude = (float(number) for number in text("coordinates").split(",")[:3])
        geometry = point(longitude, latitude)
    except ValueError:
        raise SourceBroken(f"{name}: the position of a station cannot be read; fetch it again") from None
    values = {"station": station, "name": text("description"), "altitude": altitude}
    yield Record(f"{name}, {station}", values, geometry, "EPSG:4326")
    for forecast in below(placemark, "Forecast"):
        element = next((value for key, value in forecast.attrib.items() if key.endswith("elementName")), "")
        if element not in FORECAST:
            continue
        parameter, factor, offset = FORECAST[element]
        numbers = " ".join((each.text or "") for each in below(forecast, "value")).split()
        if len(numbers) != len(steps):
            raise SourceBroken(
                f"{name}: {len(numbers)} values of {element} for {len(steps)} times; fetch it again"
            )
        for time, number in zip(steps, numbers, strict=True):
            if number != "-":
                value = _value(number, factor, offset)
                told = {"station": station, "time": time, "parameter": parameter, "value": value}
                yield Record(f"{name}, {station}, {element}", told, shape=Shape.OBSERVATION)


def _value(number: str, factor: float, offset: float) -> str:
    try:
        return repr(brought(float(number), factor, offset))
    except ValueError:
        return "unreadable"
