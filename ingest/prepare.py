"""Prepare: a part of a source becomes a batch of features. Runs in workers; needs nothing from outside.

Here happens for a piece of a city model what `ingest.pipeline.take` does for a stream of records: read,
normalise, gate. What only the whole can tell (an id that occurs twice, a field nobody has) is left to
`ingest.gather`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from ingest import gate
from ingest.connectors import read_part
from ingest.normalise import fitting
from twin.batch import pack
from twin.city import City
from twin.layer import Layer
from twin.record import Report, Shape

_TOGETHER = 1024  # records that are placed at a time: enough to make PROJ calls cheap


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker gets."""

    part: Any
    """As the connector's ``parts`` made it."""
    layer: Layer
    city: City
    observed_at: datetime


@dataclass(slots=True)
class Prepared:
    """What a worker gives back."""

    batch: Any = None
    """`twin.batch.pack` of the features; their ids are the source's and may occur again. None if empty."""
    places: list[str] = field(default_factory=list)
    """Where each feature stands in the source."""
    fields: set[str] = field(default_factory=set)
    """Names of all fields of all records."""
    report: Report = field(default_factory=Report)
    """All but what is published or duplicate."""


def prepare(task: Task) -> Prepared:
    """Read, normalise and gate one part.

    Raises:
        TwinError: the part cannot be read, or the source as a whole is not what the recipe says.
    """
    done = Prepared()
    stream = read_part(task.layer.source.connector, task.part)
    records = gate.admit(stream, task.layer, done.report)
    features = []
    while some := list(islice(records, _TOGETHER)):
        things = [record for record in some if record.shape is Shape.FEATURE]
        found = fitting(things, task.layer, task.city, task.observed_at, done.report, done.fields)
        for place, feature in found:
            kept = gate.look_at(feature, task.layer, done.report)
            if kept is not None:
                features.append(kept)
                done.places.append(place)
    if features:
        done.batch = pack(features, task.layer.schema_)
    return done
