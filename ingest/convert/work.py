"""Work: what all kinds of inputs need to become tiles."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from ingest.convert.folder import Folder
from ingest.convert.frame import Frame
from ingest.convert.options import Options
from tiles.build import Built, build
from tiles.geodesy import Geodesy
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

    def build(self, layer: Layer, features: Sequence[Feature]) -> Built:
        """The tiles of a layer, kept in the folder."""
        return build(
            layer,
            self.frame.city,
            features,
            geodesy=self.geodesy,
            ground=None,
            put=self.folder.put,
            executor=self.executor,
            progress=self.progress,
            prefix="",
        )
