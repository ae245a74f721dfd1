"""How much memory the processes of the local cloud hold (Linux)."""

from pathlib import Path

PROC = Path("/proc")


def held(pid: int) -> dict[int, int]:
    """Resident kilobytes of each function's process under this one."""
    children: dict[int, list[int]] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        text = _read(stat)
        if text:
            parent = int(text.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found, left = dict[int, int](), [pid]
    while left:
        each = left.pop()
        left += children.get(each, [])
        if "awslambdaric" in _read(PROC / str(each) / "cmdline"):
            found[each] = _resident(each)
    return found


def _resident(pid: int) -> int:
    lines = _read(PROC / str(pid) / "status").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _read(path: Path) -> str:
    """What is in the file; nothing if the process has just ended."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
