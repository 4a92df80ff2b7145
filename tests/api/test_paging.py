"""Pages over HTTP while another process publishes the layer again and again: nothing is lost or repeated."""

import csv
import html
import io
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import made
import pyarrow.parquet
import pyogrio
import pytest

from tests.api.ears import served
from twin.settings import ROOT
from twin.store import FileStore

ITEMS = f"/ogc/collections/{made.BUILDINGS.id}/items"
SPREAD = 40
"""Each publication has another number of features within so many, so that the number tells it."""
PUBLISHER = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
import made
from tests.api.test_paging import features
from twin import times
from twin.store import FileStore
store = FileStore(Path(sys.argv[2]))
for line in sys.stdin:
    made.publish(store, made.BUILDINGS, features(int(line)), times.now())
    print(line.strip(), flush=True)
"""
FORMS = ("json", "jsonfg", "html", "csv", "fgb", "gpkg", "parquet")
QUESTIONS = [
    {"sortby": "storeys"},
    {"sortby": "-storeys"},
    {"sortby": "-storeys,height_m", "filter": "storeys IS NULL OR storeys < 3"},
    {"sortby": "roof_type", "bbox": "11.5,48.1,11.5095,48.2"},
    {"sortby": "-height_m", "filter": "S_INTERSECTS(geometry, BBOX(11.5,48.1,11.5125,48.2))"},
    {"q": "deby"},
    {},
]


def features(number):
    """60 features and some more, of which many are alike and some have nothing to be sorted by."""
    found = made.buildings(60 + number % SPREAD, 10.0 + number)
    for i, feature in enumerate(found):
        feature.values["storeys"] = None if (i + number) % 4 == 0 else (i * 7 + number) % 5
        feature.values["height_m"] = float((i * 13 + number) % 6)
        feature.values["roof_type"] = ("gabled", "flat", None)[(i + number) % 3]
    return found


class Published:
    """A process that publishes when it is told to."""

    def __init__(self, store):
        tests = Path(made.__file__).parent
        command = [sys.executable, "-c", PUBLISHER, str(tests), str(store.root)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self.number = 0

    def again(self):
        self.number += 1
        self.process.stdin.write(f"{self.number}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == str(self.number)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A server with two workers, and who publishes beside it."""
    store = FileStore(tmp_path_factory.mktemp("paging") / "store")
    made.fill(store)
    published = Published(store)
    with (
        published.process,
        served(store, TWIN_RATE_PER_S="1e6", TWIN_RATE_BURST="1000000") as (_, port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client,
    ):
        published.again()
        yield client, published


def told(answer, form, folder):
    """(ids of a page, address of the next one or None)."""
    assert answer.status_code == 200, answer.text
    if form in ("json", "jsonfg"):
        links = [link["href"] for link in answer.json()["links"] if link["rel"] == "next"]
        return [feature["id"] for feature in answer.json()["features"]], links[0] if links else None
    if form == "html":
        link = re.search(r'href="([^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"', answer.text)
        ids = re.findall(rf'href="{ITEMS}/([^"?]+)[?"]', answer.text)
        return list(dict.fromkeys(ids)), link and html.unescape(link[1] or link[2])
    if form == "csv":
        ids = [row["id"] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]
    elif form == "parquet":
        ids = pyarrow.parquet.read_table(io.BytesIO(answer.content))["id"].to_pylist()
    else:
        path = folder / f"page.{form}"
        path.write_bytes(answer.content)
        ids = pyogrio.read_dataframe(path, read_geometry=False)["id"].tolist()
        path.unlink()
    return ids, answer.links.get("next", {}).get("url")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_goes_through_what_held_at_its_first_page(city, form, tmp_path):
    client, published = city
    number = FORMS.index(form)
    questions = QUESTIONS[number:] + QUESTIONS[:number]
    for question, limit in zip(
        questions[: None if form == "json" else 2], itertools.cycle((14, 11)), strict=False
    ):
        before = client.get(ITEMS, params={**question, "limit": 1000}).json()
        first = client.get(ITEMS, params={**question, "limit": limit, "f": form})
        ids, path = told(first, form, tmp_path)
        held = client.get(ITEMS, params={**question, "limit": 1000}).json()
        wanted = [[feature["id"] for feature in one["features"]] for one in (before, held)]
        while path:
            published.again()
            page, path = told(client.get(path), form, tmp_path)
            assert page
            ids += page
        assert len(ids) == len(set(ids))
        assert ids in wanted
        assert len(ids) > 2 * limit


def test_the_layer_was_another_one_at_the_end(city):
    """Else the test above would tell nothing: the server has seen what was published meanwhile."""
    client, published = city
    published.again()
    wanted = 60 + published.number % SPREAD
    found = {}
    while found.get("numberMatched") != wanted:
        found = json.loads(client.get(ITEMS, params={"limit": 1}).content)
    assert published.number > 20
