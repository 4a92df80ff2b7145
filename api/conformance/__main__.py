"""``python -m api.conformance STORE``: print the report; fails if a class is claimed and not kept."""

import sys

from api.app import create_app
from api.conformance.report import report
from twin.settings import Settings

_MARKS = {"kept": "✓", "missed": "✗", "untested": "–"}


def main(store: str) -> int:
    """Print the report over a store; 1 if something is missed."""
    classes = report(create_app(Settings(store=store)))
    for one in classes:
        reason = f": {one['reason']}" if "reason" in one else ""
        print(f"{_MARKS[one['result']]} {one['door']} {one['class']}{reason}")
    missed = sum(one["result"] == "missed" for one in classes)
    print(f"{len(classes)} classes are claimed, {missed} are not kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
