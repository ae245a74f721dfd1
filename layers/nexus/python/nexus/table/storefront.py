"""What the storefront's first page shows, as the admins arranged it."""

from datetime import datetime

from pynamodb.attributes import JSONAttribute, UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Put, Step, commit, find

NEVER_SAVED = 0
"""The version of what no one has saved yet."""


class HomepageItem(Item, discriminator="Homepage"):
    """`content` is a JSON object, letter for letter as it was given."""

    content = UnicodeAttribute()
    version = IntegerAttribute()
    updated_at = UTCDateTimeAttribute()


class SliderItem(Item, discriminator="Slider"):
    model_ids: JSONAttribute = JSONAttribute()
    version = IntegerAttribute()
    updated_at = UTCDateTimeAttribute()


def find_homepage() -> HomepageItem | None:
    return find(HomepageItem, keys.HOMEPAGE)


def find_slider() -> SliderItem | None:
    return find(SliderItem, keys.SLIDER)


def replace_homepage(content: str, seen: int, now: datetime, *also: Step) -> HomepageItem:
    """Write the homepage that follows version `seen`. Raises `ConditionFailed` on any other."""
    homepage = HomepageItem(*keys.HOMEPAGE, content=content, version=seen + 1, updated_at=now)
    unchanged = HomepageItem.version == seen if seen else Item.pk.does_not_exist()
    commit(Put(homepage, unchanged), *also)
    return homepage


def replace_slider(model_ids: list[int], seen: int, now: datetime, *also: Step) -> SliderItem:
    """Write the slider that follows version `seen`. Raises `ConditionFailed` on any other."""
    slider = SliderItem(*keys.SLIDER, model_ids=model_ids, version=seen + 1, updated_at=now)
    unchanged = SliderItem.version == seen if seen else Item.pk.does_not_exist()
    commit(Put(slider, unchanged), *also)
    return slider
