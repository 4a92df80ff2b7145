"""Names a case by the ids of the abstract tests that it is."""

from collections.abc import Callable
from typing import Any

import pytest


def of(conformance_class: str) -> Callable[..., Any]:
    """A decorator for cases of one class: ``@abstract("root-op", "root-success")``."""

    def abstract(*tests: str) -> Any:
        return pytest.mark.abstract(*(f"{conformance_class}/{test}" for test in tests))

    return abstract


def ids(function: Any) -> set[str]:
    """The abstract tests that a function is a case of."""
    marks = getattr(function, "pytestmark", [])
    return {test for mark in marks if mark.name == "abstract" for test in mark.args}
