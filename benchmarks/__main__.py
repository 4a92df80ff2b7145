"""``python -m benchmarks [NAME…]``: run all measurements, or some, and print them as tables."""

import sys

from benchmarks import (
    browser,
    changes,
    connectors,
    convert,
    history,
    muenchen,
    outlines,
    past,
    privacy,
    real,
    service,
    serving,
    start,
    workers,
)

ALL = {
    "connectors": connectors.main,
    "real": real.main,
    "convert": convert.main,
    "changes": changes.main,
    "history": history.main,
    "muenchen": muenchen.main,
    "past": past.main,
    "start": start.main,
    "service": service.main,
    "serving": serving.main,
    "outlines": outlines.main,
    "privacy": privacy.main,
    "browser": browser.main,
    "workers": workers.main,
}

if __name__ == "__main__":
    wrong = [name for name in sys.argv[1:] if name not in ALL]
    if wrong:
        sys.exit(f"no benchmark called {', '.join(wrong)}; there are {', '.join(ALL)}")
    for name in sys.argv[1:] or ALL:
        ALL[name]()
