"""Furnishes the demo storefront through the admin API; what is there already stays as it is."""

from local.demo.catalogue import CATALOGUE
from local.demo.content import HOMEPAGE, ICONS, TESTIMONIALS, TUTORIALS
from local.people import Person

BOX = "📦"
SLIDES = 5


async def open_categories(admin: Person) -> None:
    """Make the categories that the demo catalogue is sorted into."""
    there = await _there(admin, "categories", "name")
    needed = {model.category for model in CATALOGUE}
    ranked = [name for name in ICONS if name in needed] + sorted(needed - ICONS.keys())
    for order, name in enumerate(ranked):
        if name not in there:
            wanted = {"name": name, "icon": ICONS.get(name, BOX), "order": order}
            await admin.call("POST", "/api/admin/categories", json=wanted)


async def furnish(admin: Person) -> None:
    """Fill the first page and all it leads to; the catalogue must be on sale."""
    authors = await _there(admin, "testimonials", "author")
    for testimonial in reversed(TESTIMONIALS):
        if testimonial["author"] not in authors:
            await admin.call("POST", "/api/admin/testimonials", json=testimonial)
    titles = await _there(admin, "tutorials", "title")
    for tutorial in reversed(TUTORIALS):
        if tutorial["title"] not in titles:
            await admin.call("POST", "/api/admin/tutorials", json=tutorial)
    if not await admin.call("GET", "/api/admin/slider"):
        await admin.call("PUT", "/api/admin/homepage", json=HOMEPAGE)
        await admin.call("PUT", "/api/admin/slider", json=await _best(admin))


async def _best(admin: Person) -> list[int]:
    """The models that were bought most, and among equals those the catalogue begins with."""
    models = await admin.call("GET", "/api/models?limit=100")
    ranks = {model.name: rank for rank, model in enumerate(CATALOGUE)}
    models.sort(key=lambda each: (-each["downloads"], ranks.get(each["name"], len(ranks))))
    return [model["id"] for model in models[:SLIDES]]


async def _there(admin: Person, noun: str, name: str) -> set[str]:
    return {each[name] for each in await admin.call("GET", f"/api/admin/{noun}?limit=100")}
