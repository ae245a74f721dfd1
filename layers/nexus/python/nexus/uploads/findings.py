"""What a reviewer and a creator should know of a file, told from the facts measured in it."""

from typing import Any

from nexus.uploads.schemas import Finding

MANY_TRIANGLES = 500_000
MOST = 50
"""Findings of one file; a file with a thousand odd textures is told enough."""
LONGEST = 300
"""Letters of what is told of a file, in which its maker chose the names."""

_TOLD = (  # what a note of the inspection says, and what that means
    ("is missing", "texture_missing", "warning"),
    ("is KTX2", "texture_not_shown", "info"),
    ("is damaged", "texture_damaged", "warning"),
    ("is not a picture", "texture_damaged", "warning"),
    ("moves nothing", "animation_empty", "info"),
)


def of_facts(facts: dict[str, Any]) -> list[Finding]:
    """Findings of one file, the graver ones first."""
    found = [_noted(note) for note in facts.get("notes", [])]
    if facts["triangles"] > MANY_TRIANGLES:
        found.append(
            Finding(
                code="many_triangles",
                severity="info",
                expected=MANY_TRIANGLES,
                found=facts["triangles"],
            )
        )
    found += [_odd(each) for each in facts["textures"] if not _is_power_of_two(each)]
    return sorted(found, key=lambda each: each.rank)[:MOST]


def _noted(note: str) -> Finding:
    for words, code, severity in _TOLD:
        if words in note:
            return Finding.model_validate(
                {"code": code, "severity": severity, "expected": None, "found": _short(note)}
            )
    return Finding(code="not_shown", severity="info", expected=None, found=_short(note))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _odd(texture: dict[str, Any]) -> Finding:
    size = f"{_short(texture['name'])}: {texture['width']} x {texture['height']}"
    return Finding(
        code="texture_not_power_of_two", severity="info", expected="a power of two", found=size
    )


def _is_power_of_two(texture: dict[str, Any]) -> bool:
    return all(texture[side] & (texture[side] - 1) == 0 for side in ("width", "height"))
