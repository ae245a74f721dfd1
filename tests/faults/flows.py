"""The flows that are swept: what each starts from, one try of its caller, and how it must end."""

from collections.abc import Callable

from nexus.outside import secrets
from nexus.table.catalogue import ModelItem
from nexus.table.purchases import TransactionItem
from nexus.table.uploads import UploadItem
from nexus.table.users import SessionItem, UserItem
from tests import cloud
from tests.faults.flow import Flow, Scene, Try, heard
from tests.faults.kinds import CRASHES
from tests.faults.messages import announcement
from tests.faults.world import CATEGORY, PASSWORD, Found, World
from tests.gateway import Caller, Context, handler

VISIBILITY_SECONDS = 1800
FILE = b"a file"


def _key(keyed: bool) -> dict[str, str]:  # noqa: FBT001
    return {"Idempotency-Key": "the-key"} if keyed else {}


# ---- Purchase


def a_model_on_sale(world: World) -> Scene:
    creator, buyer = world.person("creator"), world.person("buyer")
    return Scene(world, {"buyer": buyer}, world.model(creator, "approved"))


def buy(keyed: bool) -> Callable[[Scene], Try]:  # noqa: FBT001
    def act(scene: Scene) -> Try:
        assert scene.model
        buyer = scene.people["buyer"].caller
        return heard(buyer.post(f"/api/models/{scene.model.id}/purchase", headers=_key(keyed)))

    return act


def sold_once(scene: Scene, found: Found) -> bool:
    return [sale.buyer_id for sale in found.of(TransactionItem)] == [scene.people["buyer"].id]


# ---- Uploads and models


def a_creator(world: World) -> Scene:
    return Scene(world, {"creator": world.person("creator")})


def promise(keyed: bool) -> Callable[[Scene], Try]:  # noqa: FBT001
    def act(scene: Scene) -> Try:
        wanted = {"filename": "cube.glb", "size": len(FILE)}
        creator = scene.people["creator"].caller
        answer = creator.post("/api/uploads", json=wanted, headers=_key(keyed))
        if answer.is_success:
            scene.notes["promised"] = answer.json()["id"]
        return heard(answer)

    return act


def promised(scene: Scene, found: Found) -> bool:
    """The form in hand is for an upload that waits; with a key there is no other."""
    return scene.notes["promised"] in {upload.id for upload in found.of(UploadItem)}


def promised_once(scene: Scene, found: Found) -> bool:
    return [upload.id for upload in found.of(UploadItem)] == [scene.notes["promised"]]


def a_file_that_came(world: World) -> Scene:
    creator = world.person("creator")
    return Scene(world, {"creator": creator}, upload=world.expected_upload(creator, FILE))


def take_message(scene: Scene) -> Try:
    """The queue delivers; what was not taken comes again when its visibility timeout is over."""
    assert scene.upload
    answer = handler("ThumbnailsFunction")(announcement(scene.upload.incoming_key), Context())
    taken = not answer["batchItemFailures"]
    return Try(ended=taken, well=taken, told=str(answer))


def inspected(scene: Scene, found: Found) -> bool:
    assert scene.upload
    statuses = [upload.status for upload in found.of(UploadItem)]
    return statuses == ["ready"] and scene.upload.incoming_key not in found.files


def rejected(scene: Scene, found: Found) -> bool:
    statuses = [upload.status for upload in found.of(UploadItem)]
    return statuses == ["rejected"] and not found.files


def an_upload_that_lies(world: World) -> Scene:
    """A file of another size than was promised."""
    scene = a_file_that_came(world)
    assert scene.upload
    key, content = scene.upload.incoming_key, FILE[:-1]
    cloud.client("s3").put_object(Bucket=cloud.FILES, Key=key, Body=content)
    return scene


def an_upload_in_parts(world: World) -> Scene:
    """All of its parts have come; here there is one."""
    creator = world.person("creator")
    upload = world.upload_in_parts(creator, FILE)
    return Scene(world, {"creator": creator}, upload=upload)


def complete(scene: Scene) -> Try:
    assert scene.upload
    path = f"/api/uploads/{scene.upload.id}/complete"
    return heard(scene.people["creator"].caller.post(path))


def joined(scene: Scene, found: Found) -> bool:
    """The file lies where it is announced from, and waits to be looked at."""
    assert scene.upload
    statuses = [upload.status for upload in found.of(UploadItem)]
    return statuses == ["waiting"] and found.files == [scene.upload.incoming_key]


def a_ready_upload(world: World) -> Scene:
    world.category()
    creator = world.person("creator")
    return Scene(world, {"creator": creator}, upload=world.ready_upload(creator))


def submit(keyed: bool) -> Callable[[Scene], Try]:  # noqa: FBT001
    def act(scene: Scene) -> Try:
        assert scene.upload
        ids = [scene.upload.id]
        wanted = {"name": "Cube", "price": 19.99, "category": CATEGORY, "upload_ids": ids}
        creator = scene.people["creator"].caller
        return heard(creator.post("/api/models", json=wanted, headers=_key(keyed)))

    return act


