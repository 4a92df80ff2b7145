"""No abstract test of a class that we claim is without a case; no class that we want is left out silently."""

import importlib.util
import re
from pathlib import Path

import pytest

from api.ogc.landing import BEFORE
from tests.abstract.conformance_list import LEFT_OUT, SPEC, TESTS, UNCLAIMED
from tests.abstract.named import ids

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def cases():
    """Id of an abstract test → names of the functions that are its cases."""
    found: dict[str, set[str]] = {}
    for file in sorted(HERE.glob("test_*.py")):
        if file != Path(__file__):
            spec = importlib.util.spec_from_file_location(f"listed_{file.stem}", file)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for name, function in vars(module).items():
                if name.startswith("test_"):
                    for test in ids(function):
                        found.setdefault(test, set()).add(name)
    return found


@pytest.mark.parametrize("conformance_class", TESTS)
def test_every_abstract_test_has_a_case(cases, conformance_class):
    wanted = {f"{conformance_class}/{test}" for test in TESTS[conformance_class]}
    assert wanted - set(cases) - set(LEFT_OUT) == set()
    assert wanted & set(cases) & set(LEFT_OUT) == set(), "left out and yet there"


@pytest.mark.parametrize("conformance_class", TESTS)
def test_every_class_is_claimed_or_listed_as_unclaimed(claimed, conformance_class):
    assert (conformance_class in claimed) != (conformance_class in UNCLAIMED)


def test_nothing_is_claimed_that_no_abstract_test_looks_at(claimed):
    known = set(TESTS) | {f"{name}/{test}" for name, tests in TESTS.items() for test in tests}
    known |= {name.removeprefix(SPEC) for name in BEFORE}  # the same classes, as the drafts called them
    assert claimed - known == set()


def test_cases_are_named_by_ids_that_exist(cases):
    known = {f"{name}/{test}" for name, tests in TESTS.items() for test in tests}
    assert set(cases) - known == set()
    for test, names in cases.items():
        last = re.sub(r"\W", "_", test.rpartition("/")[2]).lower()
        assert any(last in name.lower() for name in names), f"{names} do not name {test}"
    assert set(LEFT_OUT) <= known
    assert set(UNCLAIMED) <= set(TESTS)
