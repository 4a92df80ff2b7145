"""Build: a layer's features become a 3D tileset. Looks up the writer, and that is all."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from tiles.geodesy import Geodesy
from tiles.ground import Ground
from tiles.tree import CONTENT_PREFIX, Node, tileset
from twin.city import City
from twin.errors import TilingError
from twin.layer import Layer
from twin.progress import Progress, Silent
from twin.record import Feature

if TYPE_CHECKING:
    from tiles.reuse import Reuse


class Put(Protocol):
    """``put(data, "glb")`` keeps an object and returns its key, ``content/<sha256>.glb``."""

    def __call__(self, data: bytes, suffix: str, packed: Mapping[str, bytes] | None = None) -> str:
        """Keep `data`, with the siblings that were `packed` elsewhere; without them they are made here."""


WRITERS = MappingProxyType(
    {
        "buildings": "tiles.writers.buildings:write",
        "models": "tiles.writers.buildings:write",
        "terrain": "tiles.writers.terrain:write",
        "areas": "tiles.writers.areas:write",
        "lines": "tiles.writers.lines:write",
        "stations": "tiles.writers.stations:write",
        "points": "tiles.writers.points:write",
        "trees": "tiles.writers.trees:write",
    }
)
"""Name in a recipe → the function ``write(order) -> Built``, imported on use."""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it."""

    tileset: dict[str, Any]
    """3D Tiles 1.1."""
    contents: tuple[str, ...]
    """Keys of everything the tileset refers to."""
    report: dict[str, Any]
    """For the provenance: writer, features, tiles, levels, triangles, bytes, repaired, left_out."""
    root: Node | None = None
    """The tree, for other forms of the same tileset, where the writer's tiles know their cells."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a writer is asked to make."""

    layer: Layer
    city: City
    features: Sequence[Feature]
    geodesy: Geodesy
    ground: Ground | None
    put: Put
    executor: Executor | None
    progress: Progress
    prefix: str = CONTENT_PREFIX
    reuse: "Reuse | None" = None

    @property
    def copyright(self) -> str:
        """Attribution, and the city's notice where it has one."""
        lines = [self.layer.source.attribution]
        if self.city.notice:
            lines.append(self.city.notice.de)
        return " – ".join(lines)

    @property
    def encoding(self) -> str:
        """``meshopt`` unless the recipe says otherwise."""
        return str(self.option("encoding", "meshopt"))

    def option(self, name: str, default: Any) -> Any:
        """An option of the recipe's ``[tiles]`` table."""
        return self.layer.tiles.options.get(name, default) if self.layer.tiles else default

    def tileset(self, root: Node) -> dict[str, Any]:
        """The tileset of a finished tree."""
        notice = self.city.notice.de if self.city.notice else None
        return tileset(root, copyright=self.layer.source.attribution, notice=notice, prefix=self.prefix)

    def step(self, done: int, total: int | None = None) -> None:
        """Say how far the work is."""
        self.progress.step(self.layer.id, "tile", done, total)


def build(
    layer: Layer,
    city: City,
    features: Sequence[Feature],
    *,
    geodesy: Geodesy,
    ground: Ground | None,
    put: Put,
    executor: Executor | None = None,
    progress: Progress | None = None,
    prefix: str = CONTENT_PREFIX,
    reuse: "Reuse | None" = None,
) -> Built:
    """Make the layer's tiles; the same features give the same bytes, on however many workers.

    Args:
        layer: Its ``tiles`` names the writer.
        city: For the notice and its areas.
        features: What is drawn.
        geodesy: From the city's coordinates to those of tiles.
        ground: Heights for what lies on the terrain; None if the city has none.
        put: Keeps the tiles' bytes; called in this process only, in a fixed order.
        executor: Where the heavy part runs; None means here.
        progress: Told about the steps.
        prefix: Leads from the tileset to where `put` keeps the tiles.
        reuse: Where earlier runs left what nothing has changed of; None makes all anew.

    Raises:
        TilingError: if nothing could be drawn, or the layer's writer does not exist.
    """
    if layer.tiles is None or layer.tiles.writer not in WRITERS:
        raise TilingError(f"{layer.id}: tiles.writer must be one of: {', '.join(WRITERS)}")
    module, _, function = WRITERS[layer.tiles.writer].partition(":")
    write: Callable[[Order], Built] = getattr(importlib.import_module(module), function)
    return write(
        Order(layer, city, features, geodesy, ground, put, executor, progress or Silent(), prefix, reuse)
    )
