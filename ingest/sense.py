"""Sense: what is well written in a recipe and cannot be meant: a typo in an option, a field nobody has."""

from collections.abc import Iterable, Iterator
from typing import Any

from ingest.boxes import elsewhere
from ingest.faults import line_of, nearest
from twin.city import City
from twin.errors import UnknownCRS
from twin.layer import Layer
from twin.schema import Kind

_LIST, _TABLE, _NUMBER, _TEXT, _BOOL, _ANY = (
    "a list [ … ]",
    "a table { … }",
    "a number",
    "a text",
    "true or false",
    "",
)
_IS: dict[str, tuple[type, ...]] = {
    _LIST: (list, tuple),
    _TABLE: (dict,),
    _NUMBER: (int, float),
    _TEXT: (str,),
    _BOOL: (bool,),
    _ANY: (object,),
}
_MISSING = {"missing": _LIST}
_NUMBERS = _MISSING | {"comma": _BOOL, "factor": _NUMBER}
_TREES = _NUMBERS | {"between": _LIST}
OPTIONS: dict[str, dict[str, str]] = {
    "text": _MISSING,
    "first": _MISSING,
    "join": _MISSING | {"with": _TEXT},
    "constant": {"value": _ANY},
    "flags": {"map": _TABLE},
    "texts": _MISSING | {"separator": _TEXT},
    "flag_texts": {"map": _TABLE},
    "among": _MISSING | {"words": _LIST},
    "number": _NUMBERS,
    "integer": _NUMBERS,
    "choice": _MISSING | {"map": _TABLE, "prefix": _TABLE, "otherwise": _TEXT, "empty": _TEXT},
    "boolean": _MISSING | {"true": _LIST, "false": _LIST},
    "tree_height": _TREES,
    "tree_height_source": _TREES,
    "tree_crown": _TREES,
    "tree_crown_source": _TREES,
}
"""Mapping function → its options and of what kind they are; functions that are not named have none."""
_NEEDED = {"constant": "value", "among": "words"}
LISTS = ("texts", "flag_texts")
"""Functions that make several texts."""
_ALONE = ("constant", "group", "raster_lowest", "raster_highest", "raster_step")
"""Functions that look at no field."""
_WRITERS = {
    "stations": ("point",),
    "trees": ("point",),
    "lines": ("line", "any"),
    "areas": ("area", "any"),
    "buildings": ("building",),
    "models": ("model", "building"),
    "terrain": ("terrain",),
    "points": ("cloud",),
}
"""Writer → geometries of a schema that it draws."""


def nonsense(city: City, layer: Layer, text: str, name: str) -> Iterator[str]:
    """Each fault as ``file, line: words; remedy``.

    Args:
        city: whose layer it is; stations lie in its area.
        layer: as read, with what a shared recipe says.
        text: of the recipe's own file.
        name: of the file.
    """

    def fault(where: list[str], words: str) -> str:
        return f"{name}{line_of(text, where)}: {'.'.join(where)} {words}"

    for where, words in (
        *_mappings(layer),
        *_names(layer),
        *_readings(layer),
        *_drawn(layer),
        *_places(city, layer),
        *_kept(layer),
        *elsewhere(city, layer),
    ):
        yield fault(where, words)


Fault = tuple[list[str], str]


def _mappings(layer: Layer) -> Iterator[Fault]:
    """Options of mapping functions, and the words of choices."""
    columns = {column.name: column for column in layer.schema_.columns}
    for name, mapping in layer.fields.items():
        where, known = ["fields", name], OPTIONS.get(mapping.by, {})
        if not _listed(mapping.source) and mapping.by not in _ALONE:
            yield where, f"says no field: {mapping.by} makes a value of one; add from = …"
        needed = _NEEDED.get(mapping.by)
        if needed is not None and needed not in mapping.options:
            yield where, f"lacks an option: {mapping.by} needs options = {{ {needed} = … }}"
        for option, value in mapping.options.items():
            path = [*where, "options", option]
            if option not in known:
                remedy = nearest(option, known) if known else f"; {mapping.by} has none, remove it"
                yield path, f"is no option of {mapping.by}{remedy}"
            elif not isinstance(value, _IS[known[option]]) or (
                known[option] == _NUMBER and isinstance(value, bool)
            ):
                yield path, f"has to be {known[option]}"
        if mapping.options.get("separator") == "":
            yield [*where, "options", "separator"], "is empty; write what stands between the texts"
        column = columns.get(name)
        if column is not None and (column.kind is Kind.TEXTS) != (mapping.by in LISTS):
            one = "is a list of texts" if column.kind is Kind.TEXTS else "is no list"
            remedy = (
                f"by = one of {', '.join(LISTS)}" if column.kind is Kind.TEXTS else "by = another function"
            )
            yield where, f"does not fit {mapping.by}: the column {one}; write {remedy}"
        if column is not None and column.kind is Kind.ENUM and mapping.by in ("choice", "constant"):
            choices = [choice.value for choice in column.choices]
            for path, word in _words(where, mapping.options):
                if word not in choices:
                    yield path, f"{word!r} is no choice of {name}{nearest(word, choices)}"


