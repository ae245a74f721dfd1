"""What the creator said and what was measured stand beside each other, for those it concerns."""

import dataclasses
from typing import Any

import pytest

from imaging.report import TextureFacts
from nexus.catalogue.findings import compared
from nexus.uploads.findings import MANY_TRIANGLES, MOST, of_facts
from tests.gateway import Caller
from tests.people import Person
from tests.workshop import FACTS, READY, stored_upload, submitted, upload

MEASURED = {
    "poly_count": 1000, "is_rigged": False, "is_animated": True, "texture_resolution": "2K",
}  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        (None, []),
        ({}, []),
        (MEASURED, []),
        ({"poly_count": 1100}, [("poly_count_differs", "info", 1100, 1000)]),
        ({"poly_count": 1101}, [("poly_count_differs", "warning", 1101, 1000)]),
        ({"poly_count": 0}, [("poly_count_differs", "warning", 0, 1000)]),
        ({"is_rigged": True}, [("is_rigged_differs", "error", True, False)]),
        ({"is_animated": False}, [("is_animated_differs", "info", False, True)]),
        ({"texture_resolution": "4K"}, [("texture_resolution_differs", "warning", "4K", "2K")]),
        ({"texture_resolution": "1K"}, [("texture_resolution_differs", "info", "1K", "2K")]),
        ({"texture_resolution": "None"}, [("texture_resolution_differs", "info", "None", "2K")]),
        ({"texture_resolution": "2048"}, []),
    ],
)
def test_claims_are_held_against_what_was_measured(
    claims: dict[str, Any] | None, told: list[tuple[object, ...]]
) -> None:
    findings = compared(claims, MEASURED)

    assert [(each.code, each.severity, each.expected, each.found) for each in findings] == told


def facts(**changes: Any) -> dict[str, Any]:
    return dataclasses.asdict(dataclasses.replace(FACTS, **changes))


@pytest.mark.parametrize(
    ("note", "code", "severity"),
    [
        ("The texture 'wood' is missing, so it is not shown.", "texture_missing", "warning"),
        ("The texture 'wood' is damaged, so it is not shown.", "texture_damaged", "warning"),
        ("The texture 'w' is KTX2, which the pictures do not show.", "texture_not_shown", "info"),
        ("An animation of the model moves nothing.", "animation_empty", "info"),
        ("Points and lines of the model are not shown.", "not_shown", "info"),
    ],
)
def test_notes_of_the_inspection_become_findings(note: str, code: str, severity: str) -> None:
    [finding] = of_facts(facts(notes=[note]))

    assert (finding.code, finding.severity, finding.found) == (code, severity, note)


def test_a_heavy_model_and_odd_textures_are_told() -> None:
    textures = [TextureFacts("a", 1024, 1000, "png", 1), TextureFacts("b", 512, 2, "png", 1)]

    [odd, heavy] = sorted(
        of_facts(facts(triangles=MANY_TRIANGLES + 1, textures=textures)), key=lambda f: f.code,
        reverse=True,
    )  # fmt: skip

    assert (odd.code, odd.found) == ("texture_not_power_of_two", "a: 1024 x 1000")
    assert (heavy.code, heavy.expected) == ("many_triangles", MANY_TRIANGLES)
    assert of_facts(facts(triangles=MANY_TRIANGLES)) == []


def test_the_gravest_findings_come_first_and_there_is_an_end_of_them() -> None:
    odd = [TextureFacts(f"odd {n}", 3, 3, "png", 1) for n in range(100)]
    findings = of_facts(facts(textures=odd, notes=["The texture 'x' is missing."]))

    assert len(findings) == MOST
    assert findings[0].code == "texture_missing"


def test_findings_are_for_the_reviewer_and_the_creator(
    creator: Person, admin: Person, stranger: Person, visitor: Caller
) -> None:
    report = dataclasses.replace(
        READY, facts=dataclasses.replace(FACTS, notes=["The texture 'x' is missing."])
    )
    model = submitted(creator, claims={"is_rigged": True}, upload_ids=[
        upload(creator, report=report)])  # fmt: skip
    expected = [
        {"code": "is_rigged_differs", "severity": "error", "expected": True, "found": False},
        {"code": "texture_missing", "severity": "warning", "expected": None,
         "found": "The texture 'x' is missing."},
    ]  # fmt: skip
    path = f"/api/models/{model['id']}"

    assert model["findings"] == expected
    assert [each["findings"] for each in admin.get("/api/admin/models/pending").json()] == [
        expected
    ]
    assert creator.get("/api/users/me/models").json()[0]["findings"] == expected
    assert admin.post(f"/api/admin/models/{model['id']}/approve").status_code == 200
    for concerned in (creator, admin):
        assert concerned.get(path).json()["findings"] == expected
    for other in (stranger, visitor):
        assert other.get(path).json()["findings"] is None
        assert other.get("/api/models").json()[0]["findings"] is None
    assert stranger.post(f"{path}/purchase").status_code == 200
    assert stranger.get("/api/users/me/purchases").json()[0]["model"]["findings"] is None


def test_new_claims_and_new_files_bring_new_findings(creator: Person) -> None:
    model = submitted(creator, claims={"is_rigged": True}, upload_ids=[stored_upload(creator).id])
    path = f"/api/models/{model['id']}"

    def edited(**changes: Any) -> list[str]:
        tag = creator.get(path).headers["etag"]
        answer = creator.patch(path, json=changes, headers={"If-Match": tag})
        assert answer.status_code == 200, answer.text
        return [finding["code"] for finding in answer.json()["findings"]]

    assert edited(claims={"is_animated": True}) == ["is_animated_differs"]
    missing = dataclasses.replace(FACTS, notes=["The texture 'x' is missing."], is_animated=True)
    report = dataclasses.replace(READY, facts=missing)
    assert edited(upload_ids=[upload(creator, "b.glb", report)]) == ["texture_missing"]
    assert edited(claims={"is_animated": True, "is_rigged": True}) == [
        "is_rigged_differs", "texture_missing",
    ]  # fmt: skip
    assert edited(name="Keep") == ["is_rigged_differs", "texture_missing"]
