"""As many models as one likes, for the index without a table."""

import json
import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from nexus.search.schemas import Entry

BEGIN_MS = 1_760_000_000_000
THINGS = """
castle tower robot rocket chair table lamp sword shield dragon car truck ship boat house tree rock
crystal barrel helmet camera guitar piano book globe lantern balloon burger donut cactus vase tank
plane bridge statue wolf horse penguin owl fox skull mask crown ring goblet candle door window fence
cart wagon cannon bow arrow axe hammer spaceship helicopter motorcycle skeleton wizard knight zombie
pirate dinosaur butterfly mushroom waterfall lighthouse windmill
""".split()  # noqa: SIM905  a list of them would take a page
LOOKS = """
medieval stylized realistic fantasy futuristic vintage rusty modern wooden golden ancient cute
cartoon haunted royal tiny giant broken snowy tropical desert urban abandoned elegant
""".split()  # noqa: SIM905
SOUNDS = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u")]


def entry(name: str = "Castle", number: int = 1, **fields: Any) -> Entry:
    """A model; what is not named is as plain as can be."""
    since = fields.pop("since", BEGIN_MS + number * 1000)
    reviews = fields.pop("reviews", 0)
    creator = fields.pop("creator", "ada")
    creator_id = fields.pop("creator_id", 7)
    card: dict[str, Any] = {
        "id": number,
        "name": name,
        "description": None,
        "price": 19.99,
        "poly_count": 1200,
        "category": "Buildings",
        "subcategory": None,
        "file_url": f"http://localhost:8000/api/models/{number}/download",
        "thumbnail_url": None,
        "formats": json.dumps(fields.pop("formats", ["glb"])),
        "is_rigged": False,
        "is_animated": False,
        "texture_resolution": "2K",
        "downloads": 0,
        "likes": 0,
        "views": 0,
        "rating": 0.0,
        "status": "approved",
        "is_trending": False,
        "is_featured": False,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "creator_id": creator_id,
        "creator": {"id": creator_id, "username": creator, "is_verified": False},
        "tags": [],
        "files": [],
        "pictures": {},
        "claims": None,
        "reason": None,
        "is_withdrawn": False,
    }
    return Entry(card | fields, since, reviews)


def generated(count: int, first: int = 1000, seed: int = 5) -> Iterator[Entry]:
    """Models nobody made. Their words are spread as in a language: some often, most of them
    hardly ever.
    """
    dice = random.Random(seed)
    words = sorted({"".join(dice.choices(SOUNDS, k=dice.randint(2, 4))) for _ in range(40_000)})
    dice.shuffle(words)
    often = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    for number in range(first, first + count):
        thing, look = dice.choice(THINGS), dice.choice(LOOKS)
        own = dice.choices(words, cum_weights=often, k=1) if dice.random() < 0.5 else []
        told = dice.choices(words, cum_weights=often, k=dice.randint(15, 60))
        creator = dice.randint(1, max(3, count // 20))
        digits = f"{dice.getrandbits(256):064x}"
        picture = f"http://localhost:4566/pictures/pictures/{digits[:40]}.webp"
        yield entry(
            " ".join([look, thing, *own]).title(),
            number,
            description=" ".join(told).capitalize() + ".",
            tags=dice.sample(THINGS + LOOKS, 4),
            category=THINGS[number % 14].capitalize(),
            price=dice.choice([0, 4.99, 9.99, 19.99, dice.randint(100, 9900) / 100]),
            poly_count=int(10 ** dice.uniform(2, 6)),
            formats=dice.sample(["glb", "fbx", "obj", "stl"], 2),
            is_rigged=dice.random() < 0.2,
            is_animated=dice.random() < 0.1,
            is_featured=dice.random() < 0.01,
            texture_resolution=dice.choice(["None", "1K", "2K", "4K"]),
            downloads=int(dice.paretovariate(1.1)) - 1,
            likes=int(dice.paretovariate(1.0)) - 1,
            views=int(10 * dice.paretovariate(1.0)),
            rating=dice.choice([0.0, 3.5, 4.0, 4.67, 5.0]),
            reviews=dice.randint(0, 40),
            creator=f"maker{creator}",
            creator_id=creator,
            since=BEGIN_MS + number * 37_000,
            thumbnail_url=picture,
            pictures={"512": picture, "1024": picture.replace(digits[:9], digits[40:49])},
            files=[
                {"format": "glb", "filename": f"{thing}.glb", "size": dice.randint(9999, 10**8),
                 "sha256": digits},
            ],
        )  # fmt: skip
