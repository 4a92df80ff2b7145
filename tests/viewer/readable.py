"""What of a page cannot be read or reached: cut off, covered by something else, outside of the window."""

from pathlib import Path
from typing import Any

LARGE = 32
"""Twice the 16 px that browsers begin with: 200 % text, WCAG 1.4.4."""
_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
    "p { margin-bottom: 2em !important; }"
)
_LOST = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def lost(page: Any, within: str = ".whole, body") -> list[str]:
    """Texts and controls of a part that cannot be read or reached, each with what is in the way."""
    found: list[str] = page.evaluate(_LOST, within)
    return found


def enlarge(page: Any, size: int = LARGE) -> None:
    """Set the size of letters that the browser begins with, as a visitor does in its settings."""
    sizes = {"fontSizes": {"standard": size, "fixed": size}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)


def spread(page: Any) -> None:
    """Set lines, words and letters as far apart as WCAG 1.4.12 asks to bear."""
    page.evaluate(
        "(rules) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules);"
        " for (const root of [document, document.querySelector('city-twin')?.shadowRoot])"
        "  root?.adoptedStyleSheets.push(sheet); }",
        _SPACING,
    )
