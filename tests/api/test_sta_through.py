"""Filters that lead through links to several entities, and through Observations, choose one of each."""

from urllib.parse import quote

import pytest

ROOT = "/sta/v1.1"
ELSEWHERE = (
    "Observations/result gt 1",
    "not (Observations/result eq 1)",
    "Observations/phenomenonTime ge 2026-03-01T00:00:00Z",
    "Observations/result eq 2 and Observations/phenomenonTime lt 2026-02-27T00:00:00Z",
    "Observations/FeatureOfInterest/name eq 'Hirsch' and Observations/result eq 2",
)
"""Also asked of other entities."""


def found(ask, kind, condition, more=""):
    document = ask.json(f"{ROOT}/{kind}?$filter={quote(condition)}&$top=10000{more}")
    return [entity["@iot.id"] for entity in document["value"]]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("Observations/result gt 1", "a"),
        ("Observations/result ge 1", "ah"),
        ("Observations/result gt 2", ""),
        ("2 le Observations/result", "a"),
        ("not (Observations/result eq 1)", "a"),
        ("Observations/result eq 1 and not (Observations/result eq 2)", "ah"),
        # one and the same Observation
        ("Observations/result eq 1 and Observations/result eq 2", ""),
        ("Observations/result eq 2 and Observations/phenomenonTime lt 2026-02-27T00:00:00Z", ""),
        ("Observations/result eq 2 and Observations/phenomenonTime gt 2026-02-27T00:00:00Z", "a"),
        ("Observations/phenomenonTime ge 2026-03-01T00:00:00Z", "a"),
        ("Observations/phenomenonTime le 2026-03-01T00:00:00Z", "ah"),
        (
            "Observations/phenomenonTime gt 2026-02-28T00:00:00Z and "
            "Observations/phenomenonTime lt 2026-02-28T00:15:00Z",
            "",
        ),
        ("Observations/phenomenonTime eq 2026-02-28T00:15:00Z", "ah"),
        ("Observations/result gt 1 or name eq 'x'", "a"),
        ("name eq 'Hirsch: Bicycles' or Observations/result gt 1", "ah"),
        ("(name eq 'Hirsch: Bicycles' or Observations/result gt 1) and true", "ah"),
        ("name eq 'Hirsch: Bicycles' and Observations/result gt 1", ""),
        ("day(Observations/phenomenonTime) eq 1 and month(Observations/phenomenonTime) eq 3", "a"),
        ("Observations/result add 1 eq 3", "a"),
        ("Observations/result gt length(name)", ""),
        ("Observations/FeatureOfInterest/name eq 'Hirsch'", "h"),
        ("Observations/FeatureOfInterest/name eq 'Hirsch' and Observations/result eq 2", ""),
        ("endswith(Observations/id, '1772362800000000')", "a"),
        ("Observations/resultTime eq null", "ah"),
        ("Observations/result eq 'x'", ""),
    ],
)
def test_built_in_filter_operations_through_observations(ask, condition, wanted):
    def letters(kind, asked):
        return "".join("a" if ".arnulf" in name else "h" for name in found(ask, kind, asked))

    window = "2026-02-27T00:00:00Z"  # what leads through many values is asked of few
    few = f"{condition} and Observations/phenomenonTime ge {window}" if "(" in condition else condition
    asked = condition if " or " in condition or "not (" in condition else few
    assert letters("Datastreams", asked) == wanted
    if condition not in ELSEWHERE:
        return
    for kind, path in (("Things", "Datastreams"), ("Locations", "Things/Datastreams")):
        if "name" not in condition.replace("FeatureOfInterest/name", ""):
            longer = asked.replace("Observations/", f"{path}/Observations/")
            assert letters(kind, longer) == wanted
    whole = ["probe.bike-counts"] if wanted else []
    if "name" not in condition.replace("FeatureOfInterest/name", ""):
        assert found(ask, "Sensors", asked.replace("Observations/", "Datastreams/Observations/")) == whole
        assert letters("FeaturesOfInterest", asked) == wanted


def test_one_choice_makes_the_whole_filter_true(ask):
    """As FROST joins: what is said of Datastreams is said of the same one."""
    both = "Datastreams/Thing/name eq 'Arnulf' and Datastreams/Observations/result eq 2"
    assert found(ask, "ObservedProperties", both) == ["bicycles"]
    other = "Datastreams/Thing/name eq 'Hirsch' and Datastreams/Observations/result eq 2"
    assert found(ask, "ObservedProperties", other) == []
    assert found(ask, "Sensors", "not (Datastreams/Thing/name eq 'Hirsch')") == ["probe.bike-counts"]
    own = "Datastream/Thing/Datastreams/name eq 'Arnulf: Bicycles'"
    own += " and Datastream/Thing/Locations/name eq 'Hirsch'"
    assert found(ask, "Observations", own) == []


def test_filters_through_observations_know_the_instant(ask):
    at = "&datetime=2026-02-27T00:00:00Z"
    assert found(ask, "Datastreams", "Observations/result gt 1", at) == []
    assert found(ask, "Datastreams", "Observations/phenomenonTime ge 2026-02-28T00:00:00Z", at) == []
    assert found(ask, "Datastreams", "Observations/phenomenonTime ge 2026-02-27T00:00:00Z", at)


def test_values_in_an_order_that_leads_through_several(ask):
    path = f"{ROOT}/Observations?$top=1&$orderby=Datastream/Thing/Locations/name"
    assert ".arnulf:" in ask.json(path)["value"][0]["@iot.id"]
    last = ask.json(f"{path} desc,result desc,phenomenonTime")
    assert ".hirsch:" in last["value"][0]["@iot.id"]
    assert "$skip=1&" in last["@iot.nextLink"]
