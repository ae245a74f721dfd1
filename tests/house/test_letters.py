"""Every mail that the house promises is one that it can write."""

import ast
from collections.abc import Iterator

from nexus.accounts.mailing import TEMPLATES
from nexus.mail.letters import LETTERS
from nexus.mail.service import TRIAL
from tests.house.code import NEXUS, Source, sources

PROMISES = {"owe_mail", "owe"}
"""Functions that promise a mail, its template second."""
WORKED_OUT = {
    "f'model_{status}'": {"model_approved", "model_rejected"},
    "TEMPLATES[purpose]": set(TEMPLATES.values()),
    "mail.TRIAL": {TRIAL},
    "template": set(),  # `owe` passes on what it was given
}
"""What a template is that a promise does not name in words."""


def promised(source: Source) -> Iterator[str]:
    """The templates in a file, as the code has them."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name in PROMISES:
                yield from (ast.unparse(each) for each in node.args[1:2])


def names(template: str) -> set[str]:
    return WORKED_OUT[template] if template in WORKED_OUT else {ast.literal_eval(template)}


def test_each_template_that_is_promised_has_its_letter_and_no_letter_is_for_nobody() -> None:
    """What a letter says of the promise's data is in `tests/functions/mailer/test_letters.py`."""
    found = {each for source in sources(NEXUS) for each in promised(source)}

    assert set().union(*map(names, found)) == {*LETTERS, TRIAL}
    assert set(WORKED_OUT) <= found, "there is no such promise any more"
