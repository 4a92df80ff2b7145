"""The shared recipes, and what cities say over them: the table in docs/cities.md."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.load import RECIPES, city_folders, overlay, shared

_ROOT = Path(__file__).parent.parent
_PATTERN = "ingolstadt"
_LEFT_OPEN = ("url", "licence", "publisher", "attribution")
"""Keys of a source that a shared recipe may leave to the city."""


def lines() -> Iterator[str]:
    """How long the pattern of a new city is, and a row for each shared recipe."""
    folder = city_folders()[_PATTERN]
    count = {file.name: len(file.read_text("utf-8").splitlines()) for file in folder.glob("*.toml")}
    city = count.pop("city.toml")
    yield (
        f"[Ingolstadt](../{folder.relative_to(_ROOT).as_posix()}) is the pattern of a new city: "
        f"a `city.toml` of {city} lines, and {len(count)} layers of {min(count.values())} to "
        f"{max(count.values())} lines each, {city + sum(count.values())} in all and no code.\n"
    )
    over = _overlays()
    yield "| `like` | what it is | a city says | some also say | for example |\n|---|---|---|---|---|"
    for name in names():
        data, users = shared(name), over.get(name, [])
        every = [key for key in users[0][1] if all(key in said for _, said in users)] if users else []
        says = list(dict.fromkeys([*(key for key in _LEFT_OPEN if key not in data["source"]), *every]))
        also = dict.fromkeys(key for _, said in users for key in said if key not in says)
        whose = f" ({data['source']['publisher']})" if "publisher" in data["source"] else ""
        file = users[0][0] if users else None
        example = f"[{file.parent.name}](../{file.relative_to(_ROOT).as_posix()})" if file else ""
        what = f"{data['title']['en']}{whose}"
        yield f"| `{name}` | {what} | {_listed(says) or 'nothing more'} | {_listed(also)} | {example} |"


def names() -> Iterator[str]:
    """The shared recipes, those of the whole country first."""
    for file in sorted(RECIPES.glob("de/**/*.toml"), key=lambda file: (len(file.parts), file)):
        if "samples" not in file.parts and not (file.parent / "city.toml").is_file():
            yield file.relative_to(RECIPES).with_suffix("").as_posix()


def _overlays() -> dict[str, list[tuple[Path, list[str]]]]:
    """Shared recipe → the files of cities that lie over it, with the keys they say; the pattern first."""
    found: dict[str, list[tuple[Path, list[str]]]] = {}
    for name, folder in sorted(city_folders().items(), key=lambda city: (city[0] != _PATTERN, city[0])):
        for file in sorted(folder.glob("*.toml")) if name != "demo" else ():
            like, own = overlay(file)
            if like is not None:
                found.setdefault(like, []).append((file, list(_said(own))))
    return found


def _said(own: dict[str, Any], above: str = "") -> Iterator[str]:
    """The keys that a recipe says itself, those of its source and of the options one by one."""
    for key, value in own.items():
        if isinstance(value, dict) and above + key in ("source", "source.options"):
            yield from _said(value, f"{above}{key}.")
        else:
            yield f"{above}{key}".removeprefix("source.")


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
