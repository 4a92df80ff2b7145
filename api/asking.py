"""What a visitor asks of a layer's features, from query parameters to a question."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Query

from api import named, params
from api.referred import Referred
from api.solids.forms import has_forms
from catalog import crs
from catalog.cql import check, literals, objects, text
from catalog.cql.tree import Call, Name, Node
from catalog.engines.places import Box
from catalog.features import how_asked, told
from catalog.question import Question, Shown
from twin.errors import RequestError
from twin.layer import Layer
from twin.schema import Schema
from twin.schemas import schema

_LONGEST, _MOST = 500, 5
_SHORT = 1000
"""Characters of a filter whose tree is kept for the next one who asks so."""
_LANGUAGES: dict[str, Callable[[str, literals.Project], Node]] = {
    "cql2-text": text.read,
    "cql2-json": objects.read,
}
_NAME = re.compile(r"[\w.:-]{1,80}")

Filter = Annotated[
    str | None,
    Query(
        description="CQL2 condition on the queryables: at most 4 kB, 10 brackets deep, 200 operators.",
        examples=["height_m > 20 AND S_INTERSECTS(geometry, BBOX(11.5,48.1,11.6,48.2))"],
    ),
]
FilterLang = Annotated[
    str | None,
    Query(
        alias="filter-lang", pattern="^cql2-(text|json)$", description="`cql2-text` (default), `cql2-json`."
    ),
]
FilterCrs = Annotated[
    str | None, Query(alias="filter-crs", description="CRS of geometries in `filter`; CRS84 if not given.")
]
BboxCrs = Annotated[str | None, Query(alias="bbox-crs", description="CRS of `bbox`; CRS84 if not given.")]
Crs = Annotated[
    str | None,
    Query(
        description="CRS of the answer's geometries, by URI, axes in the order that it states; else CRS84."
    ),
]
Sort = Annotated[
    str | None,
    Query(
        alias="sortby",
        description="Sortables, comma between, `-` before for downwards. Missing values come last.",
        examples=["-height_m,id"],
    ),
]
Properties = Annotated[
    str | None, Query(description="Only these properties, comma between.", examples=["name,height_m"])
]
SkipGeometry = Annotated[
    str | None,
    Query(alias="skipGeometry", pattern="^(true|false)$", description="`true`: without geometries."),
]
Words = Annotated[
    str | None,
    Query(
        alias="q",
        description="Words in a text of the feature, in any case, with or without accents; "
        "comma for one or the other.",
    ),
]
Token = Annotated[
    str | None, Query(max_length=200, description="From a next link: the page after, of the same revision.")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The query parameters of a request for features, as they came."""

    bbox: str | None = None
    bbox_crs: str | None = None
    datetime: str | None = None
    limit: int = 10
    offset: int | None = None
    filter: str | None = None
    filter_lang: str | None = None
    filter_crs: str | None = None
    sortby: str | None = None
    properties: str | None = None
    skip_geometry: str | None = None
    q: str | None = None
    crs: str | None = None
    token: str | None = None
    more: dict[str, str] = field(default_factory=dict)
    """Queryables given by their own names."""

    def query(self, **other: str | None) -> dict[str, str | None]:
        """As a query for links; `other` parameters take the place of its own."""
        given = {
            "bbox": self.bbox,
            "bbox-crs": self.bbox_crs,
            "datetime": self.datetime,
            "limit": str(min(self.limit, params.MOST)),
            "offset": None if self.offset is None else str(self.offset),
            "filter": self.filter,
            "filter-lang": self.filter_lang,
            "filter-crs": self.filter_crs,
            "sortby": self.sortby,
            "properties": self.properties,
            "skipGeometry": self.skip_geometry,
            "q": self.q,
            "crs": self.crs,
            "token": self.token,
            **self.more,
        }
        return {**given, **other}


OWN = (*Asked().query(), "f", "profile")
"""Parameters of the address itself."""


