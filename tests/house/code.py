"""The project's own files, read as text and as syntax."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PROJECT = Path(__file__).parents[2]
NEXUS = Path("layers/nexus/python/nexus")
IMAGING = Path("layers/imaging/python/imaging")
FUNCTIONS = Path("functions")
LOCAL = Path("local")
TESTS = Path("tests")
HOUSE = (FUNCTIONS, NEXUS, IMAGING, LOCAL, Path("benchmarks"))


@dataclass(frozen=True)
class Source:
    path: Path  # from the project's folder

    @cached_property
    def text(self) -> str:
        return (PROJECT / self.path).read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> set[str]:
        """Dotted names of all that is imported, at any depth: `a.b.c` for `from a.b import c`."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def uses(self, package: str) -> bool:
        return any(name.split(".")[0] == package for name in self.imports)

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    @property
    def attributes(self) -> Iterator[str]:
        """Every dotted use of a plain name, such as `os.environ`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield f"{node.value.id}.{node.attr}"

    @property
    def strings(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value

    def __str__(self) -> str:
        return str(self.path)


@cache
def sources(*folders: Path) -> list[Source]:
    """Every Python file under the folders."""
    return [
        Source(path.relative_to(PROJECT))
        for folder in folders
        for path in sorted((PROJECT / folder).rglob("*.py"))
    ]


def committed() -> Iterator[Path]:
    """Every text file that belongs to the project, from its folder: not what git ignores."""
    ignored = {"__pycache__", ".git", ".aws-sam", ".local", ".hypothesis"}
    for folder, folders, names in PROJECT.walk():
        folders[:] = [
            each for each in folders if each not in ignored and not each.startswith((".venv", "."))
        ] + [each for each in folders if each == ".ci"]
        for name in names:
            path = folder / name
            if path.suffix not in {".pyc", ".png", ".webp", ".jpg", ".glb"}:
                yield path.relative_to(PROJECT)
