"""The OpenAPI document, asked at random by other people's tool: no 5xx, no answer other than described.

More of it, with other seeds: ``make fuzz``.
"""

import os
from itertools import islice

import pytest
import schemathesis
from asked import Asker, with_names
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig

from api.app import create_app
from twin.settings import Settings
from twin.store import open_store

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
SEED = os.environ.get("FUZZ_SEED")
ENDLESS = "/live"
"""Does not end; what it refuses is asked in test_hostile.py."""
PATHS = [
    path for path in create_app(Settings(), open_store("memory://")).openapi()["paths"] if path != ENDLESS
]
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_headers_conformance,
    schemathesis.checks.response_schema_conformance,
    schemathesis.checks.negative_data_rejection,
    schemathesis.checks.unsupported_method,
]
"""All that fit: what a schema allows may still be no CQL2, which only a 400 can say."""
BOTH = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module", autouse=True)
def quick_report():
    """The service does not check itself once more; test_conformance.py has that."""

    class Made:
        def __init__(self, app):
            pass

        def check(self):
            pass

        def classes(self):
            return [{"door": "/ogc", "class": "http://made.example", "result": "missed", "reason": "made up"}]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.conformance.kept.Report", Made)
        yield


@pytest.fixture(scope="module")
def described(ask):
    return schemathesis.openapi.from_dict(with_names(ask.json("/openapi.json")))


@pytest.fixture(scope="module")
def asker(ask):
    asker = Asker(ask.app)
    yield asker
    asker.close()


def operations(described, path):
    return [operation for _, operation in described[path].items()]


@pytest.mark.parametrize("path", PATHS)
def test_the_edges_of_every_schema_are_answered_as_described(described, asker, path):
    statuses = set()
    for operation in operations(described, path):
        cases = described.iter_coverage_cases(
            operation, generation_modes=list(BOTH), generation_config=GenerationConfig()
        )
        for case in islice(cases, 20 * EXAMPLES):
            answer = asker(case)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)
    assert statuses & {200, 204}, "nothing was there to be checked"


@pytest.mark.parametrize("mode", BOTH, ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_asked_is_answered_as_described(described, asker, path, mode):
    for operation in operations(described, path):
        if mode is GenerationMode.NEGATIVE and not (list(operation.iter_parameters()) or operation.body):
            continue

        @settings(
            max_examples=EXAMPLES,
            derandomize=SEED is None,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(mode))
        def answered(case):
            case.validate_response(asker(case), checks=CHECKS)

        if SEED is not None:
            answered = seed(int(SEED))(answered)
        answered()
