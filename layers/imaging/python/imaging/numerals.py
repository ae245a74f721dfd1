"""Numbers in text, many lines at a time."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt


def table(text: str | bytes, shape: tuple[int, int]) -> npt.NDArray[np.float64] | None:
    """(lines, width) numbers if the text holds just that many; None if it does not."""
    return _read(text, shape, np.float64)


def whole_table(text: str | bytes, shape: tuple[int, int]) -> npt.NDArray[np.int64] | None:
    """The same of whole numbers."""
    return _read(text, shape, np.int64)


def row(text: str, kind: type[Any] = np.float64) -> npt.NDArray[Any] | None:
    """All numbers of a text; None if there is anything else in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return np.fromstring(text, kind, sep=" ") if text.strip() else np.zeros(0, kind)
        except (ValueError, DeprecationWarning):
            return None


def _read(text: str | bytes, shape: tuple[int, int], kind: type[Any]) -> npt.NDArray[Any] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it only warns of text that is no number, and stops there
        try:
            values = np.fromstring(text, kind, sep=" ")
        except ValueError:
            return None
    return values.reshape(shape) if values.size == shape[0] * shape[1] else None
