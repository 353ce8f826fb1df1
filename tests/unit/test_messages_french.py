"""French says all that English says, in the same rooms, in French words and with French spaces."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from avenant import languages
from avenant.instants import instant, shown
from avenant.languages import LANGUAGES, numeral, plural, quoted, say, trouble
from avenant.languages.read import catalogue

FOLDER = Path(languages.__file__).parent
CODE = re.compile(r"`[^`]*`|\{[^{}]*\}")
# Words that English sentences cannot do without, and French ones have no use for.
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "the of and is are was be been with without this that these those from for not no which what who whose by to"
        " its it has have does nobody nothing each every other than there here when where write give see must may can",
    )
)


@pytest.fixture
def _french() -> object:
    """The process speaks French for one test."""
    languages.speak("fr")
    yield
    languages.speak("en")


def tables(language: str) -> dict[str, set[str]]:
    """File -> its first-level tables."""
    files = sorted((FOLDER / language / "messages").glob("*.toml"))
    return {file.name: set(tomllib.loads(file.read_text("utf-8"))) for file in files}


def test_french_says_what_english_says() -> None:
    """Neither catalogue has a sentence that the other lacks."""
    english, french = set(catalogue("en")), set(catalogue("fr"))
    assert ([], []) == (sorted(english - french), sorted(french - english))


def test_a_sentence_stands_in_the_same_room() -> None:
    """A file of one language has the tables of the file of that name in the other."""
    assert tables("en") == tables("fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_stands_in_one_file(language: str) -> None:
    """No file can override another's sentences, in whatever order they are read."""
    found = Counter(table for names in tables(language).values() for table in names)
    assert [] == [table for table, count in found.items() if count > 1]


def english_left(sentence: str) -> list[str]:
    """The words of a French sentence that only English has."""
    return [
        w for w in re.findall(r"[a-zàâçéèêëîïôûùüœ'-]+", CODE.sub("", sentence)) if w in ENGLISH
    ]


def badly_spaced(sentence: str) -> list[str]:
    """Signs with an ordinary space, or none at all, where French has one that does not break."""
    prose = CODE.sub("x", sentence)
    return re.findall(
        r" [;:?!»](?![\w(-])|«(?![\u202f\u00a0])|(?<![\u202f\u00a0])»|\w[;?!](?=\s|$)", prose
    )


def test_no_english_is_left() -> None:
    """A sentence that somebody forgot to translate is seen by its smallest words."""
    found = {key: english_left(s) for key, s in catalogue("fr").items() if english_left(s)}
    assert {} == found


def test_french_spaces() -> None:
    """Before ; : ? ! and inside « » stands U+202F, or U+00A0: no line ends there."""
    found = {key: badly_spaced(s) for key, s in catalogue("fr").items() if badly_spaced(s)}
    assert {} == found


@pytest.mark.parametrize("key", ["outcome.refused", "consent.gap", "cli.verb.check", "phrases.but"])
def test_forgotten_english_would_be_seen(key: str) -> None:
    """The smell test can fail: most English sentences have such a word, and these differ from the French."""
    assert catalogue("fr")[key] != catalogue("en")[key]
    long = [s for s in catalogue("en").values() if len(s.split()) > 5]
    assert 0.9 * len(long) < len([s for s in long if english_left(s)])


@pytest.mark.parametrize("wrong", ["un constat :", "«mot»", "« mot »", "pourquoi?", "ceci ; cela"])
def test_a_wrong_space_would_be_seen(wrong: str) -> None:
    """The check of spaces can fail."""
    assert badly_spaced(wrong)


@pytest.mark.usefixtures("_french")
def test_none_is_singular_in_french() -> None:
    """French counts none as one: « 0 contournement », « 2 contournements »."""
    said = [plural("cli.check.ways-short", count) for count in (0, 1, 2, 1_500)]
    assert [
        "0 contournement",
        "1 contournement",
        "2 contournements",
        "1\u202f500 contournements",
    ] == said


def test_none_is_plural_in_english() -> None:
    """English does not: "0 loopholes"."""
    said = [plural("cli.check.ways-short", count) for count in (0, 1, 2, 1_500)]
    assert ["0 loopholes", "1 loophole", "2 loopholes", "1,500 loopholes"] == said


@pytest.mark.usefixtures("_french")
def test_dates_numbers_and_quotations_are_french() -> None:
    """The first of a month is « 1er », thousands are set apart by U+202F, decimals by a comma."""
    assert "1er mars 2026" == shown(instant("2026-03-01"))
    assert "2 mars 2026 à 14:30:00 UTC" == shown(instant("2026-03-02T14:30:00Z"))
    assert ("1\u202f000\u202f000", "0,4") == (numeral(1_000_000), numeral(0.4, 1))
    assert "«\u202fsurveillance\u202f»" == quoted("surveillance")


def test_one_sentence_in_another_language() -> None:
    """`lang=` says one sentence in a language without changing that of the process."""
    assert ("refusé", "refused") == (say("outcome.refused", lang="fr"), say("outcome.refused"))


@pytest.mark.usefixtures("_french")
def test_what_the_system_says_is_french(tmp_path: Path) -> None:
    """A file that is not there, and a reason that the catalogue does not know, which stays the system's own."""
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "none").read_bytes()
    assert "ce fichier ou ce répertoire n'existe pas" == trouble(caught.value)
    assert "Bad address" == trouble(OSError(14, "Bad address"))
    assert "no number at all" == trouble(ValueError("no number at all"))


def test_a_french_singular_counts() -> None:
    """Where French says none in the singular, « 1 » would be wrong: the count itself stands in each such sentence."""
    singular = {key: s for key, s in catalogue("fr").items() if key.endswith(".one")}
    assert {} == {key: s for key, s in singular.items() if re.search(r"\b1\b", s)}
