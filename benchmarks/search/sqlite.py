"""SQLite's FTS5, in the process as ours is."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.search.measuring import Cost, cost
from benchmarks.search.questions import CLASSES
from nexus.search.schemas import Entry

ROUNDS = 5
QUESTION = """
    SELECT card FROM cards JOIN (SELECT rowid AS id FROM words WHERE words MATCH ? ORDER BY rank
    LIMIT 50) USING (id)
"""
PART = """
    SELECT card FROM cards
    JOIN (SELECT rowid AS id FROM parts WHERE parts MATCH ? LIMIT 50) USING (id)
"""


def measure(models: Iterable[Entry], folder: Path) -> tuple[float, dict[str, Cost]]:
    """The size in MiB, and what questions cost."""
    file = folder / "fts.sqlite"
    base = sqlite3.connect(file)
    base.executescript(
        """
        PRAGMA journal_mode = OFF;
        CREATE TABLE cards (id INTEGER PRIMARY KEY, card BLOB);
        CREATE VIRTUAL TABLE words USING fts5(name, tags, description, creator, content='',
          tokenize="unicode61 remove_diacritics 2");
        CREATE VIRTUAL TABLE parts USING fts5(name, description, content='', tokenize="trigram");
        """
    )
    for model in models:
        card = model.card
        tags, creator = " ".join(card["tags"]), card["creator"]["username"]
        base.execute("INSERT INTO cards VALUES (?, zeroblob(800))", (card["id"],))
        told = (card["id"], card["name"], tags, card["description"], creator)
        base.execute(
            "INSERT INTO words(rowid, name, tags, description, creator) VALUES (?,?,?,?,?)", told
        )
        told_parts = (card["id"], card["name"], card["description"])
        base.execute("INSERT INTO parts(rowid, name, description) VALUES (?,?,?)", told_parts)
    base.commit()
    costs = {}
    for name, questions in CLASSES.items():
        asked = [(QUESTION, each.match) for each in questions if each.match]
        if name == "part of a word":
            asked = [(PART, each.like) for each in questions]
        if asked:
            calls = [lambda q=q, t=t: base.execute(q, (t,)).fetchall() for q, t in asked]
            costs[name] = cost(calls, ROUNDS)
    base.close()
    return file.stat().st_size / 2**20, costs
