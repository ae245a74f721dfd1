"""Whether the tests take enough of the branches: `python -m tests.covered coverage.json`."""

import json
import sys
from pathlib import Path
from typing import Any

ALL, STRICT = 85.0, 95.0
"""Of 100 lines and branches, so many are taken by some test."""
STRICTLY = {
    "money": (
        "nexus/money.py",
        "nexus/discounts/",
        "nexus/outside/payments.py",
        "nexus/outside/stripe_",
        "nexus/payouts/",
        "nexus/purchases/",
        "nexus/table/discounts.py",
        "nexus/table/payments.py",
        "nexus/table/payouts.py",
        "nexus/table/purchases.py",
        "nexus/verification/",
    ),
    "accounts": ("nexus/accounts/", "nexus/table/users.py", "functions/accounts/"),
    "policy": ("nexus/web/", "nexus/settings.py", "nexus/errors.py"),
}


def main(report: Path) -> int:
    files: dict[str, Any] = json.loads(report.read_text())["files"]
    parts = {name: _of(files, paths) for name, paths in STRICTLY.items()}
    parts["everything"] = _of(files, ("",))
    low = False
    for name, part in parts.items():
        least, taken = ALL if name == "everything" else STRICT, _share(part.values())
        low |= taken < least
        print(f"{name:12}{taken:6.1f} %  (at least {least:.0f} %)")
        if taken < least:
            for path in sorted(part, key=lambda path: _left(part[path]), reverse=True)[:12]:
                lines = part[path]["missing_lines"][:20]
                print(f"    {_share([part[path]]):6.1f} %  {path}  {lines}")
    return int(low)


def _of(files: dict[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
    return {path: found for path, found in files.items() if any(each in path for each in paths)}


def _left(found: Any) -> int:
    told = found["summary"]
    return int(told["missing_lines"] + told["missing_branches"])


def _share(found: Any) -> float:
    sums = [each["summary"] for each in found]
    taken = sum(each["covered_lines"] + each["covered_branches"] for each in sums)
    all_ = sum(each["num_statements"] + each["num_branches"] for each in sums)
    return 100 * taken / all_ if all_ else 100.0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
