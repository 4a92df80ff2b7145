"""A value that is caught appears nowhere: canaries of every class are planted in all texts of the samples,
the layers are run, failures and all, and then store, logs, terminal and HTTP answers are searched.
"""

import asyncio
import csv
import io
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.show import show_layers
from ingest.check import sample_of
from ingest.fields import FUNCTIONS
from ingest.job import Job, Outcome
from ingest.load import RECIPES, load_city
from ingest.personal import scrub
from ingest.pipeline import run
from twin.layer import Layer
from twin.settings import Settings
from twin.store import FileStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CANARIES = {
    "person's name": ("Frau Kanarienfink", "Kanarienfink"),
    "e-mail address": ("kanari.gelb@example.org", "kanari.gelb"),
    "phone number": ("Tel. 089 99998-773", "99998-773"),
    "IBAN": ("DE89 3704 0044 0532 0130 00", "3704 0044"),
    "vehicle identification number": ("WVWZZZ1JZXW009917", "1JZXW009917"),
    "licence plate": ("Kennzeichen M-QX 7741", "QX 7741"),
    "device id": ("MAC 00:1A:2B:7D:4E:5F", "2B:7D:4E"),
    "social media handle": ("instagram: kanari_blau", "kanari_blau"),
    "date of birth": ("geb. 12.03.1971", "12.03.1971"),
    "identity number": ("Personalausweis L0X00T771", "L0X00T771"),
}
ALL = "; ".join(text for text, _ in CANARIES.values())
TEXTS = [text for text, _ in CANARIES.values()]
CORES = [core for _, core in CANARIES.values()]
TEXTUAL = (".json", ".geojson", ".csv", ".txt", ".xml", ".gml", ".osm")

CITIES = [load_city(name) for name in ("muenchen", "nuernberg")]
FOLDERS = {city.id: RECIPES / "de/by" / city.id for city in CITIES}


def sources() -> Iterator[tuple[Any, Layer, Path]]:
    seen = set()
    for city in CITIES:
        for layer in city.layers:
            beside = (
                sample_of(folder, layer) for folder in (FOLDERS[city.id], RECIPES / "de/by", RECIPES / "de")
            )
            sample = next((path for path in beside if (path / "source").is_dir()), None)
            if sample is None or layer.name in seen:
                continue
            if any(file.suffix in TEXTUAL for file in (sample / "source").iterdir()):
                seen.add(layer.name)
                yield city, layer, sample / "source"


def beside(text: str, number: int) -> str:
    """What people write, with a canary after it; what machines write stays, so that the record survives."""
    wordy = re.search(r"[A-Za-zÄÖÜäöü]{3}", text) and not re.search(r"\d{4}|^\S*[_:/]\S*$", text)
    return f"{text} {TEXTS[number % len(TEXTS)]}" if wordy else text


def instead(text: str, number: int) -> str:
    """Nothing but canaries in every second place: records break in all ways."""
    return TEXTS[number % len(TEXTS)] if number % 2 else text


def spoiled(value: Any, how: Callable[[str, int], str], number: list[int], names: bool) -> Any:
    number[0] += 1
    if isinstance(value, str):
        return how(value, number[0])
    if isinstance(value, list):
        return [spoiled(each, how, number, names) for each in value]
    if isinstance(value, dict):
        kept = {}
        for name, each in value.items():
            own = TEXTS[number[0] % len(TEXTS)] if names and number[0] % 5 == 0 else name
            kept[own] = spoiled(each, how, number, names)
        if names and isinstance(kept.get("properties"), dict):
            kept["properties"] |= {"bemerkung_neu": ALL, TEXTS[number[0] % len(TEXTS)]: ALL}
        return kept
    return value


def plant(path: Path, how: Callable[[str, int], str], names: bool) -> None:
    text = path.read_text("utf-8-sig")
    if path.suffix in (".json", ".geojson"):
        path.write_text(json.dumps(spoiled(json.loads(text), how, [0], names)), "utf-8")
    elif path.suffix in (".csv", ".txt"):
        mark = max(",;\t", key=text.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text), delimiter=mark))
        out = io.StringIO()
        for line, row in enumerate(rows):
            cells = row if line == 0 else [how(cell, line + at) for at, cell in enumerate(row)]
            more = [TEXTS[0] if names else "bemerkung_neu"] if line == 0 else [ALL]
            csv.writer(out, delimiter=mark).writerow([*cells, *more] if names else cells)
        path.write_text(out.getvalue(), "utf-8")
    else:
        count = iter(range(10**6))
        text = re.sub(r'(?<=k="name" v=")[^"<>]+', lambda m: how(m[0], next(count)), text)
        text = re.sub(r"(?<=>)[^<>]*[A-Za-z]{3}[^<>]*(?=<)", lambda m: how(m[0], next(count)), text)
        path.write_text(text, "utf-8")


def publish(folder: Path, how: Callable[[str, int], str], *, names: bool = False) -> list[Outcome]:
    """Run every layer from a spoiled copy of its sample."""
    store, outcomes = FileStore(folder / "store"), []
    settings = Settings(publish_unclear="all")
    for city in CITIES:
        mine = [(layer, source) for owner, layer, source in sources() if owner.id == city.id]
        for layer, source in mine:
            own = folder / "sources" / layer.name
            shutil.copytree(source, own)
            for file in own.iterdir():
                if file.suffix in TEXTUAL:
                    plant(file, how, names)
        layers = tuple(layer.model_copy(update={"min_features": 0}) for layer, _ in mine)
        typed = {layer.id: str(folder / "sources" / layer.name) for layer in layers}
        job = Job(city.model_copy(update={"layers": layers}), store, settings, NOW, typed)
        outcomes += run(job, layers)
    return outcomes


