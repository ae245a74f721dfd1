"""One layer as a tree of prims, read from the text that tinyusdz makes of any USD file.

The binding gives out arrays but neither subsets, variants nor references; its text has them all.
Values stay text until somebody asks for their numbers.
"""

import re
from dataclasses import dataclass, field

from imaging import caps
from imaging.errors import Refused

_SPACE = re.compile(r"(?:[\s;,]|#[^\n]*)*")
_WORD = re.compile(r"[^\s()\[\]{}\"'@<=,;]+(?:\[\])?")
_NUMBERS = re.compile(r"\[[^\[\]\"'@<{]*\]")
_ATOM = re.compile(
    r'"""(?:\\.|(?!""").)*"""|' r"'''(?:\\.|(?!''').)*'''|"
    r'"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'|"
    r"@@@(?:(?!@@@).)*@@@|@[^@\n]*@|<[^>\n]*>|" r"[^\s()\[\]{}\"'@<=,;]+",
    re.DOTALL,
)  # fmt: skip
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_LISTS = {"prepend", "append", "add", "delete", "reorder"}
_QUALIFIERS = {"custom", "uniform", "varying", "config"}
_KINDS = {"def", "over", "class"}


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This USD file is damaged: {what}.")


@dataclass(frozen=True)
class Property:
    """`value` and `samples` as written; `metadata` by name."""

    type: str
    value: str = ""
    samples: str = ""
    connected: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass
class Prim:
    """`variants` are bodies by set and by variant."""

    kind: str
    type: str
    name: str
    metadata: dict[str, str] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    children: dict[str, "Prim"] = field(default_factory=dict)
    variants: dict[str, dict[str, "Prim"]] = field(default_factory=dict)


def layer(text: str) -> Prim:
    """The layer's own prim: its metadata and the root prims as children."""
    reader = _Reader(text)
    root = Prim("def", "", "")
    if reader.peek() == "(":
        root.metadata = reader.metadata()
    reader.body(root, 0)
    return root


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.prims = 0

    def peek(self) -> str:
        """The next character that is not space; nothing at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def word(self) -> str:
        self.peek()
        match = _WORD.match(self.text, self.at)
        if match is None:
            raise damaged("it does not read as USD")
        self.at = match.end()
        return match.group()

    def expect(self, sign: str) -> None:
        if self.peek() != sign:
            raise damaged("it does not read as USD")
        self.at += 1

    def value(self) -> str:
        """The text of one value, brackets and all."""
        sign, start = self.peek(), self.at
        if sign in _CLOSING:
            self._skip()
        elif match := _ATOM.match(self.text, self.at):
            self.at = match.end()
            # A target in another file is written @file@</prim>.
            if sign == "@" and (inner := _ATOM.match(self.text, self.at)):
                self.at = inner.end() if inner.group()[0] == "<" else self.at
        else:
            raise damaged("a value does not read as USD")
        return self.text[start : self.at]

    def _skip(self) -> None:
        """Past a bracket and all that is in it."""
        waiting: list[str] = []
        while True:
            sign = self.peek() or self._unfinished()
            if sign == "[" and (match := _NUMBERS.match(self.text, self.at)):
                self.at = match.end()
            elif sign in _CLOSING:
                waiting.append(_CLOSING[sign])
                self.at += 1
            elif waiting and sign == waiting[-1]:
                waiting.pop()
                self.at += 1
            elif match := _ATOM.match(self.text, self.at):
                self.at = match.end()
            else:
                self.at += 1
            if not waiting:
                return
            if len(waiting) > caps.DEPTH:
                raise Refused("too_complex", "The values of this USD file are nested too deeply.")

    def _unfinished(self) -> str:
        raise damaged("it ends before it should")

    def metadata(self) -> dict[str, str]:
        """`(...)` by name; of lists that are edited in several ways, the last."""
        found: dict[str, str] = {}
        self.expect("(")
        while (sign := self.peek()) != ")":
            if sign in "\"'":
                self.value()
                continue
            name = self.word()
            name = self.word() if name in _LISTS else name
            if self.peek() == "=":
                self.at += 1
                found[name] = self.value()
        self.at += 1
        return found

    def body(self, prim: Prim, depth: int) -> None:
        """Properties, children and variants until the bracket closes, or the file ends."""
        if depth > caps.DEPTH // 2:
            raise Refused("too_complex", "The prims of this USD file are nested too deeply.")
        while (sign := self.peek()) not in ("", "}"):
            if sign in "\"'":
                self.value()
                continue
            word = self.word()
            if word in _KINDS:
                child = self._prim(word, depth)
                prim.children[child.name] = child
            elif word == "variantSet":
                self._variants(prim, depth)
            else:
                self._property(prim, word)

    def _prim(self, kind: str, depth: int) -> Prim:
        self.prims += 1
        if self.prims > caps.PLACED:
            raise Refused("too_complex", f"This USD file has more than {caps.PLACED:,} prims.")
        named = "" if self.peek() in "\"'" else self.word()
        made = Prim(kind, named, self.value().strip("\"'"))
        if self.peek() == "(":
            made.metadata = self.metadata()
        self.expect("{")
        self.body(made, depth + 1)
        self.expect("}")
        return made

    def _variants(self, prim: Prim, depth: int) -> None:
        chosen = prim.variants.setdefault(self.value().strip("\"'"), {})
        self.expect("=")
        self.expect("{")
        while self.peek() != "}":
            body = Prim("over", "", self.value().strip("\"'"))
            if self.peek() == "(":
                body.metadata = self.metadata()
            self.expect("{")
            self.body(body, depth + 1)
            self.expect("}")
            chosen[body.name] = body
        self.at += 1

    def _property(self, prim: Prim, word: str) -> None:
        while word in _QUALIFIERS or word in _LISTS:
            word = self.word()
        name, value, metadata = self.word(), "", dict[str, str]()
        if self.peek() == "=":
            self.at += 1
            value = self.value()
        if self.peek() == "(":
            metadata = self.metadata()
        name, _, aspect = name.partition(".")
        known = prim.properties.get(name, Property(word))
        prim.properties[name] = Property(
            word,
            known.value if aspect else value,
            value if aspect == "timeSamples" else known.samples,
            value if aspect == "connect" else known.connected,
            metadata or known.metadata,
        )
