"""The pages that the law wants beside ours: the operator's imprint and privacy policy."""

from html import escape

from api import words
from twin.settings import Settings


def links(settings: Settings, register: str) -> str:
    """Links to them, each with a dot before it, as HTML; empty if there are none."""
    pages = ((settings.imprint, words.IMPRINT), (settings.privacy_policy, words.PRIVACY_POLICY))
    return "".join(
        f' · <a href="{escape(address)}">{escape(name.get(register))}</a>'
        for address, name in pages
        if address
    )


def attributes(settings: Settings) -> str:
    """The same for ``<city-twin>``, as attributes with a blank before each."""
    pages = {"imprint": settings.imprint, "privacy": settings.privacy_policy}
    return "".join(f' {name}="{escape(address)}"' for name, address in pages.items() if address)
