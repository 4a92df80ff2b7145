"""Commands that show what a store has: over HTTP, and in words."""

from typing import Annotated

import typer

from api.cli_options import HostOption, PortOption, StoreOption, settings_of


def serve(
    store: StoreOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=64, help="Processes that answer; two if left out.")
    ] = None,
) -> None:
    """Serve what is published, without pulling anything."""
    from api.serving import serve as serve_forever

    serve_forever(settings_of(store=store, host=host, port=port, serve_workers=workers), "Stadtzwilling")


def show(
    layer: Annotated[str | None, typer.Argument(help="Layer, by id or short name; all if left out.")] = None,
    feature: Annotated[str | None, typer.Argument(help="With --history: one feature, by id.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="What changed over time, of the layer or of one feature.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Show what is published, how fresh it is, and what was held back or broken and why."""
    from api.show import show_layers
    from api.show_history import show_history
    from twin.store import open_store

    if history or feature is not None:
        if layer is None or not history:
            raise typer.BadParameter("write: twin show LAYER --history [ID]")
        show_history(open_store(settings_of(store=store).store), layer, feature)
        return
    settings = settings_of(store=store)
    if not show_layers(open_store(settings.store), layer, settings):
        raise typer.Exit(1)
