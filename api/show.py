"""What the command line tells of what is published: the truth about every layer."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from rich.console import Console
from rich.markup import escape

from catalog.cities import readable_cities
from catalog.retention import Log, read_log
from catalog.revisions import current, provenance
from catalog.status import read_status
from catalog.verify import verify
from ingest.account import several
from ingest.ended import withheld
from ingest.load import nearest
from twin.city import City
from twin.errors import Damaged, NotCleared, NotFound, RecipeError
from twin.layer import Layer
from twin.provenance import Provenance
from twin.revision import Revision
from twin.settings import Settings
from twin.status import STATE_TITLES, State, Status
from twin.store import FileStore, Store
from twin.times import iso, now

_NAMED = 10
"""Records that are told one by one."""
_SIGNS = {
    State.FRESH: "[green]●[/]",
    State.LATE: "[yellow]◐[/]",
    State.SILENT: "○",
    State.CHANGED: "[red]▲[/]",
    State.REFUSED: "[red]■[/]",
    State.NOT_CLEARED: "–",
}


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


def show_layers(store: Store, name: str | None, settings: Settings) -> bool:
    """Print every layer (or one in full) with state, counts and reasons; False if something is damaged.

    What `settings` do not clear is told as not cleared, even where it was published once.
    """
    console = Console(highlight=False, soft_wrap=True)
    cities, lost = readable_cities(store)
    layers = [layer for city in cities for layer in city.layers]
    for words in lost.values():
        console.print(f"[red]damaged: {escape(words)}[/]")
    faults = {f"{city.id}.{name}": words for city in cities for name, words in city.faulty.items()}
    chosen = [x for x in layers if name in (None, x.id, x.name, x.city)]
    if not layers and not lost:
        place = unquote(store.url.removeprefix("file://"))
        missing = isinstance(store, FileStore) and not store.root.exists()
        state = "does not exist" if missing else "is empty"
        raise RecipeError(f"the store {place} {state}; a run fills it: twin run CITY --store {place}")
    if name is not None and not chosen:
        raise RecipeError(f"the store holds no layer {name!r}{nearest(name, [x.id for x in layers])}")
    whole = not lost
    for layer in chosen:
        damages = verify(store, layer.id, deep=True)
        told = 0
        try:
            for told, line in enumerate(
                _layer(store, layer, settings, faults.get(layer.id), name is not None), 1
            ):
                console.print(f"    {line}" if told > 1 else line)
        except (Damaged, NotFound) as error:
            if not told:
                console.print(f"[red]■[/] [bold]{layer.id}[/]  cannot be told")
            if not damages:
                damages.append(str(error))
        for damage in damages:
            console.print(f"    [red]damaged: {escape(damage)}[/]")
        whole &= not damages
    return whole


def _layer(store: Store, layer: Layer, settings: Settings, fault: str | None, full: bool) -> Iterator[str]:
    """One layer, line by line, the headline first; `Damaged` or `NotFound` where it cannot be told on."""
    revision, status = current(store, layer.id), read_status(store, layer.id)
    if status is not None and fault is not None:
        status = status.with_fault(fault)
    if status is not None and not settings.shows(layer):
        status, _ = withheld(layer, status, now())
    yield _headline(layer, revision, status)
    yield from _times(layer, status)
    yield from _remarks(layer, status, full=full)
    if revision is not None:
        yield from _story(provenance(store, revision), full=full)
    yield from _kept(layer, read_log(store, layer.id), full=full)


def _headline(layer: Layer, revision: Revision | None, status: Status | None) -> str:
    if status is None:
        return f"○ [bold]{layer.id}[/]  never run"
    state, words = status.state(now()), status.words(now()).en
    published = (
        f"revision {revision.name}, {several(revision.features, 'feature')}"
        if revision
        else "nothing published"
    )
    return f"{_SIGNS[state]} [bold]{layer.id}[/]  {published}  {STATE_TITLES[state].en}: {words}"


def _times(layer: Layer, status: Status | None) -> Iterator[str]:
    """When it was tried and what came of it, in one line."""
    if status is None or status.error == NotCleared.code:
        return
    due = iso(status.next_due(layer.source.every).replace(microsecond=0))
    parts = [
        f"last attempt {iso(status.last_attempt)}",
        f"last success {iso(status.last_success) if status.last_success else 'never'}",
        f"last change {iso(status.last_change) if status.last_change else 'never'}",
        f"next due {'now' if status.was_ahead(now()) else due}",
    ]
    if status.requests:
        parts.append(f"{several(status.requests, 'request')}, {several(status.received, 'byte')}")
    yield ", ".join(parts)


def _remarks(layer: Layer, status: Status | None, *, full: bool) -> Iterator[str]:
    """What the last run came to."""
    if status is None:
        return
    if status.reason:
        yield f"[red]{escape(status.reason.removeprefix(f'{layer.id}: '))}[/]"
    if status.counts:
        out = " + ".join(
            f"{word} {status.counts[word]:,}" for word in ("published", "held", "broken", "duplicate")
        )
        values = f"; {several(status.observations, 'new value')}" if layer.schema_.properties else ""
        before = "last good run: " if status.error else ""
        yield f"{before}records in {status.counts['in']:,} = {out}{values}"
    for verdict, reasons in status.reasons.items():
        for reason, times in reasons.items():
            yield f"{times:,} {verdict}: {escape(reason)}"
    for decision in status.gate if full else ():
        yield f"{decision.count:,} × {escape(decision.words)}"
    told = {reason for reasons in status.reasons.values() for reason in reasons}
    for note, times in status.notes.items() if full else ():
        if note not in told:
            yield f"{times:,} × {escape(note)}"


def _kept(layer: Layer, log: Log | None, *, full: bool) -> Iterator[str]:
    """How long values are kept, and what became of the older ones."""
    if layer.retention and full:
        tiers = (
            f"{tier.every} values {f'for {tier.keep}' if tier.keep else 'for ever'}"
            for tier in layer.retention
        )
        yield f"keeps {', '.join(tiers)}"
    for run in log.runs if log is not None and full else log.runs[-1:] if log is not None else ():
        yield f"{iso(run.at)}: {run.words}"


def _left(story: Provenance) -> Iterator[str]:
    """Where in the source the first records stand that this revision has not. Their ids are not published."""
    for each in story.examples[:_NAMED]:
        place, verdict, reason = (escape(each.get(key, "")) for key in ("place", "verdict", "reason"))
        yield f"{verdict}: {place}: {reason}"
    total = sum(story.counts.get(word, 0) for word in ("held", "broken", "duplicate"))
    if total > (named := min(_NAMED, len(story.examples))) and named:
        yield f"and {total - named:,} more that are not in it"


def _story(story: Provenance, *, full: bool) -> Iterator[str]:
    """Where the published snapshot comes from."""
    if story.heights is not None and (full or story.heights.method == "stated"):
        h = story.heights
        by = (
            f"a stated value ({escape(h.detail)})" if h.method == "stated" else f"the grid {escape(h.detail)}"
        )
        yield f"heights by {by}, error at most {h.error_m} m"
    left_out = (story.tiling or {}).get("left_out", [])
    if left_out and not full:
        yield f"{len(left_out):,} not drawn: twin show {story.layer} names them"
    if full:
        yield f"{escape(story.attribution)} ({story.licence_title})"
        yield from _left(story)
        yield from (f"from {escape(o.url)}, {o.size:,} bytes, {iso(o.fetched_at)}" for o in story.origins)
        yield from (f"not drawn: {escape(x['id'])}: {escape(x['reason'])}" for x in left_out)
