"""The integration guide's own way, `ILIKE '%…%'` on PostgreSQL, where Debian's package is there."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.search.measuring import Cost
from benchmarks.search.questions import CLASSES
from nexus.search.schemas import Entry

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "postgres"
ROUNDS = 3

FUNCTION = """
CREATE FUNCTION spent() RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(field::bigint) FROM
    unnest((string_to_array(pg_read_file('/proc/self/stat'), ' '))[14:15]) field $$;
CREATE FUNCTION told(questions text[], rounds int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE question text; began timestamptz; times float8[] := '{}'; ticks bigint; cpu bigint;
BEGIN
  ticks := spent();
  FOR turn IN 1..rounds LOOP FOREACH question IN ARRAY questions LOOP
    began := clock_timestamp();
    PERFORM * FROM (SELECT card FROM models WHERE question IS NULL
      OR name ILIKE '%' || question || '%' OR description ILIKE '%' || question || '%'
      ORDER BY since DESC LIMIT 50) found;
    times := times || extract(epoch FROM clock_timestamp() - began)::float8 * 1000;
  END LOOP; END LOOP;
  cpu := spent() - ticks;
  RETURN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) || ' ' ||
    percentile_cont(0.95) WITHIN GROUP (ORDER BY t) FROM unnest(times) t)
    || ' ' || cpu * 10.0 / array_length(times, 1);
END $$;
"""


def is_there() -> bool:
    return bool(BINARIES)


def measure(models: Iterable[Entry], folder: Path) -> dict[str, Cost]:
    """Milliseconds, as the server counts them; its processor time is known to 10 ms in all."""
    with _running(folder / "postgres") as ask:
        ask(
            "CREATE TABLE models (id bigint PRIMARY KEY, name text, description text, since bigint,"
            " card bytea); CREATE INDEX ON models (since);" + FUNCTION
        )
        ask("COPY models FROM STDIN", "".join(map(_row, models)))
        ask("ANALYZE models")
        return dict(_costs(ask))


def _costs(ask: "_Ask") -> Iterator[tuple[str, Cost]]:
    for name, questions in CLASSES.items():
        told = [each.like for each in questions if each.like or name == "newest"][:4]
        if told:
            listed = ",".join(f"'{each}'" if each else "NULL" for each in told)
            p50, p95, cpu = ask(f"SELECT told(ARRAY[{listed}]::text[], {ROUNDS})").split()
            yield name, Cost(float(p50), float(p95), float(cpu))


def _row(model: Entry) -> str:
    card = model.card
    return (
        f"{card['id']}\t{card['name']}\t{card['description']}\t{model.since}\t\\\\x{'00' * 800}\n"
    )


class _Ask:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, statement: str, content: str = "") -> str:
        command = [BINARIES[-1] / "psql", "-XqAt", "-h", self._folder, "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            [*_as_user(), *command, "-c", statement, USER],
            input=content, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()


@contextmanager
def _running(folder: Path) -> Iterator[_Ask]:
    folder.mkdir()
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(folder, USER, USER)
        for above in folder.parents[:2]:
            above.chmod(above.stat().st_mode | 0o711)
    data, tools = folder / "data", BINARIES[-1]
    _run(tools / "initdb", "-A", "trust", "-U", USER, data)
    options = (
        f"-k {folder} -c listen_addresses='' -c fsync=off -c max_parallel_workers_per_gather=0"
    )
    _run(tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield _Ask(folder)
    finally:
        _run(tools / "pg_ctl", "-D", data, "-m", "fast", "stop")


def _run(*command: str | Path) -> None:
    subprocess.run([*_as_user(), *command], check=True, stdout=subprocess.DEVNULL)


def _as_user() -> list[str]:
    return ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
