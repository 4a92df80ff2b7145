"""axe-core where visitors come now and then: measuring, past, history, paper, map, foreign pages, offline."""

import json
import re
from typing import Any

import pytest

from tests.ports import free_port
from tests.viewer.axe import faults
from tests.viewer.conftest import serving
from tests.viewer.test_access import PHONE, ROW
from tests.viewer.test_embedding import embedded, site  # noqa: F401
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

MOVED = {"valid_to": {"before": "2026-03-31T22:00:00Z", "after": "2026-04-30T22:00:00Z"}}
HISTORY = {
    "numberMatched": 2,
    "changes": [
        {"from": "2026-02-01T08:00:00Z", "to": None, "change": "appeared", "columns": {}},
        {"from": "2026-03-03T08:00:00Z", "to": None, "change": "changed", "columns": MOVED},
    ],
}


def tell_history(page: Any) -> None:
    """Let every thing have a history."""
    body = json.dumps(HISTORY)
    page.route("**/history**", lambda route: route.fulfill(body=body, content_type="application/json"))


@pytest.mark.parametrize("register", ["de", "en", "ls"])
def test_history_and_paper(opened: Any, register: str) -> None:
    seen = opened(f"/?lang={register}", before=tell_history, viewport=PHONE, scene=False)
    page = seen.page
    page.locator(".as-list").click()
    page.locator(ROW).filter(has=page.locator("strong.construction")).first.click()
    page.locator(".info details.closer summary").last.click()
    page.locator(".info").get_by_text(re.compile(r"30\.?\s(April|Apr)")).first.wait_for()
    assert faults(page) == [], "history"
    page.emulate_media(media="print")
    assert faults(page) == [], "paper"
    assert seen.complaints == []


def test_measuring(opened: Any) -> None:
    seen = opened(viewport=PHONE)
    page = seen.page
    page.get_by_role("button", name="Messen", exact=True).click()
    page.get_by_role("button", name="Punkt beim Kreuz setzen").click()
    page.get_by_text("1 Punkt gesetzt.").wait_for()
    assert faults(page) == []
    assert seen.complaints == []


def test_in_the_past(opened: Any) -> None:
    page = opened("/?datetime=2026-01-01T12:00:00Z", viewport=PHONE, scene=False).page
    page.get_by_text(re.compile(r"1\.\sJanuar\s2026")).first.wait_for()
    page.locator(".layer").first.wait_for()
    assert faults(page) == []


def test_on_the_map_with_something_chosen(blind_browser: Any, server: str) -> None:
    seen = visit(blind_browser, server, viewport=PHONE, scene=False)
    page = seen.page
    page.locator(ROW).first.wait_for()
    page.locator(ROW).first.click()
    page.locator("#info-title").wait_for()
    page.locator(".info .closer").first.wait_for()
    assert faults(page) == []
    page.context.close()


def test_two_in_a_foreign_page(embedded: Visit) -> None:  # noqa: F811
    page = embedded.page
    assert ours(page) == []
    sites = page.locator("#sites")
    sites.get_by_role("button", name="Als Liste").click()
    sites.locator("ul.things button").first.click()
    sites.locator("#info-title").wait_for()
    assert ours(page) == []


def ours(page: Any) -> list[str]:
    """Faults but those of the foreign page itself, which has no landmarks and no heading."""
    theirs = ("landmark-one-main", "page-has-heading-one", "region")
    return [each for each in faults(page) if not each.startswith(theirs)]


def test_while_the_service_is_away(browser: Any, store: Any) -> None:
    with serving(store, free_port()) as base:
        seen = visit(browser, base, viewport=PHONE, contrast="more")
    seen.page.get_by_text("Die Verbindung ist gerade unterbrochen").wait_for()
    assert faults(seen.page) == []
    seen.page.context.close()
