"""How well the wording analysis reads: precision and recall on labelled sentences of published texts.

    python bench/wording_quality.py [tuning|seen|held_out] [--json]

`wording/tuning.yaml` was looked at while the lists were written, and `wording/seen.yaml` when they were corrected;
`wording/held_out.yaml` was not. The last two were labelled without sight of the lists, by the description at the top of
the first. A finding matches a labelled one of its category that shares a word;
where severities are counted, of its severity too. Every miss and every false alarm is printed.

Left out are findings on terms and references (undefined, unused, redefined, drifting, dangling): whether a term is
defined and a section there, only the whole text can tell.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from avenant.findings.types import Severity
from avenant.prose.definitions import defined_tree, definitions_of
from avenant.prose.passages import Passage, Watch
from avenant.prose.prose import read_prose
from avenant.prose.tokens import split_words
from avenant.prose.types import severity

HERE = Path(__file__).parent / "wording"
SAMPLES = ("tuning", "seen", "held_out")


@dataclass(frozen=True, slots=True)
class Said:
    """One finding, labelled or found."""

    category: str
    words: str
    severity: str

    def matches(self, other: Said) -> bool:
        """Whether both are about the same words in the same way; severity is counted apart."""
        shared = set(split_words(self.words)) & set(split_words(other.words))
        return self.category == other.category and bool(shared)


@dataclass(slots=True)
class Counts:
    """Findings that match a label, those that do not, and labels that nothing matched."""

    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Of what was found, how much is right."""
        found = self.right + self.false
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Of what is there, how much was found."""
        there = self.right + self.missed
        return self.right / there if there else None


def found_in(entry: Mapping[str, Any]) -> list[Said]:
    """What the analysis finds in a sentence, under its lead-in."""
    text, begins = entry["text"], 0
    if lead := entry.get("lead"):  # the lead-in's own marks are not asked for
        text = f"{lead.rstrip(' :')}:\n\n- {text}\n"
        begins = text.index("\n")
    passage = Passage(read_prose(text), entry["language"], forced=True)
    found: dict[tuple[str, tuple[str, ...]], Said] = {}
    for mark in passage.marks(defined_tree(definitions_of([passage])), Watch()):
        words = passage.prose.words(mark.start, mark.end)
        one = Said(mark.category.value, words, severity(mark.effect, mark.polarity).value)
        key = (one.category, split_words(words))
        if mark.start >= begins and (key not in found or _grave(one) < _grave(found[key])):
            found[key] = one
    return list(found.values())


def _grave(one: Said) -> int:
    """0 for an error, 1 for a warning, 2 for a note."""
    return [grade.value for grade in Severity].index(one.severity)


def labelled(entry: Mapping[str, Any]) -> list[Said]:
    """What the label expects."""
    return [Said(f["category"], f["words"], f["severity"]) for f in entry["findings"]]


def paired(found: list[Said], there: list[Said]) -> Iterator[tuple[Said | None, Said | None]]:
    """Each finding with its label: one of its severity first, else any; then the labels left over."""
    left = list(there)
    rest: list[Said] = []
    for one in found:
        same = [t for t in left if t.matches(one) and t.severity == one.severity]
        if same:
            left.remove(same[0])
            yield one, same[0]
        else:
            rest.append(one)
    for one in rest:
        near = next((t for t in left if t.matches(one)), None)
        if near is not None:
            left.remove(near)
        yield one, near
    for one in left:
        yield None, one


def measured(entries: list[dict[str, Any]]) -> tuple[dict[str, dict[str, Counts]], list[str]]:
    """Counts by category, severity and language, and a line for whatever was not as labelled."""
    tables: dict[str, dict[str, Counts]] = {
        name: defaultdict(Counts) for name in ("category", "severity", "language", "all")
    }
    wrong: list[str] = []
    for entry in entries:
        for found, there in paired(found_in(entry), labelled(entry)):
            exact = found is not None and there is not None and found.severity == there.severity
            either = found or there
            assert either is not None, "a pair has one side at least"
            for table, key in (
                ("category", either.category),
                ("language", entry["language"]),
                ("all", "all"),
            ):
                counts = tables[table][key]
                counts.right += bool(found and there)
                counts.false += there is None
                counts.missed += found is None
            if found:
                counts = tables["severity"][found.severity]
                counts.right += exact
                counts.false += not exact
            if there and not exact:
                tables["severity"][there.severity].missed += 1
            if not exact:
                wrong.append(_line(entry, found, there))
    return tables, wrong


def _line(entry: Mapping[str, Any], found: Said | None, there: Said | None) -> str:
    if found and there:
        what = f"severity  {found.category} {found.words!r} is {there.severity}, found {found.severity}"
    elif found:
        what = f"false     {found.severity} {found.category} {found.words!r}"
    else:
        assert there is not None
        what = f"missed    {there.severity} {there.category} {there.words!r}"
    lead = f"[{entry['lead']}] " if entry.get("lead") else ""
    return f"{what}\n            {lead}{entry['text']}"


def _shown(name: str, counts: Counts) -> str:
    def share(value: float | None) -> str:
        return "   –" if value is None else f"{value:4.2f}"

    numbers = f"{counts.right:4} right {counts.false:4} false {counts.missed:4} missed"
    return (
        f"  {name:16} precision {share(counts.precision)}  recall {share(counts.recall)}  {numbers}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sample", nargs="?", choices=SAMPLES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--quiet", action="store_true", help="leave out the misses and false alarms"
    )
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    for sample in (given.sample,) if given.sample else SAMPLES:
        file = HERE / f"{sample}.yaml"
        if not file.exists():
            continue
        entries = yaml.safe_load(file.read_text("utf-8"))
        tables, wrong = measured(entries)
        languages = Counter(entry["language"] for entry in entries)
        figures[sample] = {
            "sentences": len(entries),
            **{
                table: {
                    key: {"precision": c.precision, "recall": c.recall, "found": c.right + c.false}
                    for key, c in rows.items()
                }
                for table, rows in tables.items()
            },
        }
        if given.json:
            continue
        print(f"{sample}: {len(entries)} sentences, {dict(languages)}")
        for table, rows in tables.items():
            print(f" by {table}")
            for key in sorted(rows):
                print(_shown(key, rows[key]))
        if not given.quiet:
            print(" not as labelled")
            print("\n".join(f"  {line}" for line in wrong))
    if given.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
