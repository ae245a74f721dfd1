"""Our picture work alone, as the sandbox's child does it: `python ours.py WORK FILE FOLDER`.

WORK is `still` (one of 1024 pixels), `stills` (every size, with and without backdrop), or
`turntable` (24 frames of 320 pixels, as a sheet and as an animation).
"""

import os
import sys
from pathlib import Path

SIZE, FRAMES = 1024, 24


def main() -> None:
    work, source, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.path.append(str(Path(__file__).parents[2] / "layers/imaging/python"))

    from imaging import loading, pictures

    scene = loading.load(source, source.name, SIZE).scene
    if work == "turntable":
        pictures.write_turntable(pictures.staged(scene, SIZE), out, SIZE, FRAMES)
    else:
        taken = pictures.still(pictures.staged(scene, SIZE), SIZE)
        if work == "still":
            pictures.encoded(taken.on_backdrop()).save(out / "still.webp", quality=88, method=4)
        else:
            pictures.write_stills(taken, out)
    sys.stdout.flush()
    os._exit(0)  # as the child does


if __name__ == "__main__":
    main()
