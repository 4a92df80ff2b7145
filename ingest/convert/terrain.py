"""Terrain: height models of a conversion."""

from collections.abc import Iterable, Iterator

import numpy as np

from ingest.connectors import connector
from ingest.convert.frame import First
from ingest.convert.inputs import Input
from ingest.convert.layers import terrain_layer
from ingest.convert.options import Options, Part
from ingest.convert.work import Work
from ingest.fetch import Fetch
from tiles.build import Built
from tiles.ground import Ground
from tiles.warp import warp
from tiles.writers.quantized_mesh import write as write_quantized_mesh
from twin.errors import SourceBroken, UnknownCRS
from twin.record import Feature, Raster, Record
from twin.report import Report, Verdict


class Rasters:
    """The inputs that are height models."""

    def __init__(self, inputs: Iterable[Input], options: Options, fetch: Fetch) -> None:
        self._inputs = list(inputs)
        self._layer = terrain_layer({"encoding": options.encoding}, options.attribution)
        self._options, self._fetch = options, fetch
        self._records: list[Record] | None = None
        self._features: list[Feature] = []
        self._report = Report(names=True)

    def first(self) -> First | None:
        """The first height model's CRS and place."""
        for record in self._read():
            raster = record.geometry
            assert isinstance(raster, Raster)
            rows, columns = raster.heights.shape
            place = (raster.west + columns / 2 * raster.step, raster.north - rows / 2 * raster.step)
            return First(record.place, record.crs or self._options.crs, (place,))
        return None

    def _read(self) -> list[Record]:
        if self._records is None:
            self._records = list(self._stream())
        return self._records

    def _stream(self) -> Iterator[Record]:
        for each in self._inputs:
            source = self._layer.source.model_copy(
                update={"connector": each.connector, "url": str(each.path), "crs": self._options.crs}
            )
            yield from connector(each.connector)(source, self._fetch)

    def ground(self, work: Work) -> Ground | None:
        """The height models, in the frame's CRS, as the ground of everything else; None without any."""
        crs3d = work.frame.city.crs3d
        for record in self._read():
            self._report.taken += 1
            for note in record.notes:
                self._report.note(note, identity=record.place)
            raster = record.geometry
            assert isinstance(raster, Raster)
            crs = record.crs or self._options.crs
            if crs is None:
                raise UnknownCRS(f"{record.place} names no CRS; say it with --crs, such as EPSG:25832+7837")
            raster = warp(raster, crs, crs3d, grids=work.geodesy.grids)
            if not np.isfinite(raster.heights).any():
                self._report.count(Verdict.BROKEN, record.place, "it holds no heights", record.place)
                continue
            self._report.count(Verdict.PUBLISHED)
            name = str(record.values.get("name") or record.place)
            values = {
                "min_height_m": float(np.nanmin(raster.heights)),
                "max_height_m": float(np.nanmax(raster.heights)),
                "resolution_m": raster.step,
            }
            self._features.append(Feature(name, name, values, None, raster=raster))
        self._records = []
        rasters = [feature.raster for feature in self._features if feature.raster is not None]
        return Ground(rasters, None) if rasters else None

    def convert(self, work: Work) -> Part | None:
        """Make the tiles of the terrain."""
        if not self._features:
            return None
        return Part("terrain", self._report, work.build(self._layer, self._features))

    def quantized_mesh(self, work: Work) -> Part:
        """Make a terrain for CesiumJS instead.

        Raises:
            SourceBroken: there is no height model.
        """
        rasters = [feature.raster for feature in self._features if feature.raster is not None]
        if not rasters:
            raise SourceBroken("quantized-mesh is a form of terrain; give a height model (GeoTIFF, XYZ, HGT)")
        account = write_quantized_mesh(
            rasters,
            work.geodesy,
            lambda name, data: work.folder.write(name, data, {}),
            attribution=self._options.attribution,
            executor=work.executor,
            step=lambda done: work.progress.step(self._layer.id, "tile", done),
        )
        return Part("terrain", self._report, Built({}, (), {"features": len(rasters), **account}))
