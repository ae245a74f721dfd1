"""Seeds of what misbehaves by chance, dealt to the tests that want some.

NEXUS_SEEDS=0-1000 deals a thousand; a failure tells its seed, and NEXUS_SEEDS=731-732 repeats it.
"""

import os

_TESTS = 4
_FIRST, _END = map(int, os.environ.get("NEXUS_SEEDS", "0-48").split("-"))


def dealt(to: int) -> list[int]:
    """Those of one of the tests, which have numbers from 0."""
    return [seed for seed in range(_FIRST, _END) if seed % _TESTS == to]
