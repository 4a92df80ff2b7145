"""Retention: values become coarser as they age, as the recipe states; never silently, and never half.

Finer values that are older than their tier keeps them are condensed to the interval of the next: hours as
hours of the clock, days as days in the source's time zone. New files are durable before old ones go, so a
crash leaves either or, for a moment, both; the next run finishes. What was done is written down in
``retention.json`` beside the days.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import Field

from catalog import documents, keys, partitions
from catalog.condense import Condensed, Plan, condense, plan_of
from catalog.partitions import DAY_US
from twin.base import Noun
from twin.errors import NotFound
from twin.layer import Layer
from twin.store import Store

_DAYS_AT_ONCE = 16
_CLOSED = 2
"""Days after which a day's files are put together: most late values have come by then."""
_RUNS = 60
"""Runs of the log that are kept one by one."""
_AGAIN = timedelta(hours=24)


class Tier(Noun):
    """What happened to the values of one interval in one run."""

    every: str
    into: str | None
    """Interval they were condensed to; None: removed."""
    values: int
    """Values that were condensed or removed."""
    made: int
    """Values made of them."""
    incomplete: int
    """Of these, how many for want of some values do not stand for their whole interval."""


class Run(Noun):
    """What one run did."""

    at: datetime
    tiers: tuple[Tier, ...] = ()
    former: int = 0
    """Earlier versions of condensed values that went with them."""
    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0

    @property
    def did(self) -> bool:
        """Whether anything was changed."""
        return self.files_before > 0

    @property
    def words(self) -> str:
        """What was done, in one line."""
        parts = [
            f"{tier.values:,} {_word(tier.every)} values removed"
            if tier.into is None
            else f"{tier.values:,} {_word(tier.every)} values became {tier.made:,} {_word(tier.into)}"
            + (f" ({tier.incomplete:,} incomplete)" if tier.incomplete else "")
            for tier in self.tiers
        ]
        if self.former:
            parts.append(f"{self.former:,} former versions of them removed")
        if self.files_before > self.files_after and not self.tiers:
            parts.append(f"{self.files_before:,} files put together")
        # Whole days are rewritten, with all they hold: that is no measure of what condensing saves.
        parts.append(f"the days rewritten are now {self.files_after:,} files with {self.bytes_after:,} bytes")
        return "; ".join(parts)


def _word(every: str) -> str:
    return {"1h": "hourly", "1d": "daily"}.get(every, every)


class Log(Noun):
    """All that retention did to a layer. Written as ``retention.json`` beside its observations."""

    layer: str
    looked_at: datetime
    bounds: dict[str, datetime] = Field(default_factory=dict)
    """Interval → what was observed before this instant was condensed or removed."""
    settled: str = ""
    """Checksum of the files of the days before that, and of what the recipe asks for."""
    runs: tuple[Run, ...] = ()
    """The last that did something, the newest last."""
    condensed: int = 0
    """Values condensed or removed in all."""


def read_log(store: Store, layer_id: str) -> Log | None:
    """What retention did to a layer; None if it never ran, `Damaged` if that cannot be read."""
    try:
        return documents.read(Log, store, keys.retention(layer_id))
    except NotFound:
        return None


def keep_due(store: Store, layers: Iterable[Layer], now: datetime) -> list[tuple[str, Run]]:
    """Run `keep` for all station layers for which it did not run today; (layer, what was done) of those."""
    done = []
    for layer in layers:
        if layer.schema_.properties:
            log = read_log(store, layer.id)
            # Not settled: it was stopped in the middle, and goes on.
            if log is None or not log.settled or now - log.looked_at >= _AGAIN:
                done.append((layer.id, keep(store, layer, now)))
    return done


def keep(store: Store, layer: Layer, now: datetime) -> Run:
    """Condense and remove what is older than the recipe keeps it, and put the small files of a day together.

    Args:
        store: Where the layer lies.
        layer: With its `retention`; without one, files are put together and nothing else.
        now: Ages are counted from here.

    Returns:
        What was done; also in the log.
    """
    log = read_log(store, layer.id) or Log(layer=layer.id, looked_at=now)
    plan = plan_of(layer, now)
    total = Run(at=now)
    for days in _windows(store, layer, plan, log, now):
        total, log = _keep(store, layer, plan, days, total, log, now)
    settled = _settled(partitions.files(store, layer.id), plan, plan.last_day)
    bounds = {step.every: partitions.instant(step.before) for step in plan.steps}
    _write(store, log.model_copy(update={"looked_at": now, "bounds": bounds, "settled": settled}))
    return total


