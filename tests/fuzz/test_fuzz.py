"""A thousand spoilt files, the same each time; `make fuzz` takes ten thousand new ones."""

from tests.fuzz import run

SEED = 4


def test_every_spoilt_file_ends_ready_or_rejected_with_a_reason() -> None:
    results = list(run.fuzz(SEED, range(1000)))

    assert len(results) == 1000
    assert not any(ended.wrong for ended in results), run.told(SEED, results)
    assert {"ready", "damaged", "truncated"} <= {ended.outcome for ended in results}