def _words(where: list[str], options: dict[str, Any]) -> Iterator[tuple[list[str], str]]:
    """What a choice may become, with its place."""
    for option in ("map", "prefix"):
        table = options.get(option)
        for word, ours in table.items() if isinstance(table, dict) else ():
            yield [*where, "options", option, word], str(ours)
    for option in ("otherwise", "empty", "value"):
        if isinstance(options.get(option), str):
            yield [*where, "options", option], options[option]


def _names(layer: Layer) -> Iterator[Fault]:
    """Fields that are used and that the source's stated columns lack."""
    columns = layer.source.columns
    if columns is None:
        return
    known = (*columns.required, *columns.optional)
    for where, names in _used(layer):
        for name in names:
            if name not in known and not name.startswith("@") and name != "geometry":
                remedy = nearest(name, known) if known else ""
                yield where, f"names the field {name!r}, which is not in [source.columns]{remedy}"


def _used(layer: Layer) -> Iterator[tuple[list[str], Iterable[str]]]:
    yield ["business_key"], layer.business_key
    yield ["hashed"], layer.hashed
    for name, mapping in layer.fields.items():
        yield ["fields", name, "from"], _listed(mapping.source)
    for number, rule in enumerate(layer.gate):
        for verb in ("hold", "drop", "allow"):
            yield ["gate", str(number), verb], _listed(getattr(rule, verb))
    for number, reading in enumerate(layer.readings):
        where = ["readings", str(number)]
        yield [*where, "when"], reading.when
        yield [*where, "station"], [reading.station]
        yield [*where, "start"], reading.start
        yield [*where, "end"], reading.end
        yield [*where, "kind"], _listed(reading.kind)
        yield [*where, "value"], _listed(reading.value)
        for span, table in reading.values.items():
            for ours, theirs in table.items():
                yield [*where, "values", span, ours], [theirs]


def _listed(names: Any) -> list[str]:
    return [] if not names else [names] if isinstance(names, str) else list(names)


def _readings(layer: Layer) -> Iterator[Fault]:
    """Spans, and what a reading takes."""
    for number, reading in enumerate(layer.readings):
        where = ["readings", str(number)]
        if reading.span is not None and not _is_span(reading.span):
            yield (
                [*where, "span"],
                f"{reading.span!r} is no length of time; write for example 15min, 1h or 1d",
            )
        elif reading.span is not None and reading.values and reading.span not in reading.values:
            yield (
                [*where, "span"],
                f"{reading.span!r} has no table; write [readings.values.{reading.span}], or the span of "
                f"{', '.join(reading.values)}",
            )
        if reading.span is None and not reading.end and not reading.kinds:
            yield where, "says no length of the interval; add span = … or end = [ … ]"
        if not reading.values and not (reading.kind and reading.kinds and reading.value):
            yield where, "takes no value; add [readings.values.15min], or kind, kinds and value"


def _is_span(text: str) -> bool:
    number = text.rstrip("minhd")
    return number.isdigit() and int(number) > 0 and text[len(number) :] in ("min", "h", "d")


def _drawn(layer: Layer) -> Iterator[Fault]:
    if layer.tiles is None:
        return
    writer, geometry = layer.tiles.writer, layer.schema_.geometry
    tree = layer.schema_id.startswith("tree/")
    if geometry not in _WRITERS.get(writer, (geometry,)) or (writer == "trees" and not tree):
        fitting = [
            name for name, kinds in _WRITERS.items() if geometry in kinds and (tree or name != "trees")
        ]
        yield (
            ["tiles", "writer"],
            f"{writer!r} draws no {geometry}, as {layer.schema_id} has it; write {' or '.join(fitting)}",
        )


def _places(city: City, layer: Layer) -> Iterator[Fault]:
    """The CRS, and the stations that the recipe states."""
    from tiles.geodesy import resolve_crs

    if layer.source.crs is not None:
        try:
            resolve_crs(layer.source.crs)
        except UnknownCRS:
            yield ["source", "crs"], "is no CRS that we know; write for example EPSG:25832"
    west, south, east, north = city.area
    for key, station in layer.stations.items():
        if not (west <= station.lon <= east and south <= station.lat <= north):
            swapped = west <= station.lat <= east and south <= station.lon <= north
            remedy = "swap lon and lat" if swapped else "look at lon and lat, or at the city's area"
            yield ["stations", key], f"lies outside the city's area; {remedy}"


def _kept(layer: Layer) -> Iterator[Fault]:
    """Retention is about measured values, and only stations have some."""
    if layer.retention and not layer.schema_.properties:
        yield ["retention"], f"is for stations alone, and {layer.schema_id} measures nothing; remove it"
