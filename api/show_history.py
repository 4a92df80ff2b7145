"""What the command line tells of the past: of a layer revision by revision, of a feature change by change."""

from collections.abc import Iterator
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape

from catalog import several
from catalog.changes import Change, ColumnChange
from catalog.cities import readable_cities
from catalog.history import Event, History, Step
from catalog.revisions import revisions
from ingest.load import nearest
from twin.errors import RecipeError
from twin.store import Store
from twin.times import iso

_LONGEST = 60


def show_history(store: Store, name: str, feature_id: str | None) -> None:
    """Print what became of a layer, or of one of its features; `RecipeError` if there is no such."""
    console = Console(highlight=False, soft_wrap=True)
    cities, _ = readable_cities(store)
    layers = [layer.id for city in cities for layer in city.layers]
    chosen = [layer for layer in layers if name in (layer, layer.partition(".")[2])]
    if not chosen:
        raise RecipeError(f"the store holds no layer {name!r}{nearest(name, layers)}")
    for layer in chosen:
        found = revisions(store, layer)
        if feature_id is None:
            for step in History(store).steps(found):
                console.print(_step(step))
                for column in step.columns:
                    console.print(f"    {escape(_column(column))}")
            continue
        story = History(store).story(found, feature_id)
        if story is None:
            raise RecipeError(f"{layer} never had a feature of this id; its id is in the features' `id`")
        lines = [(e.revision.holds_from, line) for e in story.events for line in _event(e)]
        lines += [(r.holds_from, f"{iso(r.holds_from)}  {_column(c)}") for r, c in story.columns]
        for _, line in sorted(lines, key=lambda pair: pair[0]):
            console.print(escape(line))


def _step(step: Step) -> str:
    counts = ((step.appeared, "appeared"), (step.changed, "changed"), (step.gone, "gone"))
    words = ", ".join(f"{n:,} {word}" for n, word in counts if n) or "no feature changed"
    return f"{iso(step.revision.holds_from)}  revision {step.revision.name}: {words}"


def _column(change: ColumnChange) -> str:
    match change.change:
        case "added":
            words = f"the column {change.column} was added" + (
                f" (from {change.after})" if change.after else ""
            )
        case "removed":
            words = f"the column {change.column} was removed"
        case _:
            words = f"the column {change.column} comes from {change.after} instead of {change.before}"
    return f"{words}; in {change.features:,} features it says something else through this"


def _event(event: Event) -> Iterator[str]:
    start = f"{iso(event.revision.holds_from)}  "
    if event.change is not Change.CHANGED:
        yield f"{start}{event.change.value}"
    for name, value in event.after.items():
        found = several.gained(event.before.get(name), value)
        if found is None:
            yield f"{start}{name}: {_short(event.before.get(name))} → {_short(value)}"
        else:
            signs = (f"{sign} {text}" for sign, side in zip("+−", found, strict=True) for text in side)
            yield f"{start}{name}: {', '.join(signs)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
