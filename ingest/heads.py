"""Heads: what an answer says before its body, and whether it is one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest import addresses
from ingest.waiting import Unanswered, retry_after, span
from twin.errors import SourceBroken, SourceWaits

if TYPE_CHECKING:
    import httpx

_LONGEST_TAG = 1000


@dataclass(frozen=True, slots=True)
class Validators:
    """What a source gave with an answer, so that it can be asked whether that is still the one."""

    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that ask."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Told:
    """The head of an answer."""

    url: str
    """Where it came from in the end."""
    content_type: str
    """Media type without parameters, lower case; empty if the answer names none."""
    validators: Validators
    unchanged: bool
    """The source says that what we have is still right, and sent nothing."""
    crs: str = ""
    """CRS of its coordinates, as the header ``Content-Crs`` names it; empty if there is none."""


def validators(response: "httpx.Response") -> Validators:
    """Those of an answer; empty where it has none that can be sent back."""
    found = (response.headers.get(name, "").strip() for name in ("etag", "last-modified"))
    return Validators(*(text if len(text) <= _LONGEST_TAG and text.isascii() else "" for text in found))


def content_crs(response: "httpx.Response") -> str:
    """The CRS that an answer names in ``Content-Crs`` (OGC API Features, part 2): ``<URI>``."""
    found = str(response.headers.get("content-crs", ""))[:_LONGEST_TAG].strip()
    return found[1:-1].strip() if found.startswith("<") and found.endswith(">") else found


def check_status(response: "httpx.Response", url: str, most_s: float) -> None:
    """Look at the status of an answer.

    Args:
        response: its head.
        url: what was asked.
        most_s: longest pause that a source may ask for within a run.

    Raises:
        Unanswered: asking again may help.
        SourceWaits: Mobilithek has no packet for us yet.
        SourceBroken: anything else but 200.
    """
    code, place = response.status_code, addresses.place(url)
    if code in (408, 425, 429) or code >= 500:
        asked = retry_after(response.headers.get("retry-after"))
        if asked is not None and asked > most_s:
            raise Unanswered(
                f"{place} answered {code} and asks for a pause of {span(asked)}, longer than the "
                f"{span(most_s)} that a run waits; asked again when it is over (TWIN_LONGEST_WAIT_S)",
                asked,
            )
        raise Unanswered(f"{place} answered {code}; asked again at the next run", asked)
    if code == 422 and has_packets(url):
        raise SourceWaits(f"{place} has no packet yet; what came last still holds")
    if code != 200:
        raise SourceBroken(f"{place} answered {code}; check the address and its parameters")


def has_packets(url: str) -> bool:
    """Whether an address is one of Mobilithek's, which answers 422 or nothing until there is a packet."""
    return urlsplit(url).path.startswith("/mobilithek/api/")
