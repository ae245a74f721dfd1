"""XML, read element by element. A file that defines entities or names other files is refused."""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import (
    Element,
    TreeBuilder,
)
from xml.parsers import expat

from imaging import caps
from imaging.errors import Code, Refused

Start = Callable[[str, dict[str, str]], object]


def walk(
    data: Iterable[bytes],
    what: str,
    start: Start,
    end: Callable[[str], object],
    text: Callable[[str], object] | None = None,
) -> None:
    """Call back for every element by its name without prefix, of a document in pieces; `what`
    words the refusal.
    """
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > caps.DEPTH:
            raise Refused("too_complex", f"The elements of this {what} are nested too deeply.")
        start(name.rpartition(":")[2], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def declared(*_: object) -> None:
        raise Refused("unsafe", f"This {what} declares a document type, which models do not need.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler = text
    # Entities and references to other files need a document type; without one there is neither.
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declared
    try:
        for piece in data:
            parser.Parse(piece, False)  # noqa: FBT003 - the parser takes no names
        parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, ValueError, LookupError) as error:
        code: Code = "truncated" if _ends_early(error) else "damaged"
        raise Refused(code, f"This {what} is damaged: its XML cannot be read.") from error


def _ends_early(error: Exception) -> bool:
    words = expat.errors
    return isinstance(error, expat.ExpatError) and expat.ErrorString(error.code) in (
        words.XML_ERROR_NO_ELEMENTS, words.XML_ERROR_UNCLOSED_TOKEN,
        words.XML_ERROR_PARTIAL_CHAR, words.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )  # fmt: skip


def tree(data: bytes, what: str) -> Element:
    """The whole document; names without prefixes."""
    builder, elements = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if elements > caps.ELEMENTS:
            raise Refused("too_complex", f"This {what} has more than {caps.ELEMENTS:,} elements.")
        builder.start(name, attributes)

    walk([data], what, start, builder.end, builder.data)
    return builder.close()
