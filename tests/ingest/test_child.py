"""What a child tells while it works: as much as somebody can see, and every end."""

import io
import json

import pytest

from ingest import child
from ingest.child import Told


@pytest.fixture
def clock(monkeypatch):
    """Seconds that the child's clock shows."""
    shown = [100.0]
    monkeypatch.setattr(child.time, "monotonic", lambda: shown[0])
    return shown


def heard(stream: io.StringIO) -> list[list]:
    return [json.loads(line)["step"] for line in stream.getvalue().splitlines()]


def test_steps_that_nobody_could_see_are_not_told(clock):
    stream = io.StringIO()
    told = Told(stream)
    for done in range(1000):
        clock[0] += 0.001
        told.step("town.buildings", "fetch", done)
    assert 15 <= len(heard(stream)) <= 25
    assert heard(stream)[0] == ["town.buildings", "fetch", 0, None]


def test_the_end_of_a_stage_and_the_begin_of_the_next_are_always_told(clock):
    stream = io.StringIO()
    told = Told(stream)
    told.step("town.buildings", "fetch", 1)
    told.step("town.buildings", "fetch", 2)
    told.step("town.buildings", "fetch", 3, 3)
    told.step("town.buildings", "tile", 0, 9)
    told.step("town.trees", "tile", 0, 9)
    assert [step[:3] for step in heard(stream)] == [
        ["town.buildings", "fetch", 1],
        ["town.buildings", "fetch", 3],
        ["town.buildings", "tile", 0],
        ["town.trees", "tile", 0],
    ]
