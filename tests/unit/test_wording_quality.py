"""The labelled sentences and how they are counted: a wrong label, a miss and a false alarm all show."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from avenant.findings.types import Severity
from avenant.prose.types import Category
from bench.wording_quality import HERE, SAMPLES, Counts, measured


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_label_is_of_its_sentence(sample: str) -> None:
    """A label names a kind, a severity and words that stand in the sentence; a sentence has its source and language."""
    for entry in yaml.safe_load((HERE / f"{sample}.yaml").read_text("utf-8")):
        assert entry["language"] in ("en", "fr")
        assert entry["source"]
        for label in entry["findings"]:
            assert Category(label["category"])
            assert Severity(label["severity"])
            assert label["words"].lower() in entry["text"].lower()


def test_no_sentence_is_in_two_samples() -> None:
    """What was looked at while the lists were written or corrected is not what they are measured on."""
    tuning, seen, held_out = (
        {entry["text"] for entry in yaml.safe_load((HERE / f"{sample}.yaml").read_text("utf-8"))}
        for sample in SAMPLES
    )
    assert set() == (tuning & seen) | (tuning & held_out) | (seen & held_out)
    assert len(held_out) >= 2 * max(len(tuning), len(seen))


def counted(*labels: tuple[str, str, str]) -> tuple[list[int], list[int], list[str]]:
    """Right, false and missed over all, and among errors, of one sentence with one finding in it."""
    entry: dict[str, Any] = {
        "text": "You must not knowingly lie.",
        "language": "en",
        "findings": [
            dict(zip(("category", "words", "severity"), label, strict=True)) for label in labels
        ],
    }
    tables, wrong = measured([entry])
    return _three(tables["all"]["all"]), _three(tables["severity"]["error"]), wrong


def _three(counts: Counts) -> list[int]:
    return [counts.right, counts.false, counts.missed]


def test_what_is_right_wrong_and_missed() -> None:
    """The count can fail in every way, and says where."""
    assert ([1, 0, 0], [1, 0, 0], []) == counted(("intent", "knowingly", "error"))
    assert ([0, 1, 0], [0, 1, 0]) == counted()[:2]
    assert ([0, 1, 1], [0, 1, 1]) == counted(("degree", "knowingly", "error"))[:2]
    assert ([1, 0, 0], [0, 1, 0]) == counted(("intent", "knowingly", "note"))[:2]
    assert ([1, 0, 1], [1, 0, 1]) == counted(
        ("intent", "knowingly", "error"), ("degree", "lie", "error")
    )[:2]
    assert 1 == len(counted()[2])
