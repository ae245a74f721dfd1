"""What is like a model: of its category, with the most tags in common."""

from typing import Any

from tantivy import DocAddress, Occur, Query, Searcher

from nexus.search.queries import Queries
from nexus.search.text import fold

SAME_TAG, SAME_CREATOR = 2.0, 1.0


def alike(
    searcher: Searcher, queries: Queries, card: dict[str, Any], limit: int
) -> list[DocAddress]:
    """The models most like this one, the likest first."""
    tags = {tag.casefold() for tag in card["tags"]}
    shared = [Query.const_score_query(queries.kind("tag", tag), SAME_TAG) for tag in tags]
    creator = queries.term("creator_id", card["creator_id"])
    category = queries.term("category_key", fold(card["category"]))
    query = Query.boolean_query(
        [
            (Occur.Must, Query.const_score_query(category, 0.5)),
            (Occur.MustNot, queries.term("id", card["id"])),
            (Occur.Should, Query.const_score_query(creator, SAME_CREATOR)),
            *((Occur.Should, each) for each in shared),
        ]
    )
    hits = searcher.search(query, limit, count=False, weight_by_field="weight").hits
    return [address for _, address in hits]
