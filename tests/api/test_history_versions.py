"""Versions of a feature: from and to, gaps, pages and moments, against a plain model of what was when."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import lxml.html
import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.ogc.history import history
from api.service import Service
from catalog import history as chains
from catalog.cities import write_city
from twin.errors import NotFound, RequestError
from twin.record import Feature
from twin.settings import Settings
from twin.store import open_store
from twin.times import iso

LAYER = made.BUILDINGS
ONE = f"{LAYER.id}.b1"
PATH = f"/ogc/collections/{LAYER.id}/items/{ONE}/history"
TOWNS = st.lists(
    st.dictionaries(st.sampled_from([1, 2]), st.sampled_from([3.0, 4.5, 6.0])), min_size=1, max_size=7
)


def moment(day):
    return made.NOON + timedelta(days=day)


def houses(town):
    return [
        Feature(
            f"{LAYER.id}.b{number}",
            f"b{number}",
            {"height_m": height, "observed_at": made.NOON},
            made.square(11.5 + 0.002 * number, 48.1),
        )
        for number, height in sorted({**town, 9: 9.0}.items())  # one always stands
    ]


def published(towns, days=None):
    """A store with these towns, one a day; `days` in which order they are published."""
    store = open_store("memory://")
    write_city(store, made.CITY)
    for day in range(len(towns)) if days is None else days:
        made.publish(store, LAYER, houses(towns[day]), moment(day))
    return store


def service_of(store, now=365):
    return Service(Settings(), store, 0, lambda: moment(now))


def expected(towns, until):
    """[(from, to, change, before, after)] of the first house, told town by town."""
    events, height = [], None
    for day, town in enumerate(towns[: until + 1]):
        now = town.get(1)
        if now != height:
            known = "returned" if events else "appeared"
            word = known if height is None else "gone" if now is None else "changed"
            events.append((day, word, height, now))
        height = now
    ends = [*(day for day, *_ in events[1:]), None]
    return [(day, to, *rest) for (day, *rest), to in zip(events, ends, strict=False)]


def told(body):
    found = []
    for change in body["changes"]:
        assert change["at"] == change["from"]
        sides = change["columns"].get("height_m", {"before": None, "after": None})
        found.append((change["from"], change["to"], change["change"], sides["before"], sides["after"]))
    return found


def written(events):
    return [
        (
            iso(moment(day)),
            None if to is None else iso(moment(to)),
            word,
            *((before, after) if word == "changed" else (None, None)),
        )
        for day, to, word, before, after in events
    ]


def paged(service, datetime, limit):
    """All pages after one another."""
    token, pages = None, []
    while True:
        pages.append(history(service, LAYER.id, ONE, datetime, limit, token))
        following = [link["href"] for link in pages[-1]["links"] if link["rel"] == "next"]
        if not following:
            return pages
        query = {name: value for name, (value,) in parse_qs(urlsplit(following[0]).query).items()}
        assert query["limit"] == str(limit)
        assert query.get("datetime") == datetime
        token = query["token"]


@settings(max_examples=25, deadline=None)
@given(TOWNS, st.data())
def test_any_past_is_told_as_it_was(towns, data):
    order = data.draw(st.permutations(range(len(towns))))
    until = data.draw(st.integers(0, len(towns)))
    limit = data.draw(st.integers(1, 4))
    service = service_of(published(towns, order))
    datetime = None if until == len(towns) else iso(moment(until))
    wanted = expected(towns, until)
    if not wanted:
        with pytest.raises(NotFound):
            history(service, LAYER.id, ONE, datetime)
        return
    whole = history(service, LAYER.id, ONE, datetime)
    assert told(whole) == written(wanted)
    assert whole["numberMatched"] == whole["numberReturned"] == len(wanted)
    assert (whole["gone"] is not None) == (wanted[-1][2] == "gone")
    pages = paged(service, datetime, limit)
    assert [one for page in pages for one in page["changes"]] == whole["changes"]
    assert {page["numberMatched"] for page in pages} == {len(wanted)}
    assert all(page["numberReturned"] == len(page["changes"]) <= limit for page in pages)
    assert {page["gone"] for page in pages} == {whole["gone"]}
    for change, (day, _, word, *_) in zip(whole["changes"], wanted, strict=True):
        hrefs = [link["href"] for link in change["links"]]
        then = iso(moment(day)).replace(":", "%3A")
        assert hrefs == ([] if word == "gone" else [f"{PATH[:-8]}?datetime={then}"])
        assert service.held(LAYER.id, moment(day)).name == change["revision"]


@pytest.mark.parametrize("most", [1, 5])
def test_a_past_too_large_to_keep_is_told_alike(monkeypatch, most):
    towns = [{1: 3.0, 2: 3.0}, {1: 4.5, 2: 3.0}, {2: 4.5}, {1: 3.0, 2: 6.0}]
    store = published(towns)
    usual = history(service_of(store), LAYER.id, ONE, None)
    monkeypatch.setattr(chains, "_KEPT", most)
    service = service_of(store)
    for _ in range(2):
        assert history(service, LAYER.id, ONE, None) == usual


def test_pages_stay_whole_while_something_is_put_into_the_past_and_behind_it():
    towns = [{1: 3.0}, {1: 4.5}, {}, {1: 6.0}, {1: 3.0}]
    store = published(towns, [0, 1, 3, 4])
    service = service_of(store)
    whole = history(service, LAYER.id, ONE, None)
    first = history(service, LAYER.id, ONE, None, 2)
    query = parse_qs(urlsplit(first["links"][1]["href"]).query)
    made.publish(store, LAYER, houses(towns[2]), moment(2))  # it was away for a day
    made.publish(store, LAYER, houses({1: 9.0}), moment(9))
    rest = history(service, LAYER.id, ONE, None, 2, query["token"][0])
    assert first["changes"] + rest["changes"] == whole["changes"]
    now = history(service, LAYER.id, ONE, None)
    assert [change["change"] for change in now["changes"]] == [
        *("appeared", "changed", "gone", "returned", "changed", "changed")
    ]
    gap = now["changes"][2]
    assert (gap["from"], gap["to"], gap["links"]) == (iso(moment(2)), iso(moment(3)), [])


def test_a_token_is_for_its_question_alone():
    service = service_of(published([{1: 3.0, 2: 3.0}, {1: 4.5, 2: 4.5}]))
    page = history(service, LAYER.id, ONE, None, 1)
    (following,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
    query = {name: value for name, (value,) in parse_qs(urlsplit(following).query).items()}
    token = query["token"]
    assert history(service, LAYER.id, ONE, None, 1, token)["numberReturned"] == 1
    middle = len(token) // 2  # of the last letter not every bit counts
    forged = (
        "",
        "x",
        "é",
        "A" * 200,
        token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :],
    )
    for feature, datetime, given_ in (
        (f"{LAYER.id}.b2", None, token),
        (ONE, iso(moment(0)), token),
        *((ONE, None, wrong) for wrong in forged),
    ):
        with pytest.raises(RequestError, match="token"):
            history(service, LAYER.id, feature, datetime, 1, given_)


@pytest.fixture(scope="module")
def visited(client_of):
    return client_of(published([{1: 3.0}, {1: 4.5}, {}, {1: 6.0}]), now=lambda: moment(30))


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=x", "limit=", "limit=1&limit=2", "limit=1_0"),
        *("token=", "token=x&limit=2", f"token={'A' * 5000}", "token=%00", "offset=1", "datetime=2"),
    ],
)
def test_wrong_questions_are_problems(visited, query):
    answer = visited(f"{PATH}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_each_version_leads_to_that_moment_and_back(visited):
    body = visited.json(PATH)
    heights = [
        visited.json(link["href"])["properties"]["height_m"]
        for change in body["changes"]
        for link in change["links"]
    ]
    assert heights == [3.0, 4.5, 6.0]
    item = visited.json(body["changes"][1]["links"][0]["href"])
    (back,) = [link["href"] for link in item["links"] if link["rel"] == "version-history"]
    assert told(visited.json(back)) == written(
        [(0, 1, "appeared", None, 3.0), (1, None, "changed", 3.0, 4.5)]
    )
    assert visited.json(f"{PATH}?limit={'9' * 400}")["numberReturned"] == 4


def test_who_asks_for_it_while_it_is_away_is_told_where_its_past_is(visited):
    answer = visited(f"{PATH[:-8]}?datetime={iso(moment(2))}")
    assert answer.status_code == 404
    assert "/history" in answer.json()["detail"]
    assert visited.json(f"{answer.json()['instance']}/history?datetime={iso(moment(2))}")["gone"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("so bis", "weiterhin", "wieder da", "Hier 3 von 4 Änderungen", "Nächste Seite")),
        ("en", ("so until", "still so", "returned", "3 of 4 changes here", "Next page")),
    ],
)
def test_people_read_pages_and_go_on(visited, language, words):
    def page(path):
        answer = visited(path, accept="text/html", accept_language=language)
        assert answer.status_code == 200
        return lxml.html.document_fromstring(answer.content.decode())

    first = page(f"{PATH}?limit=3")
    (following,) = first.xpath("//a[@rel='next']/@href")
    second = page(following)
    said = first.text_content() + second.text_content()
    assert all(word in said for word in words)
    assert [len(found.xpath("//tbody/tr")) for found in (first, second)] == [3, 1]
    moments = [*first.xpath("//tbody//a/@href"), *second.xpath("//tbody//a/@href")]
    assert len(moments) == 3  # none of the time when it was away
    assert all(page(href) is not None for href in moments)
    assert not second.xpath("//a[@rel='next']")
