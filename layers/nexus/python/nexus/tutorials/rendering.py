"""Markdown → HTML that is safe to show, whatever was written.

Two fences: markdown-it takes HTML in the text for text, and nh3 keeps only what is listed here.
"""

from functools import cache
from typing import Any

TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "img", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
SCHEMES = {"href": ("https://", "mailto:"), "src": ("https://",)}


def render(markdown: str) -> str:
    import nh3

    return nh3.clean(
        _parser().render(markdown),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_only_safe_addresses,
        url_schemes={"https", "mailto"},
        link_rel="nofollow noopener",
    )


def _only_safe_addresses(_tag: str, attribute: str, value: str) -> str | None:
    """Also without what the browser would resolve against our own address."""
    schemes = SCHEMES.get(attribute)
    return value if schemes is None or value.lower().startswith(schemes) else None


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt  # only who asks for HTML waits for the import

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
