"""The demo catalogue: models made by code of ours, ready to be uploaded as any creator would."""

from collections.abc import Callable
from dataclasses import dataclass

from local.demo.gallery.balloon import balloon
from local.demo.gallery.burger import burger
from local.demo.gallery.chess import chess_set
from local.demo.gallery.donut import donut
from local.demo.gallery.mug import mug
from local.demo.gallery.rocket import rocket


@dataclass(frozen=True)
class DemoModel:
    """`build` makes the same complete file each time, within a second or two."""

    name: str
    description: str
    category: str
    subcategory: str | None
    price_cents: int
    tags: tuple[str, ...]
    filename: str
    build: Callable[[], bytes]


CATALOGUE: tuple[DemoModel, ...] = (
    DemoModel(
        "Staunton Chess Set",
        "All 32 pieces in boxwood and ebony on a walnut board with a brass inlay, set up a few "
        "moves into the Italian game. Every piece is cleanly turned and sits on its own square, "
        "ready for a game or a close-up.",
        "Games",
        "Board Games",
        2499,
        ("chess", "board game", "wood", "classic"),
        "staunton-chess-set.glb",
        chess_set,
    ),
    DemoModel(
        "Moonshot Rocket",
        "A retro rocket in cream and coral with brass portholes, riveted panels and three swept "
        "fins. It stands on its own feet and looks good on a launch pad, a desk or a title screen.",
        "Vehicles",
        "Spacecraft",
        1499,
        ("rocket", "retro", "space", "stylised"),
        "moonshot-rocket.glb",
        rocket,
    ),
    DemoModel(
        "Hot-Air Balloon",
        "A sixteen-gore balloon with pillowed silk, a woven wicker basket, sandbags and a burner "
        "whose flame really glows. Float it over any landscape that needs a bit of wonder.",
        "Vehicles",
        "Aircraft",
        1799,
        ("balloon", "aircraft", "travel", "wicker"),
        "hot-air-balloon.glb",
        balloon,
    ),
    DemoModel(
        "Strawberry Donut",
        "A glossy strawberry glaze, 130 hand-strewn sprinkles and a soft golden crumb, served on "
        "a porcelain plate. Light enough for a phone, tempting enough for a poster.",
        "Food",
        "Sweets",
        0,
        ("donut", "dessert", "sprinkles", "bakery"),
        "strawberry-donut.glb",
        donut,
    ),
    DemoModel(
        "Classic Cheeseburger",
        "A toasted sesame bun over crisp lettuce, tomato, red onion, melted cheddar and a charred "
        "patty. Each layer is its own mesh, so you can stack, animate or eat it as you like.",
        "Food",
        "Fast Food",
        899,
        ("burger", "fast food", "restaurant", "layers"),
        "classic-cheeseburger.glb",
        burger,
    ),
    DemoModel(
        "Stoneware Coffee Mug",
        "A studio-pottery mug whose turquoise glaze runs down over bare speckled clay, with a "
        "fresh flat white, saucer and spoon. Height-based glaze roughness catches the light well.",
        "Food",
        "Drinks",
        599,
        ("mug", "coffee", "ceramic", "kitchen"),
        "stoneware-coffee-mug.glb",
        mug,
    ),
)
