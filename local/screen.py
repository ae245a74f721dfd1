"""What the user sees while the local cloud starts and runs."""

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table


class Screen:
    """Steps with their times, notices as they come, and the addresses at the end."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        started = time.perf_counter()
        with self.console.status(f"{text} …"):
            yield
        self.done(text, time.perf_counter() - started)

    def done(self, text: str, seconds: float) -> None:
        self.console.print(f"[green]✓[/green] {text} [dim]{seconds:.1f} s[/dim]")

    def notice(self, text: str) -> None:
        self.console.print(f"[yellow]![/yellow] {escape(text)}", soft_wrap=True)

    def failure(self, text: str) -> None:
        self.console.print(f"[red]✗[/red] {escape(text)}", soft_wrap=True)

    def table(self, rows: list[tuple[str, str]]) -> None:
        table = Table.grid(padding=(0, 3))
        for name, value in rows:
            table.add_row(f"  {name}", f"[bold]{value}[/bold]")
        self.console.print(table)

    def progress(self) -> Progress:
        return Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self.console,
            transient=True,
        )
