"""The command line: ``twin``. Every command says in one line what it does; 0 only if all asked for worked."""

import gc
import sys
from typing import Annotated

import typer

from api.cli_city import run, up, work
from api.cli_recipes import check, new
from api.cli_store import serve, show
from api.cli_tiles import convert, inspect

_COMMANDS = (up, run, work, serve, show, check, new, inspect, convert)
"""In the order of ``twin --help``."""

app = typer.Typer(
    name="twin",
    help="Stadtzwilling: an open-source digital twin for cities.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _release(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"twin {version('stadtzwilling')}")
        raise typer.Exit


@app.callback()
def _any(
    version: Annotated[
        bool, typer.Option("--version", callback=_release, is_eager=True, help="Tell the release and end.")
    ] = False,
) -> None:
    """Stadtzwilling: an open-source digital twin for cities."""


def main() -> None:
    """Entry point of the ``twin`` command."""
    import logging

    from twin.errors import TwinError

    logging.getLogger("stamina").setLevel(logging.ERROR)  # a retry is no news; what came of it is told
    try:
        app()
    except TwinError as error:
        print(f"twin: {error}", file=sys.stderr)
        sys.exit(1)
    except PermissionError as error:  # a store, a city or a file of root's
        place = error.filename or "a file"
        print(f"twin: {place}: {error.strerror}; give it to the user who runs twin (chown)", file=sys.stderr)
        sys.exit(1)
    finally:
        gc.freeze()  # nothing that is left is worth looking through on the way out


for _command in _COMMANDS:
    app.command()(_command)


if __name__ == "__main__":
    main()
