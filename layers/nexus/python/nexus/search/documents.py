"""How a model is laid out in the index.

    text     every word and sign of name, tags, description and creator
    parts    all parts of those words with one to three letters
    name     the words of the name, with their places
    begins   the first one to three letters of those
    labels   the words of the tags and of the creator's name
    whole    the name as it is, folded
    kind     what filters ask for and facets count: see `kinds`
    …        one field for each other filter and each order
    step     where it is in each order, roughly: see `steps`
    card     what lists show, in JSON

An order's field is a number that hardly two models share: the value in its upper bits, then the
moment since which the model is on sale, then a little of its id.
"""

import math
from typing import Any

import orjson
from tantivy import (
    Document,
    Index,
    Schema,
    SchemaBuilder,
    TextAnalyzerBuilder,
    Tokenizer,
)

from nexus.ids import EPOCH
from nexus.search import kinds, steps
from nexus.search.schemas import Entry, milliseconds
from nexus.search.text import fold, marks, words
from nexus.settings import settings

SHORT = 3
"""Up to this many letters, parts of words are in the index; longer ones are put together."""
WORDS, PARTS, BEGINNINGS = "words", "parts", "beginnings"
DAY_MS = 86_400_000
VALUE_BITS, SECOND_BITS, ID_BITS = 27, 30, 7

# One byte each that no JSON text contains, in place of addresses that a deployment may change.
API, PICTURES = b'"\x01', b'"\x02'


def schema() -> Schema:
    build = SchemaBuilder()
    for name in ("id", "creator_id"):
        build.add_integer_field(name, indexed=True, fast=True)  # deleting by an unsigned one fails
    for name in ("cents", "polys", "stars", "newest", "popular", "price", "rating"):
        build.add_unsigned_field(name, fast=True)
    build.add_float_field("weight", fast=True)
    for name in ("text", "labels"):
        build.add_text_field(name, tokenizer_name=WORDS, index_option="basic")
    build.add_text_field("name", tokenizer_name=WORDS)
    build.add_text_field("parts", tokenizer_name=PARTS, index_option="basic")
    build.add_text_field("begins", tokenizer_name=BEGINNINGS, index_option="basic")
    build.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    for name in ("category_key", "subcategory_key", "creator", "step"):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    build.add_text_field("kind", tokenizer_name="raw", index_option="basic", fast=True)
    build.add_bytes_field("card", stored=True)
    return build.build()


def with_tokenizers(index: Index) -> Index:
    """Text comes folded and its words parted by spaces; only parts of words remain to be made."""
    tokenizers = {
        WORDS: Tokenizer.whitespace(),
        PARTS: Tokenizer.ngram(1, SHORT),
        BEGINNINGS: Tokenizer.ngram(1, SHORT, prefix_only=True),
    }
    for name, tokenizer in tokenizers.items():
        index.register_tokenizer(name, TextAnalyzerBuilder(tokenizer).build())
    return index


def words_of(card: dict[str, Any]) -> set[str]:
    """Every word and sign by which a model is found."""
    text = fold(_text(card))
    return {*words(text), *marks(text)}


def _text(card: dict[str, Any]) -> str:
    labels = [*card["tags"], card["creator"]["username"]]
    return "\n".join([card["name"], *labels, card["description"] or ""])


def document(entry: Entry) -> Document:
    card = entry.card
    made = Document()
    made.add_integer("id", card["id"])
    made.add_integer("creator_id", card["creator_id"])
    for name, number in _numbers(entry).items():
        made.add_unsigned(name, number)
    named = words(fold(card["name"]))
    factor = _factor(entry, len(named))
    made.add_float("weight", 2**factor - 2)
    for order, step in _steps(entry, factor).items():
        made.add_text("step", steps.term(order, step))
    made.add_text("name", " ".join(named))
    made.add_text("whole", fold(card["name"]))
    labels = " ".join([*card["tags"], card["creator"]["username"]])
    made.add_text("labels", " ".join(words(fold(labels))))
    found = words_of(card)
    made.add_text("text", " ".join(found))
    for word in found:
        made.add_text("parts", word)
    for word in named:
        made.add_text("begins", word)
    for facet, value in kinds.kinds(card):
        made.add_text("kind", kinds.term(facet, value))
    for field, text in _keys(card):
        made.add_text(field, text)
    made.add_bytes("card", stored(card))
    return made


def _numbers(entry: Entry) -> dict[str, int]:
    card, cents = entry.card, round(entry.card["price"] * 100)
    stars = round(card["rating"] * 100)
    return {
        "cents": cents,
        "polys": card["poly_count"],
        "stars": stars,
        "newest": entry.since << 12 | card["id"] % 2**12,
        "popular": _rank(int(10 * _popularity(card)), entry),
        "price": _rank(cents, entry),
        "rating": _rank(stars << 18 | _cut(entry.reviews, 18), entry),
    }


def _rank(value: int, entry: Entry) -> int:
    model_id: int = entry.card["id"]
    second = max(0, entry.since - milliseconds(EPOCH)) // 1000
    upper = _cut(value, VALUE_BITS) << SECOND_BITS | _cut(second, SECOND_BITS)
    return upper << ID_BITS | model_id % (1 << ID_BITS)


def _cut(value: int, bits: int) -> int:
    return min(value, (1 << bits) - 1)


def _popularity(card: dict[str, Any]) -> float:
    return float(5 * card["downloads"] + 3 * card["likes"] + 0.1 * card["views"])


def _steps(entry: Entry, factor: float) -> dict[str, int]:
    card = entry.card
    return {
        "newest": steps.newest(entry.since),
        "popular": steps.doubling(int(10 * _popularity(card))),
        "price": steps.doubling(round(card["price"] * 100)),
        "rating": steps.rating(round(card["rating"] * 100), entry.reviews),
        "relevance": steps.factor(factor),
    }


def _factor(entry: Entry, name_words: int) -> float:
    """What tantivy shall multiply a score by, which it does with log2(2 + weight).

    A model that everyone buys counts up to a third more than one that nobody knows, and a name
    of one word a tenth more than a long one. Age and id part what would be equal otherwise.
    """
    popular = min(1.0, math.log1p(_popularity(entry.card)) / math.log1p(1_000_000))
    young = min(1.0, entry.since / DAY_MS / 40_000)
    chance = entry.card["id"] * 2_654_435_761 % 2**32 / 2**32
    return float(1 + 0.33 * popular + 0.1 / max(1, name_words) + 0.01 * young + 0.002 * chance)


def _keys(card: dict[str, Any]) -> list[tuple[str, str]]:
    """The values that filters ask for, where they are no kinds as they are."""
    keys = [
        ("category_key", fold(card["category"])),
        ("creator", fold(card["creator"]["username"])),
    ]
    if card["subcategory"]:
        keys.append(("subcategory_key", fold(card["subcategory"])))
    return keys


def stored(card: dict[str, Any]) -> bytes:
    text = orjson.dumps(card)
    for mark, address in _addresses():
        text = text.replace(address, mark)
    return text


def shown(card: bytes) -> bytes:
    """A stored card with the addresses as they are now."""
    for mark, address in _addresses():
        card = card.replace(mark, address)
    return card


def _addresses() -> list[tuple[bytes, bytes]]:
    here = settings()
    return [
        (mark, b'"' + address.encode())
        for mark, address in ((API, here.api_url), (PICTURES, here.pictures_url))
        if address
    ]
