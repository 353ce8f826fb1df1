"""Hypothesis strategies for small agreements over the vocabulary of `small_texts`: contract-shaped, a few clauses.

A rule tests one to four axes once each, as clauses do, and may have an `unless` of one or two tests, joined by `&&` or
by `||`; one rule in six joins its tests by `||`.
"""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from avenant.agreement.types import InForce
from avenant.vocabulary.types import Vocabulary
from tests.small_texts import small_text, vocabulary

SPOKEN = vocabulary()


def test_of(spoken: Vocabulary, axis: str, id: str) -> str:
    """One test as Cedar writes it."""
    found = spoken.axis(axis)
    assert found is not None
    return f'{found.role} in {found.entity}::"{id}"'


test_of.__test__ = False  # type: ignore[attr-defined]  # its name is for the readers of rules


@st.composite
def rules(draw: st.DrawFn, effect: str, spoken: Vocabulary = SPOKEN) -> str:
    """One rule of an effect, as Cedar text."""

    def some(most: int, within: Mapping[str, str]) -> dict[str, str]:
        """A category an axis; on an axis of `within`, one strictly below that category."""
        chosen: dict[str, str] = {}
        for axis in draw(st.lists(st.sampled_from(axes), min_size=1, max_size=most, unique=True)):
            ids = [c.id for c in spoken.categories if c.axis == axis]
            if axis in within:
                ids = [i for i in ids if within[axis] in list(spoken.above(axis, i))[1:]]
            if ids:
                chosen[axis] = draw(st.sampled_from(ids))
        return chosen

    axes = [a.id for a in spoken.axes]
    tested = some(4, {})
    glue = " || " if draw(st.integers(0, 5)) == 5 else " && "
    text = f"{effect} (principal, action, resource) when {{ {_joined(spoken, tested, glue)} }}"
    excepted = some(2, tested) if draw(st.booleans()) else {}
    if excepted:
        glue = draw(st.sampled_from((" && ", " || ")))
        text += f" unless {{ {_joined(spoken, excepted, glue)} }}"
    return f"{text};"


def _joined(spoken: Vocabulary, tests: Mapping[str, str], glue: str) -> str:
    return glue.join(test_of(spoken, axis, id) for axis, id in tests.items())


@st.composite
def texts(draw: st.DrawFn, spoken: Vocabulary = SPOKEN, number: int = 0) -> InForce:
    """A text of one to three permits, up to four bans, and one principle of one or two forbids."""
    permits = draw(st.lists(rules("permit", spoken), min_size=0, max_size=2))
    if draw(st.booleans()):
        permits.append("permit (principal, action, resource);")
    bans = draw(st.lists(rules("forbid", spoken), min_size=1, max_size=4))
    clauses = {f"c{n}": source for n, source in enumerate((*permits, *bans))}
    principle = " ".join(draw(st.lists(rules("forbid", spoken), min_size=1, max_size=2)))
    return small_text(clauses, {"p": principle}, spoken, number=number)
