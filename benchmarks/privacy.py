"""How much of what is personal the gate catches, what it takes from clean texts, and what a look costs.

The counterexamples and the made-up clean texts are those of the tests; real data are read where they lie
(``../shared/data``, or the folder in ``TWIN_REAL_DATA``) and only counted: texts that are changed are named
in a masked form.
"""

import os
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.measure import table
from benchmarks.real_texts import texts
from ingest import personal
from ingest.personal import recognisers

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests" / "ingest"
REAL = Path(os.environ.get("TWIN_REAL_DATA", ROOT.parent / "shared" / "data"))
# What is changed in the real data was looked at one by one and is rightly so: ids of rental bikes, e-mail
# addresses, names of doctors. Texts of any other form count as lost.
_RIGHTLY = re.compile(r"BIKE \d{5}|.*[\w.]+@[\w.]+\.\w{2,4}\b.*|(?:.*praxis )?Dr\.? (?:\w{3,12} )?\w{3,12}")


def masked(text: str) -> str:
    """Letters and digits hidden, so that a report tells the form and not the value."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", text))[:60]


def main() -> None:
    """Print the tables."""
    _recall()
    rows, changed = [], list[str]()
    made_up = (TESTS / "clean_texts.txt").read_text("utf-8").splitlines()
    kinds: list[tuple[str, Iterable[str]]] = [("made up", made_up)]
    if REAL.is_dir():
        kinds.append(("real, each text once", sorted(texts(REAL))))
    for kind, values in kinds:
        known = list(values)
        personal._remembered.cache_clear()
        recognisers._hints.cache_clear()
        recognisers._hints_of_run.cache_clear()
        start = time.process_time()
        hits = [text for text in known if personal.scrub(text)[1]]
        taken = time.process_time() - start
        wrongly = [text for text in hits if not _RIGHTLY.fullmatch(text)]
        changed += wrongly
        precision = 1 - len(wrongly) / len(hits) if hits else 1
        words = f"{taken / len(known) * 1e6:.0f}"
        rows.append((kind, f"{len(known):,}", len(hits), len(wrongly), f"{precision:.1%}", words))
    table(
        "The gate: clean texts",
        ("texts", "looked at", "changed", "of these wrongly", "precision", "µs a text, first look"),
        rows,
    )
    for text in changed:
        print(f"- changed: `{masked(text)}`")
    _again(made_up)


def _recall() -> None:
    cases = tomllib.loads((TESTS / "personal_cases.toml").read_text("utf-8"))
    caught: Counter[str] = Counter()
    for name, of in cases.items():
        for text, part, _ in of["cases"]:
            left, classes = personal.scrub(text)
            caught[name] += name in classes and (left is None or part not in left)
    total = sum(len(of["cases"]) for of in cases.values())
    rows = [
        (n, len(of["cases"]), caught[n], f"{caught[n] / len(of['cases']):.1%}") for n, of in cases.items()
    ]
    rows.append(("all", total, caught.total(), f"{caught.total() / total:.1%}"))
    table("The gate: counterexamples", ("class", "cases", "caught", "recall"), rows)


def _again(known: list[str]) -> None:
    start = time.process_time()
    for _ in range(200):
        for text in known:
            personal.scrub(text)
    print(f"\nA text seen before takes {(time.process_time() - start) / 200 / len(known) * 1e6:.2f} µs.")
