"""What the command line draws while it works."""

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Shown:
    """Progress drawn on the terminal: a line a layer while it runs, one that stays when it has ended."""

    def __init__(self) -> None:
        self.console = Console(stderr=False, highlight=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,  # else it would leave an empty line in a log
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> "Shown":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        """Draw how far a layer is."""
        count = f"{done:,}" + (f" of {total:,}" if total else "")
        if layer not in self._tasks:
            self._tasks[layer] = self._bar.add_task(layer, total=total, count="")
        self._bar.update(
            self._tasks[layer], description=f"{layer}: {stage}", completed=done, total=total, count=count
        )

    def finish(self, layer: str, words: str, ok: bool | None) -> None:
        """Leave a line that says how the layer ended."""
        if layer in self._tasks:
            self._bar.remove_task(self._tasks.pop(layer))
        sign = "–" if ok is None else "[green]✓[/]" if ok else "[red]✗[/]"
        self.console.print(f"{sign} {layer}: {escape(words.removeprefix(f'{layer}: '))}", soft_wrap=True)
