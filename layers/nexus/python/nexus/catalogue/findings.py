"""What the creator said of a model, against what was measured in its files."""

from collections.abc import Iterable
from typing import Any

from nexus.uploads.schemas import Finding

RESOLUTIONS = ("None", "512", "1K", "2K", "4K", "8K", "16K")
MOST = 50
"""Findings of one model: with ten files of so many each it would be too large for an item."""
NEAR = 0.1
"""How far, as a share, a claimed number of polygons may be off and only be mentioned."""

MEASURED = ("poly_count", "is_rigged", "is_animated", "texture_resolution")
_CODES = {f"{name}_differs" for name in MEASURED}


def compared(claims: dict[str, Any] | None, measured: dict[str, Any]) -> list[Finding]:
    """A finding for each claim that is not what was measured."""
    return [
        Finding(
            code=f"{name}_differs",
            severity=_severity(name, claims[name], measured[name]),
            expected=claims[name],
            found=measured[name],
        )
        for name in MEASURED
        if claims and claims.get(name) is not None and _differs(name, claims[name], measured[name])
    ]


def _differs(name: str, claimed: Any, found: Any) -> bool:
    if name == "texture_resolution":
        return _pixels(claimed) != _pixels(found)
    return bool(claimed != found)


def _severity(name: str, claimed: Any, found: Any) -> Any:
    """More was promised than is there, or something else that a buyer would not mind."""
    match name:
        case "poly_count":
            return "info" if abs(claimed - found) <= NEAR * max(found, 1) else "warning"
        case "texture_resolution":
            return "warning" if _pixels(claimed) > _pixels(found) else "info"
        case _:
            return "error" if claimed else "info"


def _pixels(resolution: str) -> int:
    """Of names such as "None", "512", "2K", and what creators write beside: "3K", "1024"."""
    if resolution == "None":
        return 0
    return int(resolution[:-1]) * 1024 if resolution.endswith("K") else int(resolution)


def joined(*parts: Iterable[Finding]) -> list[Finding]:
    """Findings, each once, the graver ones first, and not too many."""
    every = dict.fromkeys(finding for part in parts for finding in part)
    return sorted(every, key=lambda each: each.rank)[:MOST]


def of_files(findings: Iterable[Finding]) -> list[Finding]:
    """Those among a model's findings that no claim has to do with."""
    return [finding for finding in findings if finding.code not in _CODES]
