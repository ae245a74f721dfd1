"""The catalogue as it is read: what is on sale, and what concerns its creators and admins."""

from datetime import datetime
from functools import partial

from nexus.accounts.schemas import Creator
from nexus.catalogue.schemas import Model3D
from nexus.errors import NotFound
from nexus.table import keys
from nexus.table.catalogue import (
    ModelItem,
    find_model,
    find_models,
    hide_model,
    is_on_sale,
    models_made_by,
    name_creator,
    pending_models,
    shown_models_by,
)
from nexus.table.counters import counters_of
from nexus.table.items import Item, Start
from nexus.table.opinions import LikeItem, liked_by
from nexus.table.pages import every
from nexus.table.users import UserItem, find_user, find_users
from nexus.table.views import count_view

NOT_FOUND = "Model not found"


def get_model(model_id: int) -> ModelItem:
    """A model in any status. Raises `NotFound`."""
    model = find_model(model_id)
    if model is None:
        raise NotFound(NOT_FOUND)
    return model


def show(model_id: int, viewer: UserItem | None) -> tuple[Model3D, int]:
    """A model, for whom it may concern, and its version. Raises `NotFound`."""
    model = get_model(model_id)
    shown = present([model])[0] if concerns(model, viewer) else next(iter(visible([model])), None)
    if shown is None:
        raise NotFound(NOT_FOUND)
    return shown, model.version


def count_look(model: Model3D, now: datetime) -> Model3D:
    """Count a view of a model, if it is on sale; the answer has it already."""
    if model.status != "approved":
        return model
    views = count_view(keys.model_counters(model.id), model.views, keys.model_day(model.id, now))
    return model.model_copy(update={"views": views})


def concerns(model: ModelItem, viewer: UserItem | None) -> bool:
    """Whether someone may see what of a model is not on sale."""
    return viewer is not None and (viewer.is_admin or viewer.id == model.creator_id)


def get_visible(model_id: int, viewer: UserItem | None) -> ModelItem:
    """A model that is on sale, or concerns the viewer. Raises `NotFound`."""
    model = get_model(model_id)
    require_visible(model, viewer)
    return model


def require_visible(model: ModelItem, viewer: UserItem | None) -> None:
    """Raises `NotFound` for a model that is not on sale and does not concern the viewer.

    The model follows a ban of its creator within seconds; this sees to it at once.
    """
    if not concerns(model, viewer) and not _shown([model], {}):
        raise NotFound(NOT_FOUND)


def present(models: list[ModelItem]) -> list[Model3D]:
    """Models as their creators and the admins see them, with what only concerns these."""
    return _present(models, find_users({model.creator_id for model in models}), inside=True)


def present_to_buyers(models: list[ModelItem]) -> list[Model3D]:
    """Models in every status, with the files that were approved last."""
    return _present(models, find_users({model.creator_id for model in models}), inside=False)


def visible(models: list[ModelItem]) -> list[Model3D]:
    """Those of the models that everyone may see, in their order: approved, creator not banned.

    The index follows a ban within seconds; this sees to it at once.
    """
    creators: dict[int, UserItem] = {}
    return _present(_shown(models, creators), creators, inside=False)


def _shown(models: list[ModelItem], creators: dict[int, UserItem]) -> list[ModelItem]:
    """As `visible`; their creators join those that are known."""
    creators |= find_users({model.creator_id for model in models} - creators.keys())
    return [
        model
        for model in models
        if model.status == "approved" and not creators[model.creator_id].is_banned
    ]


def _present(
    models: list[ModelItem], creators: dict[int, UserItem], *, inside: bool
) -> list[Model3D]:
    """With their sums, read in one call for each hundred."""
    sums = counters_of(keys.model_counters(model.id) for model in models)
    return [
        Model3D.of(
            model,
            Creator.of(creators[model.creator_id]),
            sums[keys.model_counters(model.id)],
            inside=inside,
        )
        for model in models
    ]


def awaiting_review(start: Start, limit: int, skip: int) -> tuple[list[Model3D], Start]:
    """A page of what waits for review, oldest first, of which the first `skip` are not shown.

    It ends early when the models together grow too long for an answer.
    """
    models, following = pending_models(start, limit, skip)
    return present(models), following


def made_by(
    creator_id: int, start: Start, limit: int, skip: int = 0
) -> tuple[list[Model3D], Start]:
    """A page of a creator's models in every status, newest first; as `awaiting_review`."""
    models, following = models_made_by(creator_id, start, limit, skip)
    return present(models), following


def approved_by(
    creator_id: int, start: Start, limit: int, skip: int
) -> tuple[list[Model3D], Start]:
    """A page of what a creator has on sale, newest first; as `awaiting_review`."""
    creators: dict[int, UserItem] = {}
    shown = partial(_shown, creators=creators)
    models, following = shown_models_by(creator_id, start, limit, skip, shown)
    return _present(models, creators, inside=False), following


def liked_models(user_id: int, start: Start, limit: int) -> tuple[list[Model3D], Start]:
    """A page of what someone likes and is still on sale, the latest like first."""
    creators: dict[int, UserItem] = {}
    models: dict[int, ModelItem] = {}

    def of_the_shown(likes: list[LikeItem]) -> list[LikeItem]:
        found = find_models([like.model_id for like in likes])
        models.update({model.id: model for model in _shown(list(found.values()), creators)})
        return [like for like in likes if like.model_id in models]

    likes, following = liked_by(user_id, start, limit, of_the_shown)
    return _present([models[each.model_id] for each in likes], creators, inside=False), following


def visible_by_id(model_ids: list[int]) -> list[Model3D]:
    """Those of the models that everyone may see, in the order of the ids."""
    found = find_models(model_ids)
    return visible([found[each] for each in model_ids if each in found])


def follow_creator(before: Item | None, after: Item | None, _: datetime) -> None:
    """Hide the models of who was banned or erased, show those of who came back, and let the
    lists show a creator's new name. A record may come again later: what it says of a ban may be
    over by then.
    """
    if not isinstance(before, UserItem) or not isinstance(after, UserItem):
        return
    moved = before.is_banned != after.is_banned
    renamed = Creator.of(before) != Creator.of(after)
    if not moved and not renamed:
        return
    creator = find_user(after.id) or after
    for model in every(partial(models_made_by, after.id)):
        if moved:
            hide_model(model, hidden=creator.is_banned)
        if renamed and is_on_sale(model):
            name_creator(model, after.version)
