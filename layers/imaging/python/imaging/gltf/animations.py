"""Which animations move anything."""

from imaging.errors import Refused
from imaging.gltf.accessors import Accessors
from imaging.gltf.document import Document, Json, items


def moving(document: Document, accessors: Accessors) -> int:
    """Animations with at least two different keys; an empty "Take 001" is none."""
    known: dict[object, bool] = {}
    return sum(
        any(_moves(accessors, sampler.get("output"), known) for sampler in items(found, "samplers"))
        for found in document.list("animations")
    )


def _moves(accessors: Accessors, output: Json | int | None, known: dict[object, bool]) -> bool:
    if not isinstance(output, int):
        return False
    if output not in known:
        try:
            keys = accessors.raw(output, "animation keys")
        except Refused:
            return False  # a broken animation moves nothing, and the model still shows
        known[output] = len(keys) > 1 and bool((keys != keys[0]).any(axis=0).any())
    return known[output]
