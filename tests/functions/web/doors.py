"""The doors of all groups that ask who is calling, by the OpenAPI document."""

from collections.abc import Iterator

from tests import documented

type Door = tuple[str, str]


def doors() -> Iterator[Door]:
    """Method and path of everything that looks at tokens, whether it needs one or not."""
    for path, methods in documented.document()["paths"].items():
        filled = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
        for method, told in methods.items():
            if "security" in told:
                yield method.upper(), filled


DOORS = tuple(doors())
