"""Furnishes the demo storefront through the admin API; what is there already stays as it is.

Only that tutorials were read before is told to the past: no route could.
"""

from local.demo.catalogue import CATALOGUE
from local.demo.content import HOMEPAGE, ICONS, TESTIMONIALS, TUTORIALS
from local.past import Past
from local.people import Person

BOX = "📦"
SLIDES = 5
FEATURED = 6
READERS = 240
"""How often the first tutorial was read; the next ones less."""


async def open_categories(admin: Person) -> None:
    """Make the categories that the demo catalogue is sorted into."""
    there = await _there(admin, "categories", "name")
    needed = {model.category for model in CATALOGUE}
    ranked = [name for name in ICONS if name in needed] + sorted(needed - ICONS.keys())
    for order, name in enumerate(ranked):
        if name not in there:
            wanted = {"name": name, "icon": ICONS.get(name, BOX), "order": order}
            await admin.call("POST", "/api/admin/categories", json=wanted)


async def furnish(admin: Person, past: Past) -> None:
    """Fill the first page and what it leads to, but for the models."""
    authors = await _there(admin, "testimonials", "author")
    for testimonial in reversed(TESTIMONIALS):
        if testimonial["author"] not in authors:
            await admin.call("POST", "/api/admin/testimonials", json=testimonial)
    titles = await _there(admin, "tutorials", "title")
    for number, tutorial in reversed(list(enumerate(TUTORIALS, 1))):
        if tutorial["title"] not in titles:
            made = await admin.call("POST", "/api/admin/tutorials", json=tutorial)
            await past.tell("tell_of_tutorial", made["id"], READERS // number)
    if not await admin.call("GET", "/api/admin/slider"):
        await admin.call("PUT", "/api/admin/homepage", json=HOMEPAGE)


async def arrange_slider(admin: Person) -> None:
    """Show the models that were bought most, and among equals those the catalogue begins with."""
    models = await admin.call("GET", "/api/models?limit=100")
    ranks = {model.name: rank for rank, model in enumerate(CATALOGUE)}
    models.sort(key=lambda each: (-each["downloads"], ranks.get(each["name"], len(ranks))))
    best = [model["id"] for model in models[:SLIDES]]
    await admin.call("PUT", "/api/admin/slider", json=best)


async def feature(admin: Person) -> None:
    """Feature the models that are liked most, unless some are featured already."""
    models = await admin.call("GET", "/api/models?limit=100")
    if any(model["is_featured"] for model in models):
        return
    models.sort(key=lambda each: (-each["likes"], -each["rating"], each["name"]))
    for model in models[:FEATURED]:
        await admin.call("PATCH", f"/api/admin/models/{model['id']}", json={"is_featured": True})


async def _there(admin: Person, noun: str, name: str) -> set[str]:
    return {each[name] for each in await admin.call("GET", f"/api/admin/{noun}?limit=100")}
