"""Heads: what an answer says before its body, and whether it is one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import addresses
from ingest.waiting import Unanswered, retry_after
from twin.errors import SourceBroken

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


def check_status(response: "httpx.Response", url: str) -> None:
    """`Unanswered` where asking again may help, `SourceBroken` for anything else but 200."""
    code, place = response.status_code, addresses.place(url)
    if code in (408, 425, 429) or code >= 500:
        asked = retry_after(response.headers.get("retry-after"))
        raise Unanswered(f"{place} answered {code}; asked again at the next run", asked)
    if code != 200:
        raise SourceBroken(f"{place} answered {code}; check the address and its parameters")
