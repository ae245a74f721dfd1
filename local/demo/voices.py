"""Who visits the demo storefront besides the demo accounts, and what they say there."""

from dataclasses import dataclass

CUSTOMERS: tuple[tuple[str, str], ...] = (
    ("aiko", "Aiko Mori"),
    ("ben.tull", "Ben Tull"),
    ("carla", "Carla Nunes"),
    ("dmitri", "Dmitri Volkov"),
    ("elif", "Elif Aydin"),
    ("farid", "Farid Rahimi"),
    ("gwen", "Gwen Price"),
    ("hugo", "Hugo Berger"),
    ("imani", "Imani Otieno"),
    ("jakub", "Jakub Novak"),
    ("kaya", "Kaya Lindgren"),
    ("leo.m", "Leo Marchetti"),
    ("maya", "Maya Feldman"),
    ("nils", "Nils Aas"),
    ("olga", "Olga Petrova"),
    ("pixelbarn", "Pixel Barn Studio"),
    ("quentin", "Quentin Roy"),
    ("rosa", "Rosa Delgado"),
    ("sven", "Sven Dahl"),
    ("tidepool", "Tidepool Games"),
)
"""Their usernames and full names; they can sign in as the demo accounts do."""


@dataclass(frozen=True)
class Words:
    """What a review says; some give only stars."""

    title: str | None = None
    text: str | None = None


PRAISE: dict[int, tuple[Words, ...]] = {
    5: (
        Words("Dropped straight into our scene", "Scale, origin, materials: nothing to repair."),
        Words("Better than the picture", "The bevels catch the light the way they should."),
        Words("Clean topology", "Subdivides without a single pinch. I checked."),
        Words("Worth every cent", "Saved me two days, and the client asked who made it."),
        Words(None, "Exactly what it says. The numbers on the page are the numbers in the file."),
        Words("Lovely work", None),
        Words(),
    ),
    4: (
        Words("Very good", "I would have liked a second colour, but that took me five minutes."),
        Words("Solid", "Reads well from across the room. Up close the texture shows its size."),
        Words(None, "Good model. The names of the parts could be more telling."),
        Words("Nearly perfect", "One flipped normal under the base. Nobody will ever see it."),
        Words(),
    ),
    3: (
        Words("Does the job", "Fine for the background; I rebuilt some of it for a close shot."),
        Words(None, "Nice shape, but heavier than I need on a phone."),
    ),
    2: (Words("Not for me", "Well made, but not the style that I read out of the description."),),
}
"""What is said with how many stars."""


@dataclass(frozen=True)
class Wanted:
    """A bounty of the demo: who wants what since how many days, and what became of it.

    `by` and `applicants` are positions among the customers; `chosen` is one of the applicants.
    """

    title: str
    description: str
    budget_cents: int
    by: int
    days_ago: int
    days_open: int | None
    applicants: tuple[tuple[int, str], ...] = ()
    chosen: int | None = None
    completed: bool = False
    closed: bool = False


BOUNTIES: tuple[Wanted, ...] = (
    Wanted(
        "A tram from the 1930s",
        "For a night scene in the rain: wooden benches inside, two doors that open, and warm "
        "windows. Real time, at most 40,000 triangles.",
        45000,
        by=19,
        days_ago=44,
        days_open=14,
        applicants=(
            (2, "I have built two trams before; references on request."),
            (9, "Wooden benches are my favourite thing to make."),
        ),
        chosen=9,
        completed=True,
    ),
    Wanted(
        "Ten mushrooms that glow",
        "Stylised, in one texture set, with an emissive map. They stand in a cave and must not "
        "look alike.",
        18000,
        by=15,
        days_ago=20,
        days_open=30,
        applicants=((4, "Sketches by Friday, models a week later."), (11, "Happy to do twelve.")),
        chosen=4,
    ),
    Wanted(
        "A lighthouse keeper, rigged",
        "Beard, oilskin coat, lantern. Standard humanoid skeleton; idle and walk are enough.",
        60000,
        by=5,
        days_ago=9,
        days_open=28,
        applicants=(
            (1, "I rig for games every day. Two weeks."),
            (7, "I can sculpt him first, so that you can look at his face."),
            (13, "With cloth simulation on the coat, if you want it."),
        ),
    ),
    Wanted(
        "Street food cart with an awning",
        "Low poly, to go with the burger in this shop. Awning in three colours.",
        12000,
        by=12,
        days_ago=3,
        days_open=21,
        applicants=((8, "I made the awnings for a market scene last month."),),
    ),
    Wanted(
        "Scanned cobblestones, 4 by 4 metres",
        "Tileable, photogrammetry, with height and roughness.",
        9000,
        by=0,
        days_ago=30,
        days_open=10,
        closed=True,
    ),
    Wanted(
        "A printable marble run",
        "Parts that click together without glue, each within a cube of 18 cm.",
        15000,
        by=17,
        days_ago=1,
        days_open=None,
    ),
)