def everything(store: FileStore) -> Iterator[tuple[str, str]]:
    """All that lies in a store, as text: tables decoded, the rest as it is."""
    import pyarrow.parquet as pq

    for path in sorted(p for p in store.root.rglob("*") if p.is_file()):
        name = path.relative_to(store.root).as_posix()
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            yield name, repr(table.schema.metadata)
            for column in table.column_names:
                if not str(table.schema.field(column).type).startswith(("binary", "extension")):
                    yield f"{name}#{column}", "\n".join(map(str, table.column(column).to_pylist()))
        yield name, path.read_bytes().decode("utf-8", "replace")


def answers(store: FileStore) -> Iterator[tuple[str, str]]:
    """What the HTTP door says about all of it."""
    app = create_app(Settings(viewer="no-viewer", publish_unclear="all"), store, ttl=0, now=lambda: NOW)

    async def ask() -> list[tuple[str, str]]:
        told = []
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://t.example", trust_env=False
        ) as client:
            paths = ["/", "/ogc", "/ogc/collections", "/stac", "/stac/collections", "/openapi.json"]
            paths += ["/ops/health", "/ops/freshness", "/ops/privacy", "/ops/metrics", "/stac/search"]
            for _, layer, _ in sources():
                paths += [f"/ogc/collections/{layer.id}", f"/ogc/collections/{layer.id}/items?limit=100"]
                paths += [f"/stac/collections/{layer.id}/items", f"/tiles/{layer.id}/tileset.json"]
            for path in paths:
                answer = await client.get(path)
                told.append((path, answer.text + "\n" + str(answer.headers)))
        return told

    with ThreadPoolExecutor(1) as thread:
        yield from thread.submit(lambda: asyncio.run(ask())).result()


def leaks(told: Iterator[tuple[str, str]]) -> list[str]:
    # JSON may hold letters escaped, tiles and tables may hold them packed; names are plain ASCII on purpose.
    return [f"{where}: {core}" for where, text in told for core in CORES if core in text]


def searched(folder: Path, outcomes: list[Outcome], caplog: Any, capfd: Any) -> list[str]:
    store = FileStore(folder / "store")
    found = leaks(everything(store)) + leaks(answers(store))
    for city, layer, _ in sources():
        if city.id in {path.name.partition(".")[0] for path in (store.root / "layers").iterdir()}:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("COLUMNS", "400")
                try:
                    show_layers(store, layer.id, Settings(publish_unclear="all"))
                except Exception as error:  # noqa: BLE001  also what is said when nothing is there
                    found += leaks(iter([("show's error", str(error))]))
    out, err = capfd.readouterr()
    found += leaks(iter([("stdout", out), ("stderr", err), ("log", caplog.text)]))
    found += leaks((f"outcome of {o.layer}", f"{o.words} {o.report!r}") for o in outcomes)
    return found


def test_each_canary_is_one() -> None:
    for name, (text, core) in CANARIES.items():
        left, classes = scrub(text)
        assert name in classes
        assert core not in (left or "")


def test_canaries_beside_other_words_get_nowhere(tmp_path: Path, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = publish(tmp_path, beside)
    assert sum(outcome.ok for outcome in outcomes) > 10, [o.words for o in outcomes if not o.ok]
    assert searched(tmp_path, outcomes, caplog, capfd) == []
    caught = {key.split("\t")[1] for o in outcomes if o.report for key in o.report.gate}
    assert set(CANARIES) - caught == set(), "a class that no text column let come so far"
    told = json.loads(dict(answers(FileStore(tmp_path / "store")))["/ops/privacy"].rpartition("\n")[0])
    decided = [each for layer in told["layers"] for each in layer["decisions"]]
    assert {each["found"] for each in decided} >= set(CANARIES)
    assert all(each["count"] and each["reason"]["de"] and each["title"]["en"] for each in decided)


def test_canaries_instead_of_values_get_nowhere(tmp_path: Path, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = publish(tmp_path, instead)
    assert any(not outcome.ok for outcome in outcomes)
    assert searched(tmp_path, outcomes, caplog, capfd) == []


def test_canaries_as_names_of_columns_get_nowhere(tmp_path: Path, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = publish(tmp_path, beside, names=True)
    assert any(not outcome.ok for outcome in outcomes)
    assert searched(tmp_path, outcomes, caplog, capfd) == []


def test_an_exception_in_our_own_code_says_nothing(
    tmp_path: Path, caplog: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(values: Any, context: Any) -> Any:
        raise RuntimeError(f"cannot read {ALL} in {values!r}")

    for name in ("plain", "first", "join", "text"):
        monkeypatch.setitem(FUNCTIONS, name, broken)
    caplog.set_level(logging.DEBUG)
    outcomes = publish(tmp_path, beside)
    assert any("an error of ours" in outcome.words for outcome in outcomes)
    assert searched(tmp_path, outcomes, caplog, capfd) == []
