"""What ``/ops/metrics`` says, in Prometheus' text format: answers, layers, listeners, the workers."""

from collections import Counter
from collections.abc import Iterator

from api import describe
from api.live.hub import Hub
from api.meter import Meter, family
from api.service import Service
from api.together import Together
from twin import times
from twin.status import State

MEDIA = "text/plain; version=0.0.4; charset=utf-8"


def text(service: Service, meter: Meter, hub: Hub, together: Together) -> str:
    """The whole document, of all workers together."""
    together.say(hub.listeners, hub.end)
    lines = [*meter.lines(), *_layers(service), *_live(together), *_process(together)]
    return "\n".join(lines) + "\n"


def _layers(service: Service) -> Iterator[str]:
    now = service.now()
    told = {
        layer.id: describe.freshness(service, layer) for _, layer in (*service.layers(), *service.withheld())
    }
    states = Counter(one["state"] for one in told.values())
    yield from family(
        "twin_layers",
        "gauge",
        "Layers by state.",
        ((f'{{state="{state.value}"}}', states[state.value]) for state in State),
    )
    for name, key, words in (
        ("twin_layer_age_seconds", "last_success", "Seconds since the source answered as it should."),
        ("twin_layer_value_age_seconds", "last_value_at", "Age of the newest observed value."),
    ):
        ages = {
            layer: (now - times.parse(one[key])).total_seconds()
            for layer, one in told.items()
            if one[key] is not None
        }
        yield from family(name, "gauge", words, ((_layer(layer), age) for layer, age in ages.items()))
    yield from family(
        "twin_layer_failures",
        "gauge",
        "Failed attempts since the last success.",
        ((_layer(layer), one["failures"]) for layer, one in told.items()),
    )
    held = {layer: service.listing.current(layer) for layer in told}
    yield from family(
        "twin_layer_revision",
        "gauge",
        "Number of the revision that holds.",
        ((_layer(layer), revision.number) for layer, revision in held.items() if revision is not None),
    )


def _layer(layer_id: str) -> str:
    escaped = layer_id.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{layer="{escaped}"}}'


def _live(together: Together) -> Iterator[str]:
    listeners, events = together.each("listeners"), together.each("events")
    yield from family(
        "twin_live_listeners", "gauge", "Who listens at /live now.", [("", int(sum(listeners)))]
    )
    yield from family(
        "twin_live_events_total",
        "counter",
        "Events told at /live, by the worker that told most.",
        [("", int(max(events)))],
    )


def _process(together: Together) -> Iterator[str]:
    seconds = sum(together.each("seconds")) + sum(together.each("seconds_before"))
    yield from family("twin_workers", "gauge", "Processes that answer.", [("", together.workers)])
    yield from family(
        "process_cpu_seconds_total", "counter", "Processor time of all workers.", [("", round(seconds, 3))]
    )
    yield from family(
        "process_start_time_seconds",
        "gauge",
        "When the first worker began.",
        [("", round(min(together.each("started")), 3))],
    )
    memory = together.each("memory")
    if any(memory):
        yield from family(
            "process_resident_memory_bytes",
            "gauge",
            "Memory of all workers; what they share is counted for each.",
            [("", int(sum(memory)))],
        )
