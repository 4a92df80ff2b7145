"""Work: what all kinds of inputs need to become tiles."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from ingest.convert.contents import Contents
from ingest.convert.folder import Folder
from ingest.convert.frame import Frame
from ingest.convert.options import Options
from tiles.build import Built, Put, build
from tiles.geodesy import Geodesy
from tiles.ground import Ground
from tiles.implicit import implicit
from twin.layer import Layer
from twin.progress import Progress
from twin.record import Feature


@dataclass(frozen=True, slots=True)
class Work:
    """One conversion."""

    frame: Frame
    geodesy: Geodesy
    options: Options
    folder: Folder
    scratch: Path
    """Goes away when all is done."""
    executor: Executor | None
    progress: Progress

    def build(
        self,
        layer: Layer,
        features: Sequence[Feature],
        put: Put | None = None,
        ground: Ground | None = None,
    ) -> Built:
        """The tiles of a layer, kept in the folder, or by `put`."""
        return build(
            layer,
            self.frame.city,
            features,
            geodesy=self.geodesy,
            ground=ground,
            put=put or self.folder.put,
            executor=self.executor,
            progress=self.progress,
            prefix="",
        )

    def build_cells(self, layer: Layer, features: Sequence[Feature]) -> Built:
        """The tiles of a layer that know their cells: as `build` makes them, or implicit ones."""
        if not self.options.implicit:
            return self.build(layer, features)
        contents = Contents(self.scratch / f"{layer.name}.contents")  # until their new names are known
        built = self.build(layer, features, contents.put)
        return implicit(
            built,
            self.geodesy,
            read=contents.read,
            keep=self.folder.write,
            folder=layer.name,
            executor=self.executor,
        )
