"""What several commands ask alike."""

from typing import Annotated, Any

import typer

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Path or URL of the store (file://, s3://); `store` if left out."),
]
PortOption = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port to serve on; 8000 if left out.")
]
HostOption = Annotated[
    str | None,
    typer.Option("--host", help="Address to serve on; 127.0.0.1, this machine alone, if left out."),
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that work; one a core if left out.")
]


def settings_of(**given: Any) -> Any:
    """Settings from the environment, with what was typed on top."""
    from twin.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})
