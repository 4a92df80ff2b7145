"""Clouds: point clouds of a conversion."""

from collections.abc import Iterable

from ingest.connectors import connector
from ingest.convert.frame import First
from ingest.convert.inputs import Input
from ingest.convert.layers import cloud_layer
from ingest.convert.options import Options, Part
from ingest.convert.work import Work
from ingest.fetch import Fetch
from twin.record import Cloud, Feature, Record
from twin.report import Report, Verdict


class Files:
    """The inputs that are point clouds."""

    def __init__(self, inputs: Iterable[Input], options: Options, fetch: Fetch) -> None:
        layer = cloud_layer({"encoding": options.encoding, "crs": options.crs}, options.attribution)
        self._layer = layer
        self._records: list[Record] = []
        for each in inputs:
            source = layer.source.model_copy(
                update={"connector": each.connector, "url": str(each.path), "crs": options.crs}
            )
            self._records += connector(each.connector)(source, fetch)

    def first(self) -> First | None:
        """The first cloud's CRS and place."""
        for record in self._records:
            cloud = record.geometry
            assert isinstance(cloud, Cloud)
            place = ((cloud.low[0] + cloud.high[0]) / 2, (cloud.low[1] + cloud.high[1]) / 2)
            return First(record.place, record.crs, (place,))
        return None

    def convert(self, work: Work) -> Part | None:
        """Make the tiles of all clouds, which are one."""
        if not self._records:
            return None
        report = Report(names=True, taken=len(self._records))
        features = []
        for record in self._records:
            report.count(Verdict.PUBLISHED)
            features.append(Feature(record.place, record.place, {}, None, cloud=record.geometry))
        return Part("points", report, work.build(self._layer, features))
