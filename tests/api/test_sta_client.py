"""Fraunhofer's client, as users have it, against a server that really listens."""

import frost_sta_client as frost
import pytest

from tests.api.listening import listening

ARNULF = "probe.bike-counts:probe.bike-counts.arnulf"


pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning")  # the client's own affair


@pytest.fixture(scope="module")
def service(filled):
    with listening(filled) as url:
        yield frost.SensorThingsService(f"{url}/sta/v1.1")


def test_from_things_to_their_values(service):
    things = service.things().query().orderby("name", "ASC").count().list()
    assert (things.count, [thing.name for thing in things]) == (2, ["Arnulf", "Hirsch"])
    (thing, _) = things.entities
    assert thing.id == ARNULF
    (stream,) = thing.get_datastreams().query().list()
    assert (stream.id, stream.unit_of_measurement.symbol) == (f"{ARNULF}:bicycles", "1/15min")
    values = stream.get_observations().query().filter("result gt 1").top(50).list()
    found = [value.result for value in values]  # page after page
    assert (len(found), set(found)) == (96, {2.0})
    assert values.next_link is None


def test_every_set_page_after_page(service):
    for dao, number in (
        (service.things(), 2),
        (service.locations(), 2),
        (service.historical_locations(), 2),
        (service.datastreams(), 2),
        (service.observed_properties(), None),
        (service.features_of_interest(), 2),
        (service.sensors(), None),
    ):
        listed = dao.query().top(1).count().list()
        assert len(list(listed)) == listed.count == (number or listed.count)
    assert len(list(service.observations().query().top(3000).list())) == (36 + 35) * 96


def test_one_by_its_id(service):
    thing = service.things().find(ARNULF)
    assert (thing.name, thing.properties["licence"]) == ("Arnulf", "DL-DE-BY-2.0")
    (latest,) = service.observations().query().orderby("phenomenonTime").top(1).list().entities
    assert service.observations().find(latest.id).result == latest.result
    assert service.locations().find(ARNULF).location["coordinates"] == [11.55, 48.15]


def test_expanded_selected_and_filtered(service):
    latest = "Datastreams($expand=Observations($top=1;$orderby=phenomenonTime desc),ObservedProperty)"
    for thing in service.things().query().expand(latest).list():
        (stream,) = thing.datastreams.entities
        (value,) = stream.observations.entities
        assert (
            value.phenomenon_time
            == {
                "Arnulf": "2026-03-01T11:45:00Z",
                "Hirsch": "2026-02-28T11:45:00Z",
            }[thing.name]
        )
    through = service.datastreams().query().filter("Observations/result gt 1").list()
    assert [stream.id for stream in through] == [f"{ARNULF}:bicycles"]
    nearby = "st_within(location, geography'POLYGON((11 48,12 48,12 48.155,11 48.155,11 48))')"
    assert [place.name for place in service.locations().query().filter(nearby).list()] == ["Arnulf"]
    assert {t.name for t in service.things().query().select("id", "name").list()} == {"Arnulf", "Hirsch"}


def test_what_cannot_be_answered_is_said(service):
    import requests

    with pytest.raises(requests.HTTPError, match="400"):
        service.things().query().filter("nmae eq 'x'").list()
    with pytest.raises(requests.HTTPError, match="404"):
        service.things().find("nobody")
    with pytest.raises(requests.HTTPError, match="405"):
        service.create(frost.Thing(name="x", description="x"))
