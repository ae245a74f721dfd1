"""What admins write to many: HTML from a stranger's hand, made safe, framed, and told as text."""

from html.parser import HTMLParser

from nexus.mail.letters import framed
from nexus.outside.mail import Letter

UNSUBSCRIBE = "%unsubscribe%"
"""A blank that each recipient's own link fills."""

TAGS = {
    *("h1", "h2", "h3", "h4", "p", "br", "hr", "blockquote", "div", "span", "center"),
    *("b", "strong", "i", "em", "u", "s", "small", "a", "img", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "*": {"style", "align"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "table": {"width", "cellpadding", "cellspacing", "border", "role"},
    "td": {"width", "valign", "colspan"},
    "th": {"width", "valign", "colspan"},
}
STYLES = {
    *("color", "background-color", "font-family", "font-size", "font-style", "font-weight"),
    *("line-height", "letter-spacing", "text-align", "text-decoration", "text-transform"),
    *("margin", "margin-top", "margin-bottom", "margin-left", "margin-right"),
    *("padding", "padding-top", "padding-bottom", "padding-left", "padding-right"),
    *("border", "border-radius", "width", "max-width", "height", "display", "vertical-align"),
}
SCHEMES = {"href": ("https://", "mailto:"), "src": ("https://",)}
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "center", "hr"}
LINES = {"br", "li", "tr"}


def news(subject: str, content: str, category: str) -> Letter:
    """A letter to many, in which each recipient can unsubscribe. `content` is any HTML."""
    safe = sanitised(content)
    blank = {"subject": subject, "unsubscribe": UNSUBSCRIBE}
    return Letter(
        subject,
        framed("news.html", content=safe, **blank),
        framed("news.txt", content=as_text(safe), **blank),
        category,
        tracked=True,
    )


def sanitised(html: str) -> str:
    """What of it may be shown by a mail program: no scripts, no forms, links to https only."""
    import nh3

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_only_safe_addresses,
        filter_style_properties=STYLES,
        url_schemes={"https", "mailto"},
        link_rel=None,
    )


def _only_safe_addresses(_tag: str, attribute: str, value: str) -> str | None:
    schemes = SCHEMES.get(attribute)
    return value if schemes is None or value.lower().startswith(schemes) else None


def as_text(html: str) -> str:
    """Safe HTML as it reads without a mail program that shows HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in BLOCKS:
            self._words.append("\n\n")
        elif tag in LINES:
            self._words.append("\n- " if tag == "li" else "\n")
        elif tag == "td":
            self._words.append(" ")
        elif tag == "img" and given.get("alt"):
            self._words.append(f"[{given['alt']}]")
        if tag == "a":
            self._links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._words.append("\n\n")
        if tag == "a" and self._links and (link := self._links.pop()):
            self._words.append(f" ({link.removeprefix('mailto:')})")

    def handle_data(self, data: str) -> None:
        self._words.append(" ".join(data.split()).join(_edges(data)))

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._words).split("\n"))
        paragraphs = "\n".join(lines).split("\n\n")
        return "\n\n".join(part.strip("\n") for part in paragraphs if part.strip())


def _edges(data: str) -> tuple[str, str]:
    """The space before and after a stretch of text, of which any amount is one."""
    if not data.strip():
        return (" " if data else "", "")
    return (" " if data[0].isspace() else "", " " if data[-1].isspace() else "")
