"""Every feature and every value shows its chain: whose, from which bytes, when, changed by what."""

import hashlib
import json

import numpy as np
import pytest
from made import CITY, COUNTS, NOON, counts, fill, point, provenance
from pydantic import ValidationError

from api.app import create_app
from catalog import runs
from catalog.observations import append
from catalog.publish import Publication
from catalog.runs import Run
from tests.api.asgi import Client
from twin.base import Text
from twin.decision import Act, decisions, key
from twin.provenance import HeightsStatement, Origin, masked
from twin.record import Feature, Observation
from twin.settings import Settings
from twin.store import open_store
from twin.whence import UNKNOWN, Piece, Whence

ITEM = "/ogc/collections/probe.buildings/items/probe.buildings.b1"
STATION = "/ogc/collections/probe.bike-counts/items/probe.bike-counts.arnulf"
PLATE = Text(de="Kennzeichen weggelassen.", en="Licence plates left out.")


@pytest.fixture(scope="module")
def store():
    made = open_store("memory://")
    fill(made)
    return made


@pytest.fixture(scope="module")
def ask(store):
    return Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: NOON))


def step(body, name):
    return next(one for one in body["chain"] if one["step"] == name)


def test_the_chain_of_a_feature_from_its_source_to_its_revision(ask):
    body = ask.json(f"{ITEM}/provenance")
    assert [one["step"] for one in body["chain"]] == ["source", "fetched", "changed", "checked", "published"]
    source = step(body, "source")
    assert (source["publisher"], source["addresses"]) == (
        "Vermessungsamt Probestadt",
        ["https://data.example/file.geojson"],
    )
    assert (source["licence"]["id"], source["attribution"]) == ("DL-DE-BY-2.0", "Probestadt, dl-de/by-2-0")
    (fetched,) = step(body, "fetched")["bodies"]
    assert (fetched["sha256"], fetched["bytes"]) == ("0" * 64, 10)
    assert step(body, "fetched")["file"] == {**fetched, "inside": None}
    changed = step(body, "changed")
    assert changed["recipe_sha256"] == "1" * 64
    assert changed["changed"] == [{"de": "Umgerechnet.", "en": "Converted."}]
    assert changed["derived"][0]["of"] == "height"
    assert changed["derived"][0]["rule"] == "measured"
    assert step(body, "checked")["counts"]["held"] == 1
    assert step(body, "published")["revision"] == "000002"
    assert (body["since"], body["stale"]) == ("2026-03-01T12:00:00Z", False)


def test_it_is_the_chain_of_the_revision_that_held_then(ask):
    body = ask.json(f"{ITEM}/provenance?datetime=2026-02-20T00:00:00Z")
    assert step(body, "published")["revision"] == "000001"
    assert all(
        "datetime=2026-02-20T00%3A00%3A00Z" in link["href"]
        for link in body["links"]
        if link["rel"] not in ("via", "license")
    )
    assert ask(f"{ITEM}/provenance?datetime=2020-01-01").status_code == 404


def test_item_and_history_lead_there_and_back(ask):
    (there,) = [link["href"] for link in ask.json(ITEM)["links"] if link["rel"] == "describedby"]
    back = {link["rel"]: link["href"] for link in ask.json(there)["links"]}
    assert back["item"] == ITEM
    assert ask(back["version-history"]).status_code == 200
    assert ask(back["via"]).status_code == 200


def test_people_read_it_in_both_languages(ask):
    german = ask(f"{ITEM}/provenance", accept="text/html", accept_language="de").text
    english = ask(f"{ITEM}/provenance?f=html", accept_language="en").text
    for text, words in (
        (german, ("Woher das kommt", "Abgeholt", "Umgerechnet.", "27 veröffentlicht", "Revision 000002")),
        (english, ("Where this comes from", "Fetched", "Converted.", "Revision 000002")),
    ):
        places = [text.find(word) for word in words if not word[0].isdigit()]
        assert all(place > 0 for place in places), text
        assert places == sorted(places)
    assert "Woher das kommt" in ask(f"{ITEM}?f=html", accept_language="de").text


def test_prov_hangs_together(ask):
    told = ask.json(f"{ITEM}/provenance")["prov"]
    known = {name for kind in ("entity", "activity", "agent") for name in told[kind]}
    relations = (
        "used",
        "wasGeneratedBy",
        "wasDerivedFrom",
        "hadMember",
        "wasAttributedTo",
        "wasAssociatedWith",
    )
    named = {name for kind in relations for one in told[kind].values() for name in one.values()}
    assert named <= known
    assert {name.partition(":")[0] for name in known} <= told["prefix"].keys()


