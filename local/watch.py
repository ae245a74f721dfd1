"""Restarts the functions whose files are edited."""

from collections.abc import Callable, Collection
from pathlib import Path

from watchfiles import DefaultFilter, awatch

from local.functions import Function


async def watch(
    template: Path, functions: Collection[Function], notify: Callable[[str], None]
) -> None:
    """Run until cancelled."""
    folders = {source for function in functions for source in function.settings.sources}
    existing = [folder for folder in folders if folder.exists()]
    async for changes in awatch(*existing, template, watch_filter=DefaultFilter()):
        paths = [Path(path) for _, path in changes]
        if template in paths:
            notify(f"{template.name} has changed; start again to run it")
        edited = [function for function in functions if _concerned(function, paths)]
        for function in edited:
            function.renew()
        if edited:
            notify(f"Edited: {', '.join(function.settings.id for function in edited)} restarted")


def _concerned(function: Function, paths: list[Path]) -> bool:
    return any(
        path.is_relative_to(source) for path in paths for source in function.settings.sources
    )
