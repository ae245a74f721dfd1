"""The child is bound hand and foot, and its end, however bad, is a report."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from imaging.report import rejected
from imaging.sandbox import Limits, package_paths, process
from tests.imaging import shapes

SMALL = Limits(picture_size=64, frames=2)


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(shapes.cube().glb())
    return path


def fenced(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code behind the child's door, with `inside` and `outside` as two folders."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("secret")
    script = f"""
import sys
sys.path.extend({package_paths()!r})
from pathlib import Path
from imaging import guard
inside, outside = Path({str(inside)!r}), Path({str(outside)!r})
guard.close_the_door([inside], inside)
{textwrap.dedent(code)}
"""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", script], env={}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "open(outside / 'secret').read()",
        "open(inside / '..' / 'outside' / 'secret').read()",
        "import os; os.open(str(outside / 'secret'), os.O_RDONLY)",
        "open('/etc/passwd').read()",
        "open(outside / 'new', 'w')",
        "(outside / 'secret').unlink()",
        "(outside / 'secret').rename(inside / 'mine')",
        "import os; os.symlink(outside / 'secret', inside / 'link')",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import subprocess; subprocess.run(['/bin/true'])",
    ],
)
def test_behind_the_door_nothing_outside_can_be_reached(tmp_path: Path, code: str) -> None:
    ended = fenced(tmp_path, code)

    assert ended.returncode != 0
    assert "Escape" in ended.stderr
    assert (tmp_path / "outside" / "secret").read_text() == "secret"
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["secret"]


def test_behind_the_door_its_own_folder_is_open(tmp_path: Path) -> None:
    ended = fenced(tmp_path, "(inside / 'a').write_text('hello'); print(open(inside / 'a').read())")

    assert (ended.returncode, ended.stdout) == (0, "hello\n")


def test_the_memory_a_report_tells_is_the_childs_alone(cube: Path, tmp_path: Path) -> None:
    ballast = bytearray(os.urandom(1024) * 1024 * 600)

    report = process(cube, "cube.glb", tmp_path / "out", SMALL)

    assert 30_000_000 < report.peak_bytes < len(ballast)


def test_the_parent_never_loads_what_touches_files() -> None:
    code = "import imaging.sandbox, sys; print([m for m in sys.modules if m in {'numpy', 'PIL'}])"
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        env={"PYTHONPATH": package_paths()[0]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "[]\n"


def test_secrets_of_the_worker_do_not_reach_the_child(
    cube: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do not tell")
    child = tmp_path / "tell.py"
    child.write_text("import os, sys; sys.stderr.write(repr(dict(os.environ)) + repr(sys.argv))")
    monkeypatch.setattr("imaging.sandbox._CHILD", child)

    report = process(cube, "cube.glb", tmp_path / "out", SMALL)

    assert report.reason_code == "crashed"
    assert "cube.glb" in str(report.detail)
    assert "do not tell" not in str(report.detail)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "out_of_memory"),
        ("import os; os.symlink('../another.json', 'report.json')", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("raise SystemExit(3)", "crashed"),
        ("open('report.json', 'w').write('{')", "crashed"),
        ("open('report.json', 'w').write('[]' * 9_000_000)", "crashed"),
        ("open('report.json', 'w').write('{\"status\": \"ready\"}')", "crashed"),
        ("raise MemoryError", "out_of_memory"),
        ("import time; time.sleep(60)", "timeout"),
        ("import os; os.fork(); import time; time.sleep(60)", "timeout"),
    ],
)
def test_however_the_child_ends_there_is_a_report(
    cube: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, code: str
) -> None:
    child = tmp_path / "ending.py"
    child.write_text(ending)
    monkeypatch.setattr("imaging.sandbox._CHILD", child)
    another = rejected("empty", "A report, but not of this child.")
    (tmp_path / "another.json").write_text(json.dumps(asdict(another)))

    patience = Limits(seconds=1 if code == "timeout" else 60)
    report = process(cube, "cube.glb", tmp_path / "out", patience)

    assert (report.status, report.reason_code) == ("rejected", code)
    assert report.reason
    assert report.seconds < 30


def test_pictures_of_an_earlier_run_are_not_taken_for_new_ones(cube: Path, tmp_path: Path) -> None:
    process(cube, "cube.glb", tmp_path / "out", SMALL)
    cube.write_bytes(b"not a model any more")

    report = process(cube, "cube.glb", tmp_path / "out", SMALL)

    assert report.status == "rejected"
    assert report.pictures == {}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(memory_bytes=420 * 1024 * 1024), "out_of_memory"),
        (Limits(file_bytes=100, picture_size=64), "crashed"),
        (Limits(cpu_seconds=1, picture_size=2048), "timeout"),
        (Limits(seconds=0.2), "timeout"),
    ],
    ids=["memory", "file size", "processor", "time"],
)
def test_each_limit_ends_in_a_refusal(
    cube: Path, tmp_path: Path, limits: Limits, code: str
) -> None:
    report = process(cube, "cube.glb", tmp_path / "out", limits)

    assert (report.status, report.reason_code) == ("rejected", code)


def test_the_child_dies_with_its_worker(cube: Path, tmp_path: Path) -> None:
    child = tmp_path / "lingering.py"
    source = Path(sys.modules["imaging"].__path__[0]) / "child.py"
    linger = "    open('pid', 'w').write(str(os.getpid())); signal.pause()\n"
    child.write_text(source.read_text().replace("    limit(job", f"{linger}    limit(job", 1))
    out = tmp_path / "out"
    worker = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", textwrap.dedent(f"""
            from pathlib import Path
            from imaging import sandbox
            sandbox._CHILD = Path({str(child)!r})
            sandbox.process(Path({str(cube)!r}), "a.glb", Path({str(out)!r}))
        """)],
        env={"PYTHONPATH": package_paths()[0]},
    )  # fmt: skip
    pid = int(_awaited(out / "pid"))

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    assert _ends(pid)


def _awaited(path: Path) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.01)
    raise AssertionError(f"{path} was never written")


def _ends(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False
