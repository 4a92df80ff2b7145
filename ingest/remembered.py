"""Remembered: what a source answered last time, so that an unchanged one sends nothing and costs nothing.

Lies in the store's `kept` folder and is never part of the store. Checksums and validators are always kept;
the answers themselves only where the recipe says that the source carries nothing personal. Addresses are
written as they were asked, for the owner's eyes alone: a recipe may hold a key in them.
"""

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.heads import Validators
from ingest.hoard import ANSWERS, Hoard, remembered

_FORM = 1
_NUMBER = re.compile(r"(?<!\d)\d{10}(?:\d{3})?(?!\d)")
_BERLIN = ZoneInfo("Europe/Berlin")
_NEAR_S = 40 * 86_400


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, without its body."""

    url: str
    """As asked."""
    final: str
    """Where it came from in the end, without secrets."""
    content_type: str
    sha256: str
    """Of the inflated body."""
    size: int
    """Inflated bytes."""
    etag: str = ""
    modified: str = ""
    accept: tuple[str, ...] = ()
    """Media types asked for."""
    crs: str = ""
    """As `ingest.heads.Told` has it."""

    @property
    def validators(self) -> Validators:
        """What the source wants to be asked with."""
        return Validators(self.etag, self.modified)


class Memory:
    """The answers of a layer's last good run, and those of the present one.

    Args:
        folder: where they lie; need not be there.
        bodies: whether the answers themselves may be kept.
        most: most bytes that bodies of all layers may take together.
    """

    def __init__(self, folder: Path, *, bodies: bool, most: int) -> None:
        self.folder = folder
        self._hoard = Hoard(folder.parent, most) if bodies else None
        self._heard: dict[str, Answer] = {}
        self._last: dict[str, Answer] = {}
        self._settled: dict[str, Any] = {}
        self._read()

    def known(self, url: str) -> tuple[Answer, Path] | None:
        """What the address answered this layer, or another one, and the body.

        None unless the body is kept and the source can be asked whether it is still right.
        """
        if self._hoard is None:
            return None
        others = (
            _read_answer(one)
            for document in remembered(self.folder.parent)
            for one in document["answers"]
            if one["url"] == url
        )
        for answer in (*filter(None, [self._last.get(url)]), *others):
            body = self._hoard.body(answer.sha256, answer.size) if answer.validators.headers else None
            if body is not None:
                return answer, body
        return None

    def last(self, basis: str, revision: int | None, now: datetime) -> list[Answer]:
        """All answers of the last good run, in the order asked, if the same ones must give the same result.

        Args:
            basis: recipe, city and code of the present run.
            revision: number of the layer's newest revision.
            now: instant of the present run.

        Returns:
            Nothing if the run was another's (other recipe, city, code or revision), or if its addresses may
            be others today: they name the day or the moment, or the month has changed since.
        """
        wanted = {"basis": sha256(basis.encode()).hexdigest(), "revision": revision, "month": _months(now)}
        if {name: self._settled.get(name) for name in wanted} != wanted:
            return []
        at = datetime.fromtimestamp(self._settled.get("at", 0), UTC)
        if any(of_the_moment(answer.url, at) for answer in self._last.values()):
            return []
        return list(self._last.values())

    def heard(self, answer: Answer, body: Path | bytes | None) -> None:
        """Note an answer of this run; its body, if there is one, is kept if it may be."""
        self._heard[answer.url] = answer
        if body is not None and self._hoard is not None:
            self._hoard.keep(answer.sha256, answer.size, body)

    def settle(self, basis: str, revision: int, now: datetime, *, lasting: bool = True) -> None:
        """The run came to a good end: what was heard is what is remembered from now on.

        Args:
            basis: recipe, city and code of the run.
            revision: the layer's newest revision.
            now: instant of the run.
            lasting: whether the same answers would give the same result at any later time.
        """
        if not self._heard:  # files of this machine
            return
        self._last = dict(self._heard)
        self._settled = {
            "form": _FORM,
            "basis": sha256(basis.encode()).hexdigest() if lasting else "",
            "revision": revision,
            "month": _months(now),
            "at": int(now.timestamp()),
        }
        document = self._settled | {"answers": [asdict(answer) for answer in self._last.values()]}
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".tmp-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as sink:
            json.dump(document, sink)
        os.replace(name, self.folder / ANSWERS)
        if self._hoard is not None:
            self._hoard.sweep()

    def _read(self) -> None:
        try:
            document = json.loads((self.folder / ANSWERS).read_text("utf-8"))
            if document["form"] == _FORM:
                self._last = {one["url"]: _read_answer(one) for one in document.pop("answers")}
                self._settled = document
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError):  # damaged: as if nothing were remembered
            self._last, self._settled = {}, {}


def _read_answer(written: Mapping[str, Any]) -> Answer:
    return Answer(**{**written, "accept": tuple(written["accept"])})


def _months(now: datetime) -> str:
    """Month in UTC and in Berlin: addresses may name month or year."""
    return f"{now.astimezone(UTC):%Y-%m} {now.astimezone(_BERLIN):%Y-%m}"


def of_the_moment(url: str, at: datetime) -> bool:
    """Whether an address asked at the instant `at` names that day (or one beside it), or a moment near it."""
    for shift in (-1, 0, 1):
        for zone in (UTC, _BERLIN):
            day = at.astimezone(zone) + timedelta(days=shift)
            for form in ("%Y{0}%m{0}%d", "%d{0}%m{0}%Y", "%y{0}%m{0}%d"):
                if any(day.strftime(form.format(sign)) in url for sign in ("", "-", ".", "/", "_", "%2F")):
                    return True
    seconds = (int(number[:10]) for number in _NUMBER.findall(url))
    return any(abs(number - at.timestamp()) < _NEAR_S for number in seconds)
