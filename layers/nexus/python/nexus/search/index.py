"""The search engine: tantivy, inside the function, on a folder of its own.

Whatever engine takes its place has these methods; nothing outside `nexus.search` knows tantivy.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import tantivy
from tantivy import DocAddress, Query, Searcher

from nexus.search.documents import document, schema, shown, with_tokenizers, words_of
from nexus.search.facets import counted
from nexus.search.guesses import corrected, nearest
from nexus.search.queries import Filters, Queries, all_of
from nexus.search.ranking import Place, Ranking, Sought
from nexus.search.related import alike
from nexus.search.schemas import Entry, Facets, Found, Suggestion, Wanted
from nexus.search.suggestions import suggested
from nexus.search.text import sought
from nexus.search.vocabulary import Vocabulary

WRITING_BYTES, BUILDING_BYTES = 15_000_000, 200_000_000
WORDS = "words.txt"
ENOUGH = 5
"""With this many models found for words as they were typed, none of them is taken for another."""
MOST_KEPT, MOST_CARDS = 64, 4096


class Index:
    """Opens the index in a folder, or begins one. Raises `ValueError` and `OSError` where what
    lies there is no good.
    """

    def __init__(self, folder: Path, *, building: bool = False) -> None:
        self.folder = folder
        fresh = not tantivy.Index.exists(str(folder))
        made = tantivy.Index(schema(), str(folder))
        self._index = with_tokenizers(made)
        self._index.config_reader("manual")
        self._writer = self._index.writer(BUILDING_BYTES if building else WRITING_BYTES, 1)
        self._vocabulary = Vocabulary() if fresh else Vocabulary.read(folder / WORDS)
        self._queries = Queries(self._index.schema, self._vocabulary)
        self._refresh()

    def _refresh(self) -> None:
        self._index.reload()
        self._searcher: Searcher = self._index.searcher()
        self._facets: dict[Wanted, Facets] = {}
        self._cards: dict[tuple[int, int], bytes] = {}
        self._ranking = Ranking(self._searcher, self._queries)

    # ---- What is in it

    def put(self, entries: Iterable[Entry]) -> None:
        """Take models in, each in place of what was known of it."""
        for entry in entries:
            self._writer.delete_documents_by_term("id", entry.card["id"])
            self._writer.add_document(document(entry))
            new = (each for each in words_of(entry.card) if not self._knows(each))
            self._vocabulary.add(new)

    def build(self, entries: Iterable[Entry]) -> None:
        """Take in models of which none is known yet. What their words are parts of is known when
        all are in it: see `close` and `learn_words`.
        """
        for entry in entries:
            self._writer.add_document(document(entry))

    def learn_words(self) -> None:
        self._vocabulary.add(word for word, _ in self._searcher.terms_with_prefix("text", ""))

    def remove(self, model_id: int) -> None:
        self._writer.delete_documents_by_term("id", model_id)

    def remove_all_of(self, creator_id: int) -> None:
        self._writer.delete_documents_by_term("creator_id", creator_id)

    def commit(self) -> None:
        """Let what was put and removed be seen."""
        self._writer.commit()
        self._refresh()

    def close(self) -> None:
        """Write everything down, all words too. Nothing can be put afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._refresh()
        words = (word for word, _ in self._searcher.terms_with_prefix("text", ""))
        Vocabulary.of(sorted(words)).write(self.folder / WORDS)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def _knows(self, word: str) -> bool:
        return self._searcher.doc_freq("text", word) > 0

    def __contains__(self, model_id: int) -> bool:
        return self._address(model_id) is not None

    def entry(self, model_id: int) -> Entry | None:
        """What is known of a model; of its reviews only the mean."""
        address = self._address(model_id)
        if address is None:
            return None
        [newest] = self._searcher.fast_field_values("newest", [address])
        assert newest is not None  # noqa: S101  every document has one
        return Entry(orjson.loads(self._card(address)), int(newest) >> 12)

    def _address(self, model_id: int) -> DocAddress | None:
        hits = self._searcher.search(self._queries.term("id", model_id), 1, count=False).hits
        return hits[0][1] if hits else None

    def _card(self, address: DocAddress) -> bytes:
        """Kept until something changes, as what is shown once is mostly shown again."""
        place = (address.segment_ord, address.doc)
        if place not in self._cards:
            if len(self._cards) == MOST_CARDS:
                self._cards.clear()
            self._cards[place] = shown(self._searcher.doc(address)["card"][0])
        return self._cards[place]

    def _listed(self, addresses: Iterable[DocAddress]) -> bytes:
        """Cards as one JSON array."""
        return b"[" + b",".join(map(self._card, addresses)) + b"]"

    # ---- What is asked of it

    def find(self, wanted: Wanted, place: Place, limit: int) -> Found:
        """A page of the models that are wanted, from a place on."""
        found = self._find(wanted, place, limit)
        if not place.is_first or not self._forgives(wanted, found.total):
            return found
        forgiven = self._find(wanted, replace(place, forgiving=True), limit)
        if found.total:
            return forgiven
        return replace(forgiven, did_you_mean=self._meant(wanted, forgiven))

    def _forgives(self, wanted: Wanted, total: int | None) -> bool:
        """Whether words of which so few models are found may be meant for others."""
        if not wanted.search or total is None or total >= ENOUGH:
            return False
        return not total or not all(self._knows(term) for term in sought(wanted.search))

    def _find(self, wanted: Wanted, place: Place, limit: int) -> Found:
        page = self._ranking.page(self._sought(wanted, place), wanted, place, limit)
        following = page.following.key() if page.following else None
        return Found(self._listed(page.addresses), page.total, following)

    def _sought(self, wanted: Wanted, place: Place) -> Sought:
        search, forgiving = wanted.search or "", place.forgiving
        text, filters = (
            self._queries.text(search, forgiving=forgiving),
            self._queries.filters(wanted),
        )
        if text is None:
            return Sought(_together(text, filters), total=None if filters else len(self))
        base = None if forgiving else float(len(sought(search)))
        better = list(self._queries.better(search, forgiving=forgiving))
        return Sought(_together(text, filters), better, base)

    def _meant(self, wanted: Wanted, forgiven: Found) -> str | None:
        """Another search, which finds something; `None` where none comes to mind."""
        terms = sought(wanted.search or "")
        best = orjson.loads(forgiven.cards)[:1]
        meant = {term: self._nearest(term, best) for term in terms}
        guess = corrected(wanted.search or "", {term: word for term, word in meant.items() if word})
        if guess == corrected(wanted.search or "", {}):
            return None
        if all(meant[term] for term in terms) and best:
            return guess  # the best has all of these words
        again = self._find(wanted.model_copy(update={"search": guess}), Place(), 1)
        return guess if again.total else None

    def _nearest(self, word: str, cards: list[dict[str, Any]]) -> str | None:
        if not cards:
            near = self._queries.near(word)
            hits = self._searcher.search(near, 1, count=False, weight_by_field="weight").hits
            cards = [orjson.loads(self._card(address)) for _, address in hits]
        return nearest(word, cards[0]) if cards else None

    def facets(self, wanted: Wanted) -> Facets:
        """How many of what `find` finds are of each kind; kept until something changes."""
        asked = wanted.model_copy(update={"sort": None})
        if asked not in self._facets:
            total = self._ranking.total(self._sought(asked, Place()))
            forgiving = self._forgives(asked, total)
            text = self._queries.text(asked.search or "", forgiving=forgiving)
            if len(self._facets) == MOST_KEPT:
                self._facets.clear()
            self._facets[asked] = counted(self._searcher, text, self._queries.filters(asked))
        return self._facets[asked]

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        return suggested(self._searcher, self._queries, typed, limit)

    def related(self, card: dict[str, Any], limit: int) -> bytes:
        """The cards, as a JSON array, of what is like the model of a card."""
        return self._listed(alike(self._searcher, self._queries, card, limit))


def _together(text: Query | None, filters: Filters) -> Query:
    """What fits the text and all filters; only the text decides on the order."""
    conditions = [Query.const_score_query(each, 0.0) for some in filters.values() for each in some]
    return all_of([*([text] if text else []), *conditions])
