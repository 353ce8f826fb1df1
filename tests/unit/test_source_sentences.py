"""Sentences of a clause's text."""

from __future__ import annotations

from avenant.source.sentences import split_sentences


def test_marks_end_a_sentence() -> None:
    """A full stop and a colon end a sentence; the mark stays with it."""
    assert split_sentences("No use. It yields: none.") == ("No use.", "It yields:", "none.")


def test_a_colon_can_belong_to_its_sentence() -> None:
    """A colon ends nothing where the caller says so."""
    assert split_sentences("It yields: none; ever.", at_colon=False) == (
        "It yields: none;",
        "ever.",
    )


def test_blocks_end_a_sentence() -> None:
    """An empty line and a list item end a sentence that has no mark; a wrapped line does not."""
    assert split_sentences("no\nuse\n\nthen\n- one\n- two") == (
        "no\nuse",
        "then",
        "- one",
        "- two",
    )
