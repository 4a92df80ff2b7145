import json
import re
from html.parser import HTMLParser

import pytest
from made import COUNTS, NOON, fill

from api.app import create_app
from catalog.status import read_status, write_status
from tests.api.asgi import Client
from twin.settings import Settings
from twin.store import open_store

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def read(ask, path="/", language="de"):
    answer = ask(path, accept_language=language)
    assert answer.status_code == 200
    return Reader(answer.text)


def test_it_says_without_javascript_what_there_is_and_how_old(ask):
    page = read(ask)
    for words in (
        "Probestadt",
        "Demo – erfundene Daten",
        "buildings auf Deutsch",
        "frisch",
        "Zuletzt geprüft vor 4 Minuten.",
        "Vermessungsamt Probestadt",
        "Datenlizenz Deutschland",
        "still",
        "Von dieser Quelle kam noch nichts.",
        "Straße <running>: läuft bis 06.03.2026",
        "Straße <coming>: kommt ab 04.03.2026",
        "Arnulf: 19",
        "üblich sind 9",
        "Parkhäuser : Keine offene Quelle.",
        "keine Cookies",
    ):
        assert words in page.text, words
    assert "beendet" not in page.text


def test_every_link_answers_and_none_leads_away_but_to_licences(ask):
    for tag, attributes in read(ask).tags:
        href = attributes.get("href") or attributes.get("src")
        if href is None:
            continue
        if href.startswith("http"):
            assert attributes.get("rel") == "license"
        else:
            assert ask(href).status_code == 200, (tag, href)


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/", "en-GB,en;q=0.9,de;q=0.5", "en"),
        ("/", "fr,de;q=0.5,en;q=0.2", "de"),
        ("/", "fr", "de"),
        ("/?lang=en", "de", "en"),
        ("/?lang=xx", "en", "en"),
    ],
)
def test_it_follows_the_visitors_language(ask, path, header, language):
    page = read(ask, path, header)
    assert page.tags[0] == ("html", {"lang": language})
    assert ("Construction" in page.text) == (language == "en")


def test_the_viewer_is_found_in_its_manifest(ask, client_of, filled, tmp_path):
    assert "3D-Ansicht ist auf diesem Server nicht gebaut" in read(ask).text
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "main-BQx3_9aZ.js").write_text("export {}")
    parts = {
        "_shared.js": {"file": "assets/shared-12345678.js"},
        "src/main.ts": {
            "file": "assets/main-BQx3_9aZ.js",
            "isEntry": True,
            "css": ["assets/main-Abcdefgh.css"],
        },
    }
    (folder / "manifest.json").write_text(json.dumps(parts))
    built = client_of(filled, viewer=folder)
    page = read(built)
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert scripts == [{"type": "module", "src": "viewer/assets/main-BQx3_9aZ.js"}]
    (twin,) = [attributes for tag, attributes in page.tags if tag == "city-twin"]
    assert twin == {"page": None, "src": "./", "city": "probe", "lang": "de"}
    script = built(scripts[0]["src"])
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert "immutable" not in built("/viewer/manifest.json").headers["cache-control"]
    (tmp_path / "secret").write_text("x")
    (folder / "link").symlink_to(tmp_path / "secret")
    for path in ("/viewer/../secret", "/viewer/%2e%2e/secret", "/viewer/link", "/viewer/assets"):
        assert built(path).status_code == 404


def test_nothing_is_inline_and_the_policy_forbids_it(ask):
    answer = ask("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    for tag, attributes in Reader(answer.text).tags:
        assert tag != "style"
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_viewer_state_in_the_address_is_left_to_the_viewer(ask):
    path = "/?city=probe&lang=en&datetime=2026-03-01T12:00:00Z&layers=a,b&view=1,2,3&selected=a&list=1"
    assert ask(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("foo=1", "this address knows: city, lang, datetime, view, layers, selected, list"),
        ("langs=de", "did you mean 'lang'?"),
        ("lang=de&lang=en", "is there twice"),
    ],
)
def test_what_the_page_does_not_know_is_refused(ask, query, words):
    answer = ask(f"/?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert words in answer.json()["detail"]


def test_who_follows_a_made_up_link_gets_the_page_of_now(ask):
    for text in ("gestern", "2026-02-31", "9" * 3000):
        answer = ask(f"/?datetime={text}", accept="text/html,*/*")
        assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
        assert "Probestadt" in answer.text
        assert ask(f"/?datetime={text}").headers["content-type"] == "application/problem+json"


def test_an_empty_store_has_a_page_too(client_of):
    ask = client_of(open_store("memory://"))
    assert "noch nichts veröffentlicht" in read(ask).text
    assert ask.json("/ogc")["cities"] == []
    assert ask.json("/ogc/collections")["collections"] == []
    assert ask.json("/stac")["type"] == "Catalog"
    assert ask("/tiles/demo/tileset.json").status_code == 404


def test_the_docs_list_every_address(ask):
    page = Reader(ask("/docs").text)
    for path in ask.json("/openapi.json")["paths"]:
        assert path in page.text
    assert "bbox" in page.text


def test_a_link_that_was_shared_still_opens(client_of, filled):
    ask = client_of(filled)
    assert ask("/?fbclid=abc&utm_source=x").status_code == 200
    assert ask("/?foo=1").status_code == 400


@pytest.mark.parametrize("path", ["/?lang=de", f"/ogc/collections/{COUNTS.id}?f=html"])
def test_the_stand_of_stations_is_the_day_of_their_last_value(path):
    """Not that since when there are these stations: "20.01.2026" stood beside "frisch"."""
    store = open_store("memory://")
    fill(store)
    known = read_status(store, COUNTS.id)
    write_status(store, known.model_copy(update={"last_value_at": NOON}))
    ask = Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: NOON))
    said = ask(path, accept_language="de").text.partition('<article id="bike-counts">')
    days = re.findall(r"<dt>Stand</dt><dd>([^<]*)</dd>", said[2] or said[0])
    assert days[0] == "01.03.2026"
