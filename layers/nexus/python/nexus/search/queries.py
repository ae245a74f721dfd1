"""From what is wanted to what tantivy is asked.

Scores are sums of fixed numbers: those of BM25 change with every model that comes or goes, and a
walk from page to page would lose its place.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tantivy import FieldType, Occur, Query, Schema

from nexus.search import kinds
from nexus.search.documents import SHORT
from nexus.search.schemas import Wanted
from nexus.search.text import fold, forgiven, sought, words
from nexus.search.vocabulary import Vocabulary

MOST_WORDS = 200
"""Of how many words with a part in them each is looked for; there are rarely more than ten."""
RANKED_WORDS = 12
"""How many words of a search decide on the order."""

WHOLE, PHRASE = 20.0, 5.0
IN_NAME, BEGINS_NAME, IN_LABELS, IN_TEXT = 6.0, 3.0, 3.0, 1.0
NEARLY_IN_NAME, NEARLY_IN_LABELS, NEARLY = 3.0, 1.5, 0.5

type Filters = dict[str, list[Query]]


class Queries:
    def __init__(self, schema: Schema, vocabulary: Vocabulary) -> None:
        self.schema = schema
        self._vocabulary = vocabulary

    def text(self, search: str, *, forgiving: bool) -> Query | None:
        """What has every word somewhere; `None` where nothing is sought.

        Forgiving, it takes words for each other that differ by a letter or two. Otherwise all that
        is found scores as many points as there are words.
        """
        if not search.strip():
            return None
        terms = sought(search)
        if not terms:
            return Query.empty_query()
        return all_of(self.word(term, forgiving=forgiving) for term in terms)

    def word(self, word: str, *, forgiving: bool = False) -> Query:
        """What has a word, or a word with this part in it."""
        exactly = self._containing(word)
        if forgiving and (letters := forgiven(word)):
            nearly = Query.fuzzy_term_query(self.schema, "text", word, letters, prefix=True)
            return Query.boolean_query([(Occur.Should, _worth(NEARLY, nearly)),
                                        (Occur.Should, _worth(IN_TEXT, exactly))])  # fmt: skip
        return _worth(IN_TEXT, exactly)

    def _containing(self, word: str) -> Query:
        if not words(word):
            return self.term("text", word)
        if len(word) <= SHORT:
            return self.term("parts", word)
        found = self._vocabulary.containing(word, MOST_WORDS)
        if found is None:
            parts = {word[at : at + SHORT] for at in range(len(word) - SHORT + 1)}
            return all_of(self.term("parts", part) for part in parts)
        return any_of(self.term("text", each) for each in found)

    def better(self, search: str, *, forgiving: bool) -> Iterator[Query]:
        """What makes some of the models found better than others, each for points of its own."""
        terms = sought(search)
        yield _worth(WHOLE, self.term("whole", fold(search).strip()))
        if len(terms) > 1:
            yield _worth(PHRASE, Query.phrase_query(self.schema, "name", list(terms)))
        for term in terms[:RANKED_WORDS]:
            yield _worth(IN_NAME, self.term("name", term))
            yield _worth(BEGINS_NAME, self.beginning("name", term))
            yield _worth(IN_LABELS, self.term("labels", term))
            if forgiving and (letters := forgiven(term)):
                for field, worth in (("name", NEARLY_IN_NAME), ("labels", NEARLY_IN_LABELS)):
                    fuzzy = Query.fuzzy_term_query(self.schema, field, term, letters)
                    yield _worth(worth, fuzzy)

    def beginning(self, field: str, letters: str) -> Query:
        """What has a word in the name (or a field of whole words) that begins so."""
        if field == "name" and len(letters) <= SHORT:
            return self.term("begins", letters)
        return Query.fuzzy_term_query(self.schema, field, letters, 0, prefix=True)

    def near(self, word: str) -> Query:
        """What has a word that differs by up to two letters."""
        return Query.fuzzy_term_query(self.schema, "text", word, min(2, len(word) // 3))

    def term(self, field: str, value: str | int) -> Query:
        return Query.term_query(self.schema, field, value, "basic")

    def kind(self, facet: str, value: str) -> Query:
        return self.term("kind", kinds.term(facet, value))

    def filters(self, wanted: Wanted) -> Filters:
        """The conditions, by the facet they belong to."""
        found: Filters = {}
        for facet in ("category", "subcategory"):
            if value := getattr(wanted, facet):
                found[facet] = [self.term(f"{facet}_key", fold(value))]
        for facet, value in (
            ("tag", wanted.tag and wanted.tag.casefold()),
            ("format", wanted.format and wanted.format.casefold()),
            ("texture_resolution", wanted.texture_resolution),
        ):
            if value:
                found[facet] = [self.kind(facet, value)]
        if wanted.creator_id:
            found["creator_id"] = [self.term("creator_id", wanted.creator_id)]
        for flag in kinds.FLAGS:
            if (so := getattr(wanted, flag)) is not None:
                found[flag] = [self.kind(flag, "true" if so else "false")]
        found |= self._ranges(wanted)
        return found

    def _ranges(self, wanted: Wanted) -> Filters:
        stars = None if wanted.min_rating is None else round(wanted.min_rating * 100)
        ranges: dict[str, tuple[str, int | None, int | None]] = {
            "price": ("cents", _cents(wanted.min_price), _cents(wanted.max_price)),
            "polys": ("polys", wanted.min_polys, wanted.max_polys),
            "rating": ("stars", stars, None),
        }
        return {
            facet: [self.between(field, least, most)]
            for facet, (field, least, most) in ranges.items()
            if least is not None or most is not None
        }

    def between(self, field: str, least: int | None, most: int | None) -> Query:
        return Query.range_query(self.schema, field, FieldType.Unsigned, least, most)


def _cents(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * 100)


def _worth(score: float, query: Query) -> Query:
    return Query.const_score_query(query, score)


def any_of(queries: Iterable[Query]) -> Query:
    some = [(Occur.Should, each) for each in queries]
    return Query.boolean_query(some) if some else Query.empty_query()


def all_of(queries: Iterable[Query]) -> Query:
    every = [(Occur.Must, each) for each in queries]
    return Query.boolean_query(every) if every else Query.all_query()
