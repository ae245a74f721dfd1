"""What the words typed so far may become: names of models, then tags and creators."""

from collections.abc import Iterator

import orjson
from tantivy import Occur, Query, Searcher

from nexus.search.documents import shown
from nexus.search.kinds import term
from nexus.search.queries import Queries, all_of
from nexus.search.schemas import Suggestion
from nexus.search.text import fold, forgiven, words

OTHERS = 3
"""How many tags, and how many creators."""
SPARE = 3
"""How many times as many models are looked at, because some have the same name."""


def suggested(searcher: Searcher, queries: Queries, typed: str, limit: int) -> list[Suggestion]:
    *complete, last = words(fold(typed)) or [""]
    if not last:
        return []
    begin = [queries.beginning("name", last), queries.beginning("labels", last)]
    names = list(_names(searcher, queries, complete, begin, limit))
    if not names and (letters := forgiven(last)):
        nearly = Query.fuzzy_term_query(queries.schema, "name", last, letters, prefix=True)
        names = list(_names(searcher, queries, complete, [nearly], limit))
    others = list(_tags(searcher, typed)) + list(_creators(searcher, queries, typed))
    return [*names[: max(1, limit - len(others))], *others][:limit]


def _names(
    searcher: Searcher, queries: Queries, complete: list[str], begin: list[Query], limit: int
) -> Iterator[Suggestion]:
    """The most popular models whose name or labels begin so."""
    ending = [
        (Occur.Should, Query.const_score_query(query, score))
        for query, score in zip(begin, (3.0, 1.0), strict=False)
    ]
    before = (queries.word(word, forgiving=True) for word in complete)
    query = all_of([Query.boolean_query(ending), *before])
    hits = searcher.search(query, limit * SPARE, count=False, weight_by_field="weight").hits
    told: set[str] = set()
    for _, address in hits:
        card = orjson.loads(shown(searcher.doc(address)["card"][0]))
        if len(told) < limit and (name := fold(card["name"])) not in told:
            told.add(name)
            yield Suggestion(text=card["name"], kind="model", model_id=card["id"])


def _living(searcher: Searcher, field: str, begun: str) -> list[str]:
    """The commonest terms that begin so. The dictionary alone also has, for a while, those of
    models that are gone.
    """
    every = Query.all_query()
    found = searcher.terms_with_prefix(field, begun, filter_query=every, limit=OTHERS)
    return [term for term, _ in found]


def _tags(searcher: Searcher, typed: str) -> Iterator[Suggestion]:
    begun = term("tag", typed.strip().casefold())
    for found in _living(searcher, "kind", begun):
        yield Suggestion(text=found.partition(":")[2], kind="tag")


def _creators(searcher: Searcher, queries: Queries, typed: str) -> Iterator[Suggestion]:
    for name in _living(searcher, "creator", fold(typed).strip()):
        hits = searcher.search(queries.term("creator", name), 1, count=False).hits
        for _, address in hits:
            card = orjson.loads(shown(searcher.doc(address)["card"][0]))
            yield Suggestion(text=card["creator"]["username"], kind="creator")
