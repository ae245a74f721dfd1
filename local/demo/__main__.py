"""Write one of the demo models to a file: `python -m local.demo rocket.glb`."""

import sys
from pathlib import Path

from local.demo.catalogue import CATALOGUE


def main() -> int:
    models = {model.filename: model for model in CATALOGUE}
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if wanted not in models:
        print("python -m local.demo FILE, where FILE is one of\n ", *sorted(models))
        return 1
    Path(wanted).write_bytes(models[wanted].build())
    return 0


if __name__ == "__main__":
    sys.exit(main())
