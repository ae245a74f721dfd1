import itertools
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexus.tutorials.rendering import ATTRIBUTES, TAGS, render
from tests.nexus.tutorials.vectors import VECTORS

MAY_STAND = {tag: ATTRIBUTES.get(tag, set()) | {"rel"} for tag in TAGS}


class Reader(HTMLParser):
    """Every element of a page, as a browser would see it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def assert_safe(html: str) -> None:
    for tag, attributes in Reader(html).elements:
        assert tag in MAY_STAND, html
        assert attributes.keys() <= MAY_STAND[tag], html
        assert (attributes.get("src") or "https://").startswith("https://"), html
        assert (attributes.get("href") or "https://").startswith(("https://", "mailto:")), html


def test_the_corpus_is_large_enough() -> None:
    assert len(set(VECTORS)) >= 150


@pytest.mark.parametrize("markdown", VECTORS)
def test_nothing_runs_at_the_readers(markdown: str) -> None:
    assert_safe(render(markdown))
    assert_safe(render(f"Text before\n\n{markdown}\n\nand [after](https://a.example)."))


def test_all_of_it_together_is_safe_too() -> None:
    for separator in ("\n", "\n\n", " ", ""):
        assert_safe(render(separator.join(VECTORS)))


@given(st.lists(st.sampled_from([*VECTORS, *"<>\"'`[]()!\\/&#;: \n\t|-*_", "https:", "on"])))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_mixture_of_it_runs_either(parts: list[str]) -> None:
    assert_safe(render("".join(parts)))


def test_the_fences_hold_each_without_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from markdown_it import MarkdownIt

    from nexus.tutorials import rendering

    careless = MarkdownIt("commonmark", {"html": True})
    monkeypatch.setattr(careless, "validateLink", lambda _: True)
    monkeypatch.setattr(rendering, "_parser", lambda: careless)
    for markdown in VECTORS:
        assert_safe(render(markdown))


def test_what_tutorials_are_made_of_is_kept() -> None:
    html = render(
        "# UVs\n\nSome **bold**, *thin*, ~~old~~ `code`.\n\n1. one\n2. two\n\n> quote\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint('<b>')\n```\n\n---\n"
    )
    for element in (
        "<h1>UVs</h1>",
        "<strong>bold</strong>",
        "<em>thin</em>",
        "<s>old</s>",
        "<code>code</code>",
        "<li>two</li>",
        "<blockquote>",
        "<td>2</td>",
        "print('&lt;b&gt;')",
        "<hr>",
    ):
        assert element in html


def test_what_looks_like_html_is_text() -> None:
    assert render("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"


def test_links_lead_out_without_a_recommendation() -> None:
    assert render("[x](https://a.example)") == (
        '<p><a href="https://a.example" rel="nofollow noopener">x</a></p>\n'
    )
    assert 'href="mailto:a@a.example"' in render("<a@a.example>")
    assert 'src="https://a.example/x.png"' in render("![x](https://a.example/x.png)")


@pytest.mark.parametrize(
    "nested",
    [
        "[" * 50_000,
        "![" * 50_000,
        "*a_" * 33_000,
        "`" * 50_000 + "a",
        "> " * 50_000 + "a",
        "<" * 100_000,
        "[a](" * 25_000,
        "- " * 50_000 + "a",
        "&" * 100_000,
        "|a" * 50_000 + "\n" + "|-" * 50_000,
        "[a]: x\n" * 14_000,
        "**a " * 25_000,
        "\\" * 100_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_what_rendering_takes_grows_as_the_text_does(nested: str) -> None:
    """Of a text that takes the square, four times as long a one takes sixteen times the work."""
    assert work(nested[:20_000]) < 8 * work(nested[:5_000])


def work(markdown: str) -> int:
    """How many lines of Python it takes to render, which is the same on every machine."""
    taken, events = itertools.count(), sys.monitoring
    render("")
    events.use_tool_id(events.OPTIMIZER_ID, "work")
    events.register_callback(events.OPTIMIZER_ID, events.events.LINE, lambda *_: next(taken))
    events.set_events(events.OPTIMIZER_ID, events.events.LINE)
    try:
        render(markdown)
    finally:
        events.set_events(events.OPTIMIZER_ID, 0)
        events.free_tool_id(events.OPTIMIZER_ID)
    return next(taken)
