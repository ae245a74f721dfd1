"""Headless Chromium with `<model-viewer>`, drawing by software, as our renderer does."""

import contextlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.thumbnails.measuring import Cost, cost

HOME = Path(__file__).parent
BROWSER = shutil.which("chromium")
SCRIPT = "node_modules/@google/model-viewer/dist/model-viewer.min.js"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu-sandbox", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--window-size=1100,1100", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-extensions", "--disable-dev-shm-usage",
)  # fmt: skip


@contextlib.contextmanager
def installed() -> Iterator[Path | None]:
    """A folder with the page and its script by their hashes; None where that cannot be had."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json", "page.html"):
            shutil.copy(HOME / file, folder)
        npm = shutil.which("npm")
        there = BROWSER and npm and not subprocess.run(
            [npm, "ci", "--omit=peer", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder, check=False, capture_output=True,
        ).returncode  # fmt: skip
        yield folder if there else None


def measure(home: Path, model: Path, frames: int, out: Path) -> Cost:
    """A still of 1024 pixels, and `frames` of 320; the page sends them back as WebP."""
    wanted = 1 + frames
    with _served(home, model, out) as address, tempfile.TemporaryDirectory() as profile:
        page = f"{address}/page.html?model=/model/{model.name}&frames={frames}"
        command = [BROWSER or "", *FLAGS, f"--user-data-dir={profile}", page]
        return cost(command, lambda: len(list(out.glob("*.webp"))) >= wanted)


@contextlib.contextmanager
def _served(home: Path, model: Path, out: Path) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            path = path.partition("?")[0]
            if path.startswith("/model/"):
                return str(model.parent / path.removeprefix("/model/"))
            return str(home / (SCRIPT if path == "/viewer.js" else path.lstrip("/")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            part = out / f"{self.path.strip('/')}.part"
            part.write_bytes(body)
            part.rename(part.with_suffix(".webp"))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
