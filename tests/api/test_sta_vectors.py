"""Comparing days and times of day for many at once: as one by one, and each that differs once."""

from datetime import date, time

import numpy as np
import pytest
from made import NOON

from api.sta import compared, vectors
from api.sta.columns import Column, Constant
from catalog.partitions import DAY_US, micros

DAYS, HOURS = 10, 24


@pytest.mark.parametrize("name", ["eq", "ne", "gt", "ge", "lt", "le"])
@pytest.mark.parametrize(
    ("function", "constant", "differ"),
    [("date", date(2026, 3, 5), DAYS), ("time", time(12), HOURS), ("date", "x", DAYS), ("time", None, 0)],
)
def test_days_are_compared_as_one_by_one_but_each_once(monkeypatch, name, function, constant, differ):
    at = micros(NOON) + np.arange(DAYS * HOURS) * (DAY_US // HOURS)
    told = vectors.call(function, [Column("moment", np.stack([at, at], axis=1))], len(at))
    plain = compared.compare
    wanted = [plain(name, value, constant) for value in told.objects()]
    turned = [plain(name, constant, value) for value in told.objects()]
    calls = []
    monkeypatch.setattr(compared, "compare", lambda *asked: calls.append(asked) or plain(*asked))
    assert vectors.compare(name, told, Constant(constant)).values.tolist() == wanted
    assert len(calls) <= differ + 1
    assert vectors.compare(name, Constant(constant), told).values.tolist() == turned
