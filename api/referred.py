"""What filters refer to: the geometry of a feature of another layer, as it was at the time asked about."""

import difflib
from datetime import datetime
from typing import Any

from api.service import Service
from catalog import at_hand
from catalog.cql.references import resolved
from catalog.cql.tree import Node, Reference, Shape
from catalog.revisions import pick
from twin import times
from twin.city import City
from twin.errors import Damaged, RequestError
from twin.layer import Layer
from twin.revision import Revision

_FEW = 5000
"""Features of a layer in which the nearest name is looked for."""


def has_outlines(layer: Layer) -> bool:
    """Whether a layer is made of features with a place in the plane: terrain and point clouds are not."""
    return layer.schema_.geometry not in ("terrain", "cloud")


class Referred:
    """The features that one question names, of one revision of each layer."""

    def __init__(
        self,
        service: Service,
        city: City | None,
        at: datetime,
        pinned: tuple[int, ...] | None = None,
        until: datetime | None = None,
    ) -> None:
        """Look things up for one question.

        Args:
            service: The store.
            city: Whose layers short names mean; None: of all cities, where only one has such a layer.
            at: The instant that is asked about.
            pinned: Numbers of the revisions that the first page took, in the order in which it came to their
                layers; None: this is the first page.
            until: What was published later is not looked at: the first page did not know it.
        """
        self._service, self._city, self._at = service, city, at
        self._pinned, self._until = pinned, until
        self._revisions: dict[str, Revision] = {}

    def resolved(self, tree: Node | None) -> Node | None:
        """A filter with geometries in the place of the features that it names; raises as `shape` does."""
        return None if tree is None else resolved(tree, self.shape)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the revisions that were looked into, in the order in which their layers were named."""
        return tuple(revision.number for revision in self._revisions.values())

    def shape(self, of: Reference) -> Shape:
        """The geometry of a feature.

        Raises:
            RequestError: There is no such layer or feature, or it has no geometry; names what is nearest.
            Damaged: Nobody knows, as a file is not what it should be.
        """
        layer = self._layer(of.layer)
        revision = self._revision(layer)
        found = self._service.outlines.of(layer, revision, of.name)
        if found is None:
            raise RequestError(
                f"filter names {of.name[:80]!r} in FEATURE, which {layer.id} does not have at this time; "
                + self._hint(layer, revision, of.name)
            )
        return found

    def _layer(self, name: str) -> Layer:
        there = [layer for city, layer in self._service.layers() if self._city in (None, city)]
        short: dict[str, list[Layer]] = {}
        for layer in there:
            short.setdefault(layer.name, []).append(layer)
        layers = {layer.id: [layer] for _, layer in self._service.layers()}
        meant = layers.get(name) or short.get(name) or []
        if not meant:
            lost = self._service.lost_cities().get(name.partition(".")[0])
            if lost is not None:
                raise Damaged(lost)
            near = difflib.get_close_matches(name, [*short, *layers], 1)
            hint = f"did you mean {near[0]!r}?" if near else "all layers are listed at /ogc/collections"
            raise RequestError(f"filter names a layer {name[:80]!r} in FEATURE that is not there; {hint}")
        if len(meant) > 1:
            ids = ", ".join(layer.id for layer in meant)
            raise RequestError(
                f"filter names {name!r} in FEATURE, which several cities have; write one of: {ids}"
            )
        (found,) = meant
        if not has_outlines(found):
            raise RequestError(
                f"filter names {found.id} in FEATURE, which has no features with an outline; name another "
                "layer, such as districts"
            )
        return found

    def _revision(self, layer: Layer) -> Revision:
        if layer.id in self._revisions:
            return self._revisions[layer.id]
        found: Revision | None = None
        if self._pinned is None:
            found = self._service.current(layer.id, self._at)
            if self._until is not None:
                known = self._service.listing.revisions(layer.id)
                found = pick((one for one in known if one.published_at <= self._until), self._at)
            if found is None:
                raise RequestError(
                    f"filter names {layer.id} in FEATURE, which was not published at {times.iso(self._at)}; "
                    f"ask for a later datetime, see /stac/collections/{layer.id}/items"
                )
        else:
            place = len(self._revisions)
            number = self._pinned[place] if place < len(self._pinned) else 0
            found = self._service.listing.revision(layer.id, number)
            if found is None:
                raise RequestError(
                    "token names a revision that is not there; begin at the first page, without it"
                )
        self._revisions[layer.id] = found
        return found

    def _hint(self, layer: Layer, revision: Revision, name: str) -> str:
        """Which id may have been meant: people write names, too."""
        at_hand.leave()
        listed = f"its ids are at /ogc/collections/{layer.id}/items"
        snapshot = self._service.features.snapshot(layer, revision)
        if len(snapshot) > _FEW:
            return listed
        ids = _texts(snapshot.column("source_id"))
        known: dict[str, tuple[str, str]] = {}
        """What may have been written → what to write, and what it is called where that is another word."""
        for own, feature in zip(ids, snapshot.ids, strict=True):
            known[feature.lower()] = known[(own or feature).lower()] = own or feature, ""
        for column in (one for one in ("name", "title") if one in layer.schema_.names):
            for own, feature, value in zip(ids, snapshot.ids, _texts(snapshot.column(column)), strict=True):
                if value is not None:
                    known.setdefault(value.lower(), (own or feature, f" ({value})"))
        near = difflib.get_close_matches(name.lower(), known, 1)
        if not near:
            return listed
        meant, called = known[near[0]]
        return f"did you mean {meant!r}{called}? {listed[0].upper()}{listed[1:]}"


def _texts(column: Any) -> list[str | None]:
    import pyarrow as pa

    found: list[str | None] = column.cast(pa.string()).to_pylist()
    return found
