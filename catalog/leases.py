"""Leases: who works on a layer. Two workers on one store never do the same work twice.

A lease is an object ``leases/<layer>/<number>.json`` that must not exist when it is taken; the one with the
highest number counts. Its owner writes it anew from time to time; once it has run out anybody may take the
next number. Works alike on disk and on S3, where nothing but "create only if absent" can be relied on.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from catalog import documents, keys
from twin import times
from twin.base import Noun
from twin.errors import AlreadyExists, Damaged, NotFound
from twin.store import Store

LASTS = timedelta(seconds=90)
"""How long a lease holds without a sign of life."""
SKEW = timedelta(seconds=30)
"""So far may the clocks of two machines be apart."""


class Held(Noun):
    """What stands in a lease."""

    layer: str
    owner: str
    """At random; says nothing about machine or person."""
    until: datetime
    """It holds until then; a past instant if it was given back."""


class Lease:
    """A lease that was taken; see `take`."""

    def __init__(self, store: Store, held: Held, number: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._held = held
        self._number = number
        self._clock = clock

    @property
    def layer(self) -> str:
        """The layer it is for."""
        return self._held.layer

    def beat(self) -> bool:
        """Say that we are still at work; False if the lease ran out meanwhile and is somebody else's."""
        if self._is_lost():
            return False
        if self._clock() > self._held.until:  # late, as after a machine's sleep: another may take it just now
            return False
        self._held = self._held.model_copy(update={"until": self._clock() + LASTS})
        self._store.put(self._key, documents.encode(self._held))
        return not self._is_lost()

    def give_back(self) -> None:
        """The work is done or given up: the next one need not wait."""
        if self._is_lost():
            self._store.remove(self._key)
            return
        self._held = self._held.model_copy(update={"until": self._clock() - LASTS - SKEW})
        self._store.put(self._key, documents.encode(self._held))

    @property
    def _key(self) -> str:
        return keys.lease(self._held.layer, self._number)

    def _is_lost(self) -> bool:
        return max(_numbers(self._store, self._held.layer), default=0) != self._number


def take(store: Store, layer_id: str, clock: Callable[[], datetime] = times.now) -> Lease | None:
    """Take the lease of a layer; None if somebody else has it."""
    numbers = _numbers(store, layer_id)
    newest = max(numbers, default=0)
    if newest and not _has_run_out(store, layer_id, newest, clock()):
        return None
    held = Held(layer=layer_id, owner=secrets.token_hex(16), until=clock() + LASTS)
    lease = Lease(store, held, newest + 1, clock)
    try:
        store.create(keys.lease(layer_id, newest + 1), documents.encode(held))
    except AlreadyExists:
        return None
    # Others may have gone on meanwhile and swept the number that we found free.
    now_there = _numbers(store, layer_id)
    if max(now_there, default=0) != newest + 1:
        store.remove(keys.lease(layer_id, newest + 1))
        return None
    for number in now_there:
        if number <= newest:
            store.remove(keys.lease(layer_id, number))
    return lease


def _numbers(store: Store, layer_id: str) -> list[int]:
    names = (key.rpartition("/")[2] for key in store.list(keys.leases(layer_id)))
    return [int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdecimal()]


def _has_run_out(store: Store, layer_id: str, number: int, now: datetime) -> bool:
    try:
        held = documents.read(Held, store, keys.lease(layer_id, number))
    except NotFound:  # swept by one who took a later number
        return False
    except Damaged:  # nobody can keep it alive, nobody would ever get past it
        return True
    # A clock that was far ahead when it wrote must not stop the layer for ever.
    return now > held.until + SKEW or held.until > now + LASTS + timedelta(days=1)
