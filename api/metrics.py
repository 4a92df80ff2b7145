"""What ``/ops/metrics`` says, in Prometheus' text format: answers, layers, listeners, this process."""

import os
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from api import describe
from api.live.hub import Hub
from api.meter import Meter, family
from api.service import Service
from twin import times
from twin.status import State

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_STARTED = time.time()


def text(service: Service, meter: Meter, hub: Hub) -> str:
    """The whole document."""
    lines = [*meter.lines(), *_layers(service), *_live(hub), *_process()]
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


def _live(hub: Hub) -> Iterator[str]:
    yield from family("twin_live_listeners", "gauge", "Who listens at /live now.", [("", hub.listeners)])
    yield from family("twin_live_events_total", "counter", "Events told at /live.", [("", hub.end)])


def _process() -> Iterator[str]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = round(used.ru_utime + used.ru_stime, 3)
    yield from family(
        "process_cpu_seconds_total", "counter", "Processor time of this process.", [("", seconds)]
    )
    yield from family(
        "process_start_time_seconds", "gauge", "When this process began.", [("", round(_STARTED, 3))]
    )
    pages = Path("/proc/self/statm")
    if pages.exists():  # Linux; elsewhere nothing says how much it is now
        size = int(pages.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        yield from family("process_resident_memory_bytes", "gauge", "Memory of this process.", [("", size)])