def test_what_the_gate_did_is_told_without_what_it_did_it_to():
    store = open_store("memory://")
    fill(store)
    feature = Feature(
        "probe.bike-counts.x", "x", {"name": "X", "station": "x", "observed_at": NOON}, point(11, 48)
    )
    publication = Publication(store, COUNTS, CITY)
    story = provenance(COUNTS, NOON, 1).model_copy(
        update={
            "gate": decisions({key(Act.DROP, "licence plate", "name", PLATE): 3}),
            "notes": {"an outline that crossed itself was repaired": 2},
            "heights": HeightsStatement(method="stated", detail="45.7 m", error_m=0.5),
            "origins": tuple(
                Origin(
                    url=f"https://data.example/{n}",
                    sha256=hashlib.sha256(b"%d" % n).hexdigest(),
                    size=n,
                    fetched_at=NOON,
                )
                for n in range(300)
            ),
        }
    )
    publication.publish([feature], story, None, [], publication.digest([feature], "x"), now=NOON)
    ask = Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: NOON))
    body = ask.json("/ogc/collections/probe.bike-counts/items/probe.bike-counts.x/provenance")
    (gate,) = step(body, "checked")["gate"]
    assert (gate["act"], gate["column"], gate["count"]) == ("drop", "name", 3)
    assert gate["reason"] == PLATE.model_dump()
    assert step(body, "changed")["repairs"] == {"an outline that crossed itself was repaired": 2}
    assert step(body, "changed")["heights"]["error_m"] == 0.5
    assert (step(body, "fetched")["count"], len(step(body, "fetched")["bodies"])) == (300, 200)


@pytest.fixture(scope="module")
def several():
    """Features that lay in the last of 300 answers, in a file of an archive, and nobody knows where."""
    store = open_store("memory://")
    fill(store)
    names = ("last", "inside", "unknown")
    features = [
        Feature(f"probe.bike-counts.{name}", name, {"name": name, "observed_at": NOON}, point(11, 48))
        for name in names
    ]
    publication = Publication(store, COUNTS, CITY)
    bodies = [
        Origin(url=f"https://data.example/{n}", sha256=f"{n:064x}", size=n, fetched_at=NOON)
        for n in range(300)
    ]
    story = provenance(COUNTS, NOON, 3).model_copy(update={"origins": tuple(bodies)})
    whence = Whence((Piece(299), Piece(7, "lod2/b<c>.gml")), np.array([0, 1, UNKNOWN], np.int32))
    digest = publication.digest(features, "x")
    publication.publish(features, story, None, [], digest, now=NOON, whence=whence)
    return store


def asked_of(store, name, **more):
    ask = Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: NOON))
    place = f"/ogc/collections/probe.bike-counts/items/probe.bike-counts.{name}/provenance"
    return ask(place, **more)


def test_of_several_files_the_one_is_named_in_which_the_feature_lay(several):
    file = step(asked_of(several, "last").json(), "fetched")["file"]
    assert (file["url"], file["sha256"], file["inside"]) == ("https://data.example/299", f"{299:064x}", None)
    file = step(asked_of(several, "inside").json(), "fetched")["file"]
    assert (file["url"], file["inside"]) == ("https://data.example/7", "lod2/b<c>.gml")
    assert step(asked_of(several, "unknown").json(), "fetched")["file"] is None
    page = asked_of(several, "inside", accept="text/html", accept_language="de").text
    assert "Darin lag dieses Objekt: <code>https://data.example/7</code>, <code>lod2/b&lt;c&gt;.gml" in page
    assert "Darin lag" not in asked_of(several, "unknown", accept="text/html", accept_language="de").text


def test_prov_derives_the_feature_from_its_file(several):
    for name, used in (("last", "twin:body/300"), ("inside", "twin:body/8/file"), ("unknown", None)):
        told = asked_of(several, name).json()["prov"]
        derived = [
            one["prov:usedEntity"]
            for one in told["wasDerivedFrom"].values()
            if one["prov:generatedEntity"] == "twin:feature"
        ]
        assert derived[1:] == ([] if used is None else [used])
        assert set(derived) <= told["entity"].keys()
    told = asked_of(several, "inside").json()["prov"]
    assert list(told["hadMember"].values()) == [
        {"prov:collection": "twin:body/8", "prov:entity": "twin:body/8/file"}
    ]


def test_what_was_written_down_and_is_damaged_is_told(several):
    (key,) = [key for key in several.list("layers/probe.bike-counts") if key.endswith("whence.arrow")]
    whole = several.get(key)
    for data in (b"", whole[:-1], whole.replace(b"lod2", b"lod3")):
        several.put(key, data)
        answer = asked_of(several, "last")
        assert (answer.status_code, "other bytes" in answer.json()["detail"]) == (500, True)
    several.remove(key)
    assert "is missing" in asked_of(several, "last").json()["detail"]
    several.put(key, whole)


