"""Of any text: reading loses nothing, line breaks do not matter, and what is added takes nothing away."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from avenant.library import wording
from avenant.prose.prose import read_prose
from avenant.prose.tokens import tokenised

MARKUP = st.text(
    alphabet=st.sampled_from('aé.I1x \n\t-*+•–#>|`~_[]()<!&;:{}\\"«»’\x00\u00ad\ufeff§'),
    max_size=80,
)
ANY = st.one_of(st.text(max_size=120), MARKUP)

SENTENCES = (
    "You must not knowingly lie, except as permitted by applicable law.",
    "The agency may share data at its sole discretion, including for research.",
    "Nothing in this policy prohibits reasonable tests.",
    "Decisions must be reviewed promptly.",
    "No use of the tool for significant decisions unless a human judges them.",
    "L'outil ne doit pas être utilisé sciemment, sauf si la loi le permet.",
    "Les données peuvent être partagées avec des partenaires, notamment.",
    "Nul ne peut, sans motif légitime, tromper délibérément quiconque.",
)
UNRELATED = (
    "The sky is blue.",
    "Two and two make four.",
    "The meeting began at noon, and everybody came.",
    "Le ciel est bleu.",
)


def found(text: str) -> list[tuple[str, str, str]]:
    """Kind, words and severity of what is found."""
    return [(f.code, f.words[0], f.severity.value) for f in wording(text).findings]


@given(ANY)
def test_reading_loses_no_character(text: str) -> None:
    """What is not blank stands in exactly one piece, and in exactly one of its sentences."""
    prose = read_prose(text)
    assert len(prose.source) == len(prose.plain)
    ends = 0
    for piece in prose.pieces:
        assert not prose.plain[ends : piece.start].strip(" \t\n\x00")
        assert ends <= piece.start <= piece.end
        ends = piece.end
    assert not prose.plain[ends:].strip(" \t\n\x00")
    tokens = tokenised(prose)
    for number, piece in enumerate(prose.pieces):
        parts = [s for s in tokens.sentences if s.piece == number]
        assert (piece.start, piece.end) == (parts[0].start, parts[-1].end)
        assert all(a.end == b.start and a.last == b.first for a, b in pairwise(parts))


@given(ANY)
def test_any_text_is_read_to_its_end(text: str) -> None:
    """No text makes the analysis fail, and every finding stands at a line of the text."""
    report = wording(text, "t")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= int(f.at.removeprefix("t:")) <= lines for f in report.findings)
    assert len({f.id for f in report.findings}) == len(report.findings)


@given(st.sampled_from(SENTENCES), st.data())
def test_line_wrapping_changes_nothing(sentence: str, data: st.DataObject) -> None:
    """Wherever the lines break, the same is found."""
    words = sentence.split(" ")
    gaps = data.draw(
        st.lists(
            st.sampled_from([" ", "\n", "  ", "\n  "]), min_size=len(words), max_size=len(words)
        )
    )
    wrapped = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    assert found(sentence) == found(wrapped)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True), st.data())
def test_an_unrelated_sentence_takes_nothing_away(
    sentences: list[str], data: st.DataObject
) -> None:
    """Whatever is added before, between or behind, in the same paragraph or another: what was found is found."""
    gaps = st.sampled_from(["\n\n", " "])
    added = data.draw(st.sampled_from(UNRELATED))
    at = data.draw(st.integers(0, len(sentences)))
    with_it = [*sentences[:at], added, *sentences[at:]]
    # Each text in a paragraph of its own: which language a mixed paragraph is in is another question.
    before = found("\n\n".join(sentences))
    assert set(before) <= set(found("\n\n".join(with_it)))
    one = sentences[0]
    gap = data.draw(gaps)
    english = "L'" not in one and "Les" not in one and "Nul" not in one
    beside = UNRELATED[0] if english else UNRELATED[3]
    assert set(found(one)) <= set(found(f"{beside}{gap}{one}")) & set(found(f"{one}{gap}{beside}"))


@given(st.sampled_from(SENTENCES))
def test_case_changes_nothing(sentence: str) -> None:
    """Shouting hides nothing: the same words with the same severity."""
    quiet = {(code, words.lower(), grave) for code, words, grave in found(sentence)}
    loud = {(code, words.lower(), grave) for code, words, grave in found(sentence.upper())}
    assert quiet == loud