def _settled(listed: partitions.Days, plan: Plan, last: int) -> str:
    return partitions.checksum({day: listed[day] for day in listed if day < last}, plan.seal)


def _windows(store: Store, layer: Layer, plan: Plan, log: Log, now: datetime) -> list[list[int]]:
    """Days, since 1970, that are to be looked at; some that follow each other at a time.

    A local day may begin on a day of the store that has no values: the day before is looked at as well.
    """
    listed = partitions.files(store, layer.id)
    closed = partitions.micros(now) // DAY_US - _CLOSED
    crowded = {day for day in listed if len(listed[day]) > 1 and day <= closed}
    before = [partitions.micros(bound) // DAY_US for bound in log.bounds.values()]
    known = set(log.bounds) == {step.every for step in plan.steps}
    if known and log.settled == _settled(listed, plan, max(before, default=-1)):
        # Nothing came since: only what has grown too old meanwhile.
        spans = [
            (partitions.micros(log.bounds[step.every]) // DAY_US - 1, step.before // DAY_US)
            for step in plan.steps
        ]
        old = {day for day in listed if any(low <= day <= high for low, high in spans)}
    else:
        old = {day for day in listed if day <= plan.last_day}
    windows: list[list[int]] = []
    for day in sorted(crowded | old | {day - 1 for day in old}):
        if not windows or day > windows[-1][-1] + 1 or len(windows[-1]) >= _DAYS_AT_ONCE:
            windows.append([])
        windows[-1].append(day)
    return windows


def _keep(
    store: Store, layer: Layer, plan: Plan, days: list[int], total: Run, log: Log, now: datetime
) -> tuple[Run, Log]:
    """Look at some days: write what is new, make it durable, note it, and only then remove what was."""
    listed = partitions.files(store, layer.id)
    # A local day lies on two days of the store: the one after is read for it.
    wide = [day for day in listed if days[0] <= day <= days[-1] + 1]
    codes: dict[str, int] = {}
    words: list[str] = []
    files = {day: listed[day] for day in wide}
    read = (partitions.read(store, (key,), codes, words) for day in wide for key in files[day])
    rows = partitions.join(words, read)
    done = condense(rows, codes, plan, days[0], days[-1], partitions.micros(now))
    closed = partitions.micros(now) // DAY_US - _CLOSED
    kept = dict(partitions.by_day(done.rows))
    touched = set(done.touched)
    old: list[str] = []
    new: list[str] = []
    written = 0
    for day in wide:
        crowded = len(files[day]) > 1 and days[0] <= day <= min(days[-1], closed)
        if day not in touched and not crowded:
            continue
        old += files[day]
        if day in kept:
            name, data = partitions.write(kept[day].sorted())
            key = f"{partitions.folder(layer.id, day)}/{name}"
            if key not in files[day]:
                store.put(key, data)
            new.append(key)
            written += len(data)
    for day in touched - set(wide):  # a local day that begins on a day without values of its own
        name, data = partitions.write(kept[day].sorted())
        store.put(f"{partitions.folder(layer.id, day)}/{name}", data)
        new.append(f"{partitions.folder(layer.id, day)}/{name}")
        written += len(data)
    if not old or set(old) == set(new):
        return total, log
    size = sum(store.size(key) or 0 for key in old)
    total = _added(total, done, (len(old), len(new), size, written))
    runs = (*(run for run in log.runs if run.at != now), total)
    log = log.model_copy(
        update={"runs": runs[-_RUNS:], "condensed": log.condensed + sum(t.values for t in done.tiers)}
    )
    _write(store, log)  # also makes all of the above durable
    for key in set(old) - set(new):
        store.remove(key)
    return total, log


def _added(total: Run, done: Condensed, files: tuple[int, int, int, int]) -> Run:
    tiers = {(tier.every, tier.into): tier for tier in total.tiers}
    for each in done.tiers:
        before = tiers.get((each.every, each.into))
        counts = (each.values, each.made, each.incomplete)
        if before is not None:
            counts = (before.values + counts[0], before.made + counts[1], before.incomplete + counts[2])
        values, made, incomplete = counts
        tiers[each.every, each.into] = Tier(
            every=each.every, into=each.into, values=values, made=made, incomplete=incomplete
        )
    names = ("files_before", "files_after", "bytes_before", "bytes_after")
    numbers = {name: getattr(total, name) + n for name, n in zip(names, files, strict=True)}
    return total.model_copy(
        update={"tiers": tuple(tiers.values()), "former": total.former + done.former, **numbers}
    )


def _write(store: Store, log: Log) -> None:
    store.put(keys.retention(log.layer), documents.encode(log))
    store.sync()
