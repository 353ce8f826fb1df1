"""Sentences of a clause's text: they end at a mark, at an empty line and before a list item.

split_sentences("No profiling. It yields: none.")    # ("No profiling.", "It yields:", "none.")
"""

from __future__ import annotations

import re

_BLOCK = r"\n\s*\n|\n(?=\s*[-*] )"
_SENTENCE = re.compile(rf"(?<=[.;!?])\s+|{_BLOCK}")
_PART = re.compile(rf"(?<=[.;:!?])\s+|{_BLOCK}")


def split_sentences(text: str, *, at_colon: bool = True) -> tuple[str, ...]:
    """Return the sentences of a text in order, without empty ones; `at_colon` says whether a colon ends one."""
    pattern = _PART if at_colon else _SENTENCE
    return tuple(sentence for sentence in pattern.split(text) if sentence.strip())
