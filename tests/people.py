"""Those who use the API in the tests, each with an account and signed in."""

from datetime import UTC, datetime

from nexus.accounts import service as accounts
from nexus.accounts.schemas import Registration
from nexus.ids import new_id
from nexus.table.items import Item, Update, update
from nexus.table.users import UserItem, find_user
from tests.gateway import Caller

PASSWORD = "correct horse battery staple"


class Person(Caller):
    def __init__(self, name: str) -> None:
        now = datetime.now(UTC)
        self.email = f"{name}@example.com"
        wanted = Registration(email=self.email, username=name, password=PASSWORD)
        self.tokens = accounts.register(wanted, user_id=new_id(now), now=now)
        self.id = self.tokens.user.id
        super().__init__(self.tokens.access_token)


def an_admin(name: str) -> Person:
    person = Person(name)
    accounts.appoint(person.email, is_admin=True)
    return person


def change(user_id: int, **values: object) -> None:
    """Set attributes of an account in the table, as later routes will."""
    user = find_user(user_id)
    assert user is not None
    actions = [getattr(UserItem, name).set(value) for name, value in values.items()]
    update(Update(user, actions, Item.pk.exists()))


def ban(person: Person) -> None:
    change(person.id, is_banned=True)
