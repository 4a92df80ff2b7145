"""What the command line draws: progress while it works, and the truth about every layer."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalog.cities import read_cities
from catalog.revisions import current, provenance
from catalog.status import read_status
from catalog.verify import verify
from twin.city import City
from twin.errors import RecipeError
from twin.layer import Layer
from twin.status import STATE_TITLES
from twin.store import Store
from twin.times import iso, now

_SIGNS = {"fresh": "[green]●[/]", "late": "[yellow]◐[/]", "silent": "○", "changed": "[red]▲[/]", "refused": "[red]■[/]"}


class Shown:
    """Progress drawn on the terminal: a line a layer while it runs, one that stays when it has ended."""

    def __init__(self) -> None:
        self.console = Console(stderr=False, highlight=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> "Shown":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        """Draw how far a layer is."""
        count = f"{done:,}" + (f" of {total:,}" if total else "")
        if layer not in self._tasks:
            self._tasks[layer] = self._bar.add_task(layer, total=total, count="")
        self._bar.update(
            self._tasks[layer], description=f"{layer}: {stage}", completed=done, total=total, count=count
        )

    def finish(self, layer: str, words: str, ok: bool) -> None:
        """Leave a line that says how the layer ended."""
        if layer in self._tasks:
            self._bar.remove_task(self._tasks.pop(layer))
        sign = "[green]✓[/]" if ok else "[red]✗[/]"
        self.console.print(f"{sign} {layer}: {escape(words.removeprefix(f'{layer}: '))}", soft_wrap=True)


def sources_of(city: City, typed: Sequence[str]) -> dict[str, str]:
    """Read ``LAYER=URL-or-path`` as the operator typed it: full layer id → address."""
    found = {}
    for word in typed:
        name, sign, url = word.partition("=")
        layer = city.layer(name)
        if not sign or not url or layer is None:
            known = ", ".join(x.name for x in city.layers)
            raise RecipeError(f"--source {name}: write LAYER=URL-or-path, with a layer of {city.id}: {known}")
        found[layer.id] = url
    return found


def show_layers(store: Store, name: str | None) -> bool:
    """Print every layer (or one in full) with state, counts and reasons; False if something is damaged."""
    console = Console(highlight=False)
    layers = [layer for city in read_cities(store) for layer in city.layers]
    chosen = [x for x in layers if name in (None, x.id, x.name)]
    if not chosen:
        raise RecipeError(f"the store holds no layer {name!r}" if name else "the store is empty; try: twin run demo")
    table = Table(box=None, pad_edge=False)
    for title in ("", "layer", "revision", "features", "values", "state", "in = out + held + broken + duplicate"):
        table.add_column(title, overflow="fold")
    whole = True
    remarks: list[str] = []
    for layer in chosen:
        whole &= _row(store, layer, table, remarks, full=name is not None)
    console.print(table)
    for remark in remarks:
        console.print(remark, soft_wrap=True)
    return whole


def _row(store: Store, layer: Layer, table: Table, remarks: list[str], *, full: bool) -> bool:
    revision, status = current(store, layer.id), read_status(store, layer.id)
    state = status.state(now()) if status else None
    words = status.words(now()).en if status else "never run"
    counts = status.counts if status else {}
    table.add_row(
        _SIGNS.get(state.value if state else "", "○"),
        layer.id,
        revision.name if revision else "–",
        str(revision.features) if revision else "–",
        str(status.observations) if status and layer.schema_.properties else "",
        f"{STATE_TITLES[state].en}. {words}" if state else words,
        "{in} = {published} + {held} + {broken} + {duplicate}".format(**counts) if counts else "",
    )
    if status and status.reason:
        remarks.append(f"[red]{layer.id}[/]: {escape(status.reason)}")
    for verdict, reasons in (status.reasons if status else {}).items():
        remarks += [f"{layer.id}: {n} {verdict}: {escape(reason)}" for reason, n in reasons.items()]
    if revision is not None:
        remarks += _heights(store, layer, full)
    if full and status:
        remarks += [f"{layer.id}: {n} × {escape(note)}" for note, n in status.notes.items()]
    damages = verify(store, layer.id, deep=True)
    remarks += [f"[red]{layer.id}: damaged[/]: {escape(damage)}" for damage in damages]
    return not damages


def _heights(store: Store, layer: Layer, full: bool) -> list[str]:
    revision = current(store, layer.id)
    if revision is None:
        return []
    story = provenance(store, revision)
    lines = []
    if story.heights is not None and (full or story.heights.method == "stated"):
        h = story.heights
        lines.append(f"{layer.id}: heights by {h.method} ({escape(h.detail)}), error at most {h.error_m} m")
    if full:
        lines.append(f"{layer.id}: {escape(story.attribution)} ({story.licence_title})")
        lines += [f"{layer.id}: from {escape(o.url)}, {o.size:,} bytes, {iso(o.fetched_at)}" for o in story.origins]
        for left in (story.tiling or {}).get("left_out", []):
            lines.append(f"{layer.id}: not in the tiles: {escape(left['id'])}: {escape(left['reason'])}")
    return lines
