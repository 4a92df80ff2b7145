"""docs/api-stac.md tells the truth: its examples are asked, addresses and parameters are those we have."""

import re
from pathlib import Path
from urllib.parse import quote

import orjson

from api.stac.asked import MEMBERS
from catalog import stac_item
from tests.api.posted import post

PAGE = (Path(__file__).parents[2] / "docs/api-stac.md").read_text("utf-8")


def test_examples_are_answered(ask):
    examples = re.findall(r"^```\n(/stac.*)\n```$", PAGE, re.MULTILINE)
    assert len(examples) == 6
    for example in examples:
        page = ask.json(quote(example, safe="/?&=:,+"))
        if example.startswith("/stac/collections"):
            assert page["collections"], example
        else:
            assert page["type"] == "FeatureCollection", example


def test_the_body_asks_what_the_address_before_it_asks(ask):
    (body,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    answer = post(ask, orjson.loads(body))
    assert answer.status_code == 200, answer.text
    address = next(line for line in PAGE.splitlines() if line.startswith("/stac/search?bbox"))
    assert ask.json(address)["features"] == answer.json()["features"]


def test_addresses_and_parameters(ask):
    paths = ask.json("/openapi.json")["paths"]
    told = [
        address
        for row in re.findall(r"^\| (`/stac[^|]*) \|", PAGE, re.MULTILINE)
        for address in re.findall(r"`([^`]*)`", row)
    ]
    assert len(told) > 9
    assert set(told) <= set(paths)
    table = PAGE.partition("| parameter | means |")[2].partition("\n\n")[0]
    named = {
        name for row in table.splitlines() for name in re.findall(r"`([a-z-]+)`", row.partition(" | ")[0])
    }
    assert named == set(MEMBERS) - {"filter-lang", "filter-crs"}
    asked = {p["name"] for p in paths["/stac/search"]["get"]["parameters"]}
    body = paths["/stac/search"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert asked == set(MEMBERS) == body.keys()


def test_extensions(ask):
    line = next(line for line in PAGE.splitlines() if line.startswith("Extensions: "))
    named = dict(re.findall(r"([a-z-]+) ([0-9.]+[0-9])", line))
    item = ask.json("/stac/collections/probe.buildings/items/000002")
    used = dict(re.findall(r"github.io/([a-z-]+)/v([0-9]+\.[0-9]+)", " ".join(item["stac_extensions"])))
    assert named == used
    assert stac_item.ORIGINS == 50
