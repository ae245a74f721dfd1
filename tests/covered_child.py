"""What the sandbox runs in place of `imaging/child.py` while coverage is measured.

Run by path, as that one is: its environment is empty, so coverage cannot find it by itself.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from coverage import Coverage

PROJECT = Path(__file__).parents[1]


def main() -> None:
    sys.path.append(str(PROJECT / "layers/imaging/python"))
    measured, leave = started(), os._exit
    from imaging import child, guard

    def told(status: int) -> NoReturn:
        measured.stop()
        guard._CHANGES = ()  # coverage removes a file of its name first
        measured.save()
        leave(status)

    os._exit = told
    child.main()


def started() -> Coverage:
    folder = Path.cwd()
    os.chdir(PROJECT)  # the settings' paths start there
    data_file = PROJECT / f".local/coverage.child.{os.getpid()}.{os.urandom(4).hex()}"
    measured = Coverage(data_file=data_file, config_file="pyproject.toml")
    measured.start()
    os.chdir(folder)
    return measured


if __name__ == "__main__":
    main()
