"""Features: many of them, column by column.

The rows of a city as objects cost as much as their geometry; what can be done to a column at once is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twin.record import Cloud, Feature, Raster, Solid
from twin.solids import Solids
from twin.whence import UNKNOWN


@dataclass(slots=True)
class Features:
    """Features of one schema. Every column has a value for each of them."""

    ids: list[str]
    """`Feature.id`."""
    source_ids: list[str]
    values: dict[str, Sequence[Any]]
    """The schema's columns beside id and source_id; one that is absent is None throughout."""
    geometries: list[bytes | None]
    solids: list[Solid | None]
    rasters: list[Raster | None]
    clouds: list[Cloud | None]
    generic: list[Mapping[str, str | int | float | bool] | None]
    checksums: list[str]
    origins: Sequence[int] | None = None
    """`Feature.origin`; None where nobody asked."""
    gathered: Solids | None = None
    """`solids` one behind the other, where somebody had to lay them so already."""

    @classmethod
    def of(cls, features: Sequence[Feature]) -> "Features":
        """The columns of some features."""
        names = dict.fromkeys(name for feature in features for name in feature.values)
        return cls(
            ids=[feature.id for feature in features],
            source_ids=[feature.source_id for feature in features],
            values={name: [feature.values.get(name) for feature in features] for name in names},
            geometries=[feature.geometry for feature in features],
            solids=[feature.solid for feature in features],
            rasters=[feature.raster for feature in features],
            clouds=[feature.cloud for feature in features],
            origins=[feature.origin for feature in features],
            generic=[feature.generic for feature in features],
            checksums=[feature.checksum for feature in features],
        )

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def forms(self) -> Solids:
        """The solids one behind the other."""
        return Solids.of(self.solids) if self.gathered is None else self.gathered

    def rows(self, blank: Mapping[str, Any]) -> Iterator[Feature]:
        """The features one by one.

        Args:
            blank: values of the columns that are absent.
        """
        names, columns = tuple(self.values), tuple(self.values.values())
        rows = zip(*columns, strict=True) if columns else (() for _ in self.ids)
        others = zip(
            self.ids, self.source_ids, self.geometries, self.solids, self.rasters, self.generic,
            self.checksums, self.clouds, self.origins or [UNKNOWN] * len(self), strict=True,
        )  # fmt: skip
        for row, (id_, source, geometry, solid, raster, generic, checksum, cloud, origin) in zip(
            rows, others, strict=True
        ):
            values = {**blank, **dict(zip(names, row, strict=True))}
            yield Feature(id_, source, values, geometry, solid, raster, generic, checksum, cloud, origin)