def question(asked: Asked, layer: Layer, referred: Referred) -> Question:
    """Which features; `RequestError` says what is wrong with a parameter.

    Args:
        asked: What was asked.
        layer: Of whose features.
        referred: Knows the features of other layers that a filter names.
    """
    schema = layer.schema_
    box: Box | None = None
    trees: list[Node] = []
    where = _flat(asked.bbox_crs, "bbox-crs", layer)
    if where == crs.CRS84 and not params.crosses(asked.bbox):
        box = params.box(asked.bbox)
    elif asked.bbox is not None:
        corners = params.corners(asked.bbox)
        shape = literals.box(corners, lambda found: crs.asked(found, where, "bbox"), "bbox")
        near, nowhere = (
            Call("s_intersects", (Name(check.GEOMETRY), shape)),
            Call("isnull", (Name(check.GEOMETRY),)),
        )
        trees.append(Call("or", (near, nowhere)))
    condition = referred.resolved(_filter(asked, layer))
    if condition is not None:
        trees.append(condition)
    trees += named.conditions(asked.more, schema)
    words = () if asked.q is None else _words(asked.q)
    order = () if asked.sortby is None else _order(asked.sortby, schema)
    parts = (box, asked.bbox if box is None else None, asked.bbox_crs, asked.filter, asked.filter_lang)
    elsewhere = (referred.numbers,) if referred.numbers else ()
    key = repr((*parts, asked.filter_crs, words, order, sorted(asked.more.items()), *elsewhere))
    plain = box is None and not trees and not words and not order
    return Question(
        key="" if plain else hashlib.blake2b(key.encode(errors="replace"), digest_size=16).hexdigest(),
        box=box,
        tree=None if not trees else trees[0] if len(trees) == 1 else Call("and", tuple(trees)),
        words=words,
        texts=(*schema.texts, *schema.lists),
        order=order,
    )


def shown(asked: Asked, layer: Layer) -> Shown:
    """What of each feature; `RequestError` says what is wrong with a parameter."""
    names = None
    if asked.properties is not None:
        known = (*layer.schema_.names, *told(layer.schema_))
        names = tuple(
            check.known(name, known, "properties") for name in _names(asked.properties, "properties")
        )
    return Shown(names, asked.skip_geometry != "true", crs.known(asked.crs, "crs", heights=has_forms(layer)))


def _flat(uri: str | None, parameter: str, layer: Layer) -> str:
    found = crs.known(uri, parameter, heights=has_forms(layer))
    return crs.CRS84 if found == crs.CRS84H else found  # the heights of what is asked for are not looked at


def _filter(asked: Asked, layer: Layer) -> Node | None:
    where = _flat(asked.filter_crs, "filter-crs", layer)
    if asked.filter is None:
        return None
    read = _read_lately if len(asked.filter) <= _SHORT else _read
    return read(asked.filter, asked.filter_lang or "cql2-text", where, layer.schema_id)


def _read(condition: str, language: str, where: str, schema_id: str) -> Node:
    """The tree of a filter, checked against a schema; its geometries are in the CRS `where`."""

    def project(shape: Any) -> Any:
        return crs.asked(shape, where, "filter")

    tree = _LANGUAGES[language](condition, project)
    asked = schema(schema_id)
    check.check(tree, asked, how_asked(asked))
    return tree


_read_lately = lru_cache(maxsize=256)(_read)
"""What a client asks it asks again, of another box or page. Nothing of it depends on the store: what a filter
refers to is looked up later."""


def _words(q: str) -> tuple[str, ...]:
    if len(q) > _LONGEST or "\0" in q:
        raise RequestError(f"q is longer than {_LONGEST} characters or no text; ask for fewer words")
    found = tuple(" ".join(part.split()) for part in q.split(",") if part.strip())
    if not found:
        raise RequestError("q is empty; leave it out or write a word")
    return found


def _order(sortby: str, schema: Schema) -> tuple[tuple[str, bool], ...]:
    found: list[tuple[str, bool]] = []
    # a plus that travelled unescaped in a URL is a space
    for part in _names(sortby.replace(" ", "+"), "sortby", r"[+-]?"):
        name = check.known(part.removeprefix("-").removeprefix("+"), schema.names, "sortby")
        if name in schema.lists:
            raise RequestError(f"sortby names {name!r}, which is a list and has no order; leave it out")
        if name in dict(found):
            raise RequestError(f"sortby names {name!r} twice; once is enough")
        found.append((name, part.startswith("-")))
    if len(found) > _MOST:
        raise RequestError(f"sortby has more than {_MOST} properties; the first ones decide")
    return tuple(found)


def _names(text: str, parameter: str, before: str = "") -> list[str]:
    found = text.strip().split(",") if len(text) <= 2 * _LONGEST else []
    pattern = re.compile(before + _NAME.pattern)
    if not all(pattern.fullmatch(part.strip()) for part in found) or not found:
        raise RequestError(f"{parameter} is no list of properties; write their names with a comma between")
    return [part.strip() for part in found]