def test_a_value_shows_its_versions_and_the_bytes_of_each(store, ask):
    at = counts(1)[-1].observed_at
    station = "probe.bike-counts.arnulf"
    append(store, COUNTS.id, [Observation(station, "bicycles", 7.0, "1/15min", at)], NOON.replace(hour=13))
    told = Origin(url="https://data.example/today.csv?key=geheim", sha256="a" * 64, size=5, fetched_at=NOON)
    run = Run(
        recorded_at=NOON.replace(hour=13),
        origins=(told,),
        recipe_sha256="2" * 64,
        software="test",
        observations=1,
    )
    runs.note(store, COUNTS.id, run)
    stream = ask.json(f"/sta/v1.1/Datastreams('probe.bike-counts:{station}:bicycles')")
    chain = stream["properties"]["provenance"]
    assert chain == f"{STATION}/provenance"
    body = ask.json(f"{chain}?property=bicycles&observed_at={at:%Y-%m-%dT%H:%M:%SZ}")
    first, last = body["observation"]["versions"]
    assert (first["value"], first["bodies"]) == (2.0, None)
    assert (last["value"], last["recorded_at"]) == (7.0, "2026-03-01T13:00:00Z")
    (bytes_,) = last["bodies"]
    assert (bytes_["sha256"], bytes_["url"]) == ("a" * 64, "https://data.example/today.csv?key=***")
    assert "geheim" not in json.dumps(body)


@pytest.mark.parametrize(
    "query",
    [
        "property=bicycles",
        "observed_at=2026-03-01",
        "property=bicycles&observed_at=never",
        f"property={'x' * 100}&observed_at=2026-03-01",
        "property=bicycles&property=bicycles&observed_at=2026-03-01",
        "f=xml",
        "datetime=a",
    ],
)
def test_a_wrong_question_is_a_400(ask, query):
    assert ask(f"{STATION}/provenance?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/collections/probe.buildings/items/nothing/provenance",
        "/ogc/collections/probe.nothing/items/x/provenance",
        "/ogc/collections/probe.air-quality/items/x/provenance",
        f"{STATION}/provenance?property=bicycles&observed_at=1999-01-01",
        f"{STATION}/provenance?property=trams&observed_at=2026-03-01",
        f"{STATION}/provenance?property=bicycles&observed_at=2026-03-01&datetime=2026-02-01",
    ],
)
def test_what_is_not_there_is_a_404(ask, path):
    assert ask(path).status_code == 404


@pytest.mark.parametrize("sums", [{}, {"sha256": "0" * 64, "blake3": "0" * 64}])
def test_bytes_have_one_checksum(sums):
    with pytest.raises(ValidationError, match="one checksum"):
        Origin(url="a.gml", size=1, fetched_at=NOON, **sums)


def test_bytes_of_a_very_large_file_show_their_blake3():
    told = Origin(url="a.gml", blake3="b" * 64, size=1, fetched_at=NOON)
    assert Origin.model_validate(told.model_dump(mode="json")) == told
    assert "sha256" not in told.model_dump()
    store = open_store("memory://")
    fill(store)
    feature = Feature(
        "probe.bike-counts.x", "x", {"name": "X", "station": "x", "observed_at": NOON}, point(11, 48)
    )
    publication = Publication(store, COUNTS, CITY)
    story = provenance(COUNTS, NOON, 1).model_copy(update={"origins": (told,)})
    publication.publish([feature], story, None, [], publication.digest([feature], "x"), now=NOON)
    ask = Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: NOON))
    place = "/ogc/collections/probe.bike-counts/items/probe.bike-counts.x/provenance"
    (body,) = step(ask.json(place), "fetched")["bodies"]
    assert (body["blake3"], "sha256" in body) == ("b" * 64, False)
    assert f"BLAKE3 <code>{'b' * 64}</code>" in ask(f"{place}?f=html").text
    assert '"twin:blake3":"' + "b" * 64 in ask(place).text


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://a.example/x?apikey=s3cret&y=1", "https://a.example/x?apikey=***&y=1"),
        ("https://a.example/x?Subscription-Key=s3cret", "https://a.example/x?Subscription-Key=***"),
        ("https://a.example/x?access_token=s3cret#k", "https://a.example/x?access_token=***#k"),
        ("https://me:s3cret@a.example/x", "https://a.example/x"),
        ("https://a.example/x?keyword=baum&typeNames=a", "https://a.example/x?keyword=baum&typeNames=a"),
        ("file.gml", "file.gml"),
    ],
)
def test_addresses_are_told_without_keys(url, told):
    assert masked(url) == told
    assert Origin(url=url, sha256="0" * 64, size=1, fetched_at=NOON).url == told