def submitted_once(_scene: Scene, found: Found) -> bool:
    return [model.status for model in found.of(ModelItem)] == ["pending"]


# ---- Review


def a_model_to_review(world: World) -> Scene:
    admin, creator = world.person("admin", admin=True), world.person("creator")
    return Scene(world, {"admin": admin, "creator": creator}, world.model(creator))


def review(decision: str) -> Callable[[Scene], Try]:
    def act(scene: Scene) -> Try:
        assert scene.model
        path = f"/api/admin/models/{scene.model.id}/{decision}"
        return heard(scene.people["admin"].caller.post(path, params={"reason": "Too dark"}))

    return act


def reviewed(status: str) -> Callable[[Scene, Found], bool]:
    def ends(_scene: Scene, found: Found) -> bool:
        return [model.status for model in found.of(ModelItem)] == [status]

    return ends


# ---- Accounts


def nobody(world: World) -> Scene:
    return Scene(world)


def register(keyed: bool) -> Callable[[Scene], Try]:  # noqa: FBT001
    def act(scene: Scene) -> Try:
        wanted = {"email": "new@example.com", "username": "newcomer", "password": PASSWORD}
        return heard(Caller().post("/api/auth/register", json=wanted, headers=_key(keyed)))

    return act


def registered_once(_scene: Scene, found: Found) -> bool:
    return [user.username for user in found.of(UserItem)] == ["newcomer"]


def a_user(world: World) -> Scene:
    return Scene(world, {"user": world.person("user")})


def refresh(scene: Scene) -> Try:
    """A client that is told its token is no good logs in anew: nothing is left to try.

    The function has just started: it reads the signing key first.
    """
    secrets._read_at = -float("inf")
    shown = {"refresh_token": str(scene.people["user"].refresh)}
    answer = Caller().post("/api/auth/refresh", json=shown)
    scene.notes["successor"] = answer.json()["refresh_token"] if answer.is_success else None
    return heard(answer)


def one_token_lives(scene: Scene, found: Found) -> bool:
    """The successor in hand works, or the session has ended; the old token never lives on.

    Whoever shows the same token meanwhile ends the session for both.
    """
    sessions = found.of(SessionItem)
    old = scene.people["user"].refresh
    if scene.notes["successor"] is None or ("raced" in scene.notes and not sessions):
        return not sessions
    return len(sessions) == 1 and sessions[0].token_hash != old.hash


def log_in(scene: Scene) -> Try:
    shown = {"email": scene.people["user"].item.email, "password": PASSWORD}
    return heard(Caller().post("/api/auth/login", json=shown))


def logged_in(_scene: Scene, found: Found) -> bool:
    """There is a second session, or a third that nobody has heard of."""
    return len(found.of(SessionItem)) >= 2


def log_out(scene: Scene) -> Try:
    shown = {"refresh_token": str(scene.people["user"].refresh)}
    return heard(Caller().post("/api/auth/logout", json=shown))


def logged_out(_scene: Scene, found: Found) -> bool:
    return not found.of(SessionItem)


# ---- Projector


def changes_in_the_stream(world: World) -> Scene:
    scene = a_model_on_sale(world)
    world.write()
    assert buy(keyed=False)(scene).well
    world.stream.fetch()
    return scene


def project(scene: Scene) -> Try:
    taken = scene.world.stream.deliver()
    return Try(ended=taken, well=taken, told=f"{len(scene.world.stream.waiting)} records left")


FLOWS = [
    Flow("purchase", a_model_on_sale, buy(keyed=True), sold_once),
    Flow("purchase without a key", a_model_on_sale, buy(keyed=False), sold_once, only=CRASHES),
    Flow("upload worker", a_file_that_came, take_message, inspected, VISIBILITY_SECONDS),
    Flow("worker rejects", an_upload_that_lies, take_message, rejected, VISIBILITY_SECONDS),
    Flow("promise", a_creator, promise(keyed=True), promised_once),
    Flow("promise without a key", a_creator, promise(keyed=False), promised, only=CRASHES),
    Flow("complete", an_upload_in_parts, complete, joined),
    Flow("submit", a_ready_upload, submit(keyed=True), submitted_once),
    Flow("submit without a key", a_ready_upload, submit(keyed=False), submitted_once, only=CRASHES),
    Flow("approve", a_model_to_review, review("approve"), reviewed("approved")),
    Flow("reject", a_model_to_review, review("reject"), reviewed("rejected"), only=CRASHES),
    Flow("register", nobody, register(keyed=True), registered_once),
    Flow("register without a key", nobody, register(keyed=False), registered_once, only=CRASHES),
    Flow("log in", a_user, log_in, logged_in),
    Flow("refresh", a_user, refresh, one_token_lives),
    Flow("log out", a_user, log_out, logged_out),
    Flow("projector", changes_in_the_stream, project, sold_once),
]
"""A flow that differs from the one above it in how its caller comes again is swept for that only:
with the faults that its caller notices."""
