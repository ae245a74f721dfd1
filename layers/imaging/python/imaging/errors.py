from typing import Literal

Code = Literal[
    "not_a_model", "truncated", "damaged", "unsafe", "too_complex", "unsupported",
    "empty", "timeout", "out_of_memory", "crashed",
]  # fmt: skip


class Refused(Exception):
    """The file will not become a model; `sentence` tells its creator why."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.code: Code = code
        self.sentence = sentence
