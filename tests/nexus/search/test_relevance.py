"""What people type, and what must be among the first three that they see."""

from itertools import chain

import orjson
import pytest

from benchmarks.search.crowd import entry, generated
from nexus.search.index import Index
from nexus.search.ranking import Place
from nexus.search.schemas import Wanted
from tests.nexus.search.shelves import demo

FIRST = 3
CROWD = 400

MADE_UP = (
    entry("Dragon", 501, description="Scales and a long tail.", tags=["beast"]),
    entry("Dragon Skeleton", 502, tags=["bones", "dragon"]),
    entry("Baby Dragon with a Very Long Name Indeed", 503, downloads=900, likes=400),
    entry("Café Table", 504, description="Marble and iron, for two.", creator="Zoë"),
    entry("Lowpoly Forest Pack", 505, tags=["low poly", "forest", "pack"]),
    entry("Low Poly Forest", 506, tags=["low poly"]),
    entry("AK_47 (game ready)", 507, tags=["weapon"]),
    entry("100% Recycled Bottle", 508, description="A bottle, crushed."),
    entry("Ångström Sphere", 509),
    entry("Helicopter Rescue Team", 510, is_rigged=True),
    entry("Rescue Helicopter", 511, downloads=5),
    entry("Schloss Neuschwanstein", 512, description="The castle everyone knows."),
    entry("城堡模型", 513),
    entry("Fox 🦊", 514),
    entry("Mountain Bicycle", 515, tags=["bike", "sport"]),
    entry("Space Shuttle Atlantis", 516, tags=["nasa"], downloads=50),
    entry("Sofa", 517, tags=["couch", "interior"]),
)

QUERIES = """
robot                       | Pip the Robot
pip                         | Pip the Robot
robto                       | Pip the Robot
friendly robot              | Pip the Robot
chess                       | Staunton Chess Set
ches set                    | Staunton Chess Set
staunton                    | Staunton Chess Set
stauntn chess               | Staunton Chess Set
moonshot                    | Moonshot Rocket
retro rocket                | Moonshot Rocket
moonshot rokcet             | Moonshot Rocket
bonsai                      | Maple Bonsai
bonzai                      | Maple Bonsai
mapel bonsai                | Maple Bonsai
japanese tree               | Maple Bonsai
treasure chest              | Pirate's Treasure Chest
tresure chest               | Pirate's Treasure Chest
pirate's treasure           | Pirate's Treasure Chest
pirates gold coins          | Pirate's Treasure Chest
wizard's tower              | Crooked Wizard's Tower
crooked wizard              | Crooked Wizard's Tower
purple shingle              | Crooked Wizard's Tower
cheeseburger                | Classic Cheeseburger
cheesburger                 | Classic Cheeseburger
chese burger                | Classic Cheeseburger
CHEESE                      | Classic Cheeseburger
rangefinder camera          | Rangefinder Camera
rangefidner                 | Rangefinder Camera
hot-air balloon             | Hot-Air Balloon
hot air baloon              | Hot-Air Balloon
toadstool                   | Fly Agaric Cluster
fly agaric                  | Fly Agaric Cluster
amethyst                    | Amethyst Crystal Cluster
amethist crystal            | Amethyst Crystal Cluster
antique globe               | Captain's Antique Globe
captians globe              | Captain's Antique Globe
grand prix                  | Scarlet Grand Prix Racer
racing car                  | Scarlet Grand Prix Racer
scarlett racer              | Scarlet Grand Prix Racer
storm lantern               | Storm Lantern
strom lantern               | Storm Lantern
lighthouse harbour          | Harbour Lighthouse
harbor lighthouse           | Harbour Lighthouse
desk lamp                   | Mustard Desk Lamp
musterd lamp                | Mustard Desk Lamp
viking shield               | Viking Shield and Axes
vikng sheild                | Viking Shield and Axes
winter penguin              | Winter Penguin
pengiun                     | Winter Penguin
windsor chair               | Windsor Armchair
armchiar                    | Windsor Armchair
puzzle cube                 | Twist Puzzle Cube
candlelit                   | Candlelit Books
spectacles                  | Candlelit Books
donut                       | Strawberry Donut
strawbery                   | Strawberry Donut
sprinkels                   | Strawberry Donut
sailing sloop               | Model Sailing Sloop
nautical                    | Model Sailing Sloop
saguaro                     | Flowering Saguaro
coffee mug                  | Stoneware Coffee Mug
cofee mug                   | Stoneware Coffee Mug
alpine lake                 | Alpine Lake Tile
ocean vase                  | Twisted Ocean Vase
planetary gear              | Planetary Gear Set
planatery gears             | Planetary Gear Set
torus knot                  | Torus Knot Sculpture
trefoil                     | Torus Knot Sculpture
dragon                      | Dragon
dragon skeleton             | Dragon Skeleton
dargon skeleton             | Dragon Skeleton
baby dragon                 | Baby Dragon with a Very Long Name Indeed
cafe table                  | Café Table
CAFÉ                        | Café Table
zoe                         | Café Table
low poly forest             | Low Poly Forest
lowpoly                     | Lowpoly Forest Pack
ak_47                       | AK_47 (game ready)
100%                        | 100% Recycled Bottle
angstrom                    | Ångström Sphere
rescue helicopter           | Rescue Helicopter
helikopter rescue           | Rescue Helicopter
neuschwanstein              | Schloss Neuschwanstein
schwan                      | Schloss Neuschwanstein
城堡                        | 城堡模型
🦊                          | Fox 🦊
mountain bike               | Mountain Bicycle
bycicle                     | Mountain Bicycle
space shutle                | Space Shuttle Atlantis
atlantis nasa               | Space Shuttle Atlantis
couch                       | Sofa
"""
EXPECTED = [tuple(map(str.strip, line.split("|"))) for line in QUERIES.strip().splitlines()]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(tmp_path_factory.mktemp("relevance"))
    index.put(chain(demo(), MADE_UP, generated(CROWD)))
    index.commit()
    return index


def names(index: Index, search: str) -> list[str]:
    found = index.find(Wanted(search=search), Place(), FIRST)
    return [card["name"] for card in orjson.loads(found.cards)]


def test_there_are_enough_of_them() -> None:
    assert len({search for search, _ in EXPECTED}) == len(EXPECTED) >= 60


@pytest.mark.parametrize(("search", "expected"), EXPECTED)
def test_what_is_meant_is_among_the_first(index: Index, search: str, expected: str) -> None:
    assert expected in names(index, search)


@pytest.mark.parametrize("search", ["Dragon", "Low Poly Forest", "Rescue Helicopter", "sofa"])
def test_whose_name_it_is_comes_first(index: Index, search: str) -> None:
    assert names(index, search)[0].lower() == search.lower()


def test_every_model_is_found_first_by_its_own_name(index: Index) -> None:
    for model in chain(demo(), MADE_UP):
        assert names(index, model.card["name"])[0] == model.card["name"]
