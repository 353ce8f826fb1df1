"""The library: what the command line does, from Python.

    import avenant

    text = avenant.load("openai-dow@1")                       # an id under ./agreements, or a path
    decision = text.decide({"organisation": "nsa", "purpose": "translation"})
    decision.outcome, [c.label for c in decision.cited]       # 'refused', ['§9 agencies']

    report = text.check()                                     # loopholes, and what else to know before signing
    text.compare(avenant.load("openai-dow@0")).order          # how this text stands to another one

Everything returned is a frozen struct of the data model: `msgspec.json.encode` prints it as `--json` does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, compile_text
from avenant.agreement.consolidate import announcements, stated
from avenant.agreement.types import Clause, Dossier, InForce
from avenant.decide.decider import Decider
from avenant.decide.explain import explained
from avenant.decide.facts import checked, parse_fact
from avenant.decide.types import Explained, Fact, Standing
from avenant.errors import InputError
from avenant.instants import Instant, instant
from avenant.languages import say

if TYPE_CHECKING:
    from avenant.agreement.reading.ordinary import OrdinaryUse
    from avenant.analyse.compare.declared_effect import Act
    from avenant.analyse.remedy import Remedies
    from avenant.analyse.types import Comparison, Report
    from avenant.prose.types import Wording

Given = Mapping[str, str | Sequence[str]] | Iterable[Fact]


class Text(Struct, frozen=True, dict=True):
    """One text of a dossier: a draft, or what is in force at a moment."""

    dossier: Dossier
    in_force: InForce
    others: tuple[InForce, ...] = ()  # the same text between its other dates of change

    @property
    def is_last(self) -> bool:
        """Whether it is the text after the last instrument of its dossier, so that an amendment can follow it."""
        return self.in_force.number == self.dossier.instruments[-1].number

    @cached_property
    def compiled(self) -> CompiledText:
        """The text compiled, with the principles of public statements, whenever they were made."""
        return compile_text(self.in_force, self.stated)

    @cached_property
    def _others(self) -> tuple[CompiledText, ...]:
        return tuple(compile_text(other, self.stated) for other in self.others)

    @cached_property
    def decider(self) -> Decider:
        """What decides under the compiled text."""
        return Decider(self.compiled)

    def decide(self, facts: Given) -> Explained:
        """Decide one call, and put the decision in words; `decider.decide` decides alone.

        `facts`: axis -> category, or several categories, supposed established; or `Fact`s with a standing of their own.
        Raises InputError for an axis or category that the vocabulary does not know.
        """
        if isinstance(facts, Mapping):
            facts = [
                Fact(axis, category, "asked", Standing.ESTABLISHED)
                for axis, value in facts.items()
                for category in ((value,) if isinstance(value, str) else value)
            ]
        facts = tuple(facts)
        checked(((f.axis, f.category) for f in facts), self.in_force.vocabulary, None)
        return explained(self.decider.decide(facts), self.in_force)

    def check(
        self,
        *,
        ordinary: str | Path | None = None,
        remedies: bool = True,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[str, int], None] | None = None,
    ) -> Report:
        """All findings on this text, each with its remedy where one is proved: the report of the command line.

        `remedies=False` spares the search for them; the digest is the same, as it does not cover them.
        `ordinary` is a file of ordinary uses, by default the dossier's own `ordinary.yaml`. `stop` is asked now and
        then; True ends the search early, and the report says so. `progress` is told the label of the principle that is
        being asked about and how many loopholes in it were found so far, or the code of a check and 0.
        """
        from avenant.analyse.checks.ordinary import with_ordinary
        from avenant.analyse.report import check

        uses = self.ordinary(ordinary)
        report = check(
            self.compiled,
            statements=announcements(self.dossier, self.in_force.vocabulary),
            others=self._others,
            stop=stop,
            progress=progress,
        )
        report = with_ordinary(report, self.compiled, uses)
        if not (remedies and report.complete):
            return report
        from avenant.analyse.remedy import with_remedies

        return with_remedies(report, self._remedies(report, uses))

    def compare(
        self,
        other: Text,
        *,
        bodies: Mapping[str, str] | None = None,
        inside: bool = False,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[str, int], None] | None = None,
    ) -> Comparison:
        """What changes from this text to the other one.

        `bodies` says of organisations of the other text which they are in this one; `inside` asks that it be said of
        all of them, as whoever asks whether the other text stays inside this one must. Raises InputError if not.
        """
        from avenant.analyse.compare.compare import compare

        return compare(
            self.in_force,
            other.in_force,
            other.stated,
            acts=tuple(_acts(self, other)),
            stated=tuple((bodies or {}).items()),
            inside=inside,
            stop=stop,
            progress=progress,
        )

    def ordinary(self, file: str | Path | None = None) -> tuple[OrdinaryUse, ...]:
        """The ordinary uses in a file, by default in the dossier's `ordinary.yaml`; none where that does not exist.

        Raises InputErrors with every fault of the file.
        """
        from avenant.agreement.reading.ordinary import FILE
        from avenant.agreement.reading.read import read_ordinary

        path = Path(file) if file is not None else Path(self.dossier.path) / FILE
        if file is None and not os.path.lexists(path):
            return ()
        return read_ordinary(path, self.in_force.vocabulary)

    def remedies(self, report: Report, ordinary: str | Path | None = None) -> Remedies:
        """What would close the findings of a report on this text, proved on the text that comes of it.

        `ordinary` is a file of required uses, by default the dossier's own: they stay permitted.
        """
        return self._remedies(report, self.ordinary(ordinary))

    def _remedies(self, report: Report, required: tuple[OrdinaryUse, ...]) -> Remedies:
        from avenant.analyse.remedy import Remedies
        from avenant.consent import trying

        number = self.in_force.number
        return Remedies(
            self.compiled,
            required,
            report,
            replace(self.dossier, instruments=self.dossier.instruments[: number + 1]),
            lambda: trying(self.dossier, number, datetime.now(UTC)),
            others=self._others,
        )

    def wording(self) -> Wording:
        """The findings on the words of this text alone; nothing is proved."""
        from avenant.prose import of_text

        return of_text(self.in_force)

    @cached_property
    def stated(self) -> tuple[tuple[str, Clause], ...]:
        """The principles that were stated in public beside the text, each with its statement's id."""
        return stated(self.dossier, self.in_force.vocabulary)


def wording(
    text: str,
    name: str = "text",
    *,
    language: str | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Wording:
    """The findings on the words of any text, Markdown or plain, in English or French, without a dossier.

    `language` (`en`, `fr`) forces it; else it is found. `stop` is asked now and then; True ends it early, and what
    comes back says so. `progress` is told the line that is being read.
    """
    from avenant.prose import Watch, of_prose

    return of_prose(text, name, language, Watch(progress, stop))


def load(name: str | Path, *, on: str | Instant | None = None) -> Text:
    """Read a dossier, or one text of it: `DOSSIER`, `DOSSIER@N`, a path or an id under `./agreements`.

    Without `@N`, the text in force at `on` (default: now); with it, the text after instrument N at its effect, or at
    `on`. Raises InputError, or InputErrors with everything that is wrong in the dossier.
    """
    from avenant.agreement.reading.read import read_dossier

    path, number = located(str(name))
    moment = instant(on) if isinstance(on, str) else on
    return _text(read_dossier(path), number, moment)


def _text(dossier: Dossier, number: int | None, moment: Instant | None) -> Text:
    from avenant.consent import text_at, texts_beside

    now = datetime.now(UTC)
    text = text_at(dossier, number, moment, now=now)
    return Text(dossier, text, texts_beside(dossier, text, now))


def _acts(before: Text, after: Text) -> Iterator[Act]:
    """The instruments of one dossier that lead from the one text to the other; none backwards, none to another's."""
    from avenant.analyse.compare.declared_effect import Act
    from avenant.consent import text_at

    one, other = before.in_force, after.in_force
    if one.agreement != other.agreement:
        return
    last = one
    for instrument in after.dossier.instruments[one.number + 1 : other.number + 1]:
        if instrument.number == other.number:
            text = other
        else:
            text = text_at(after.dossier, instrument.number, None, now=datetime.now(UTC))
        yield Act(instrument, last, text)
        last = text


def located(name: str) -> tuple[Path, int | None]:
    """The folder and the number that `DOSSIER[@N]` means; raises InputError `no-dossier`, `file-not-dossier`."""
    from avenant.agreement.reading.read import split_name

    base, number = split_name(name)
    for path in (Path(base), Path("agreements") / base):
        # `os.path`: a name that no file can have is a folder that is not there, and no error of its own.
        if os.path.isdir(path):
            return path, number
    if os.path.isfile(base):
        folder = Path(base).parent
        within = Path(base).suffix == ".md" and (folder / "0-agreement.md").is_file()
        hint = (
            say("library.file-within-hint", folder=str(folder))
            if within
            else say("library.file-not-dossier-hint", file=base)
        )
        raise InputError("file-not-dossier", say("library.file-not-dossier", file=base), None, hint)
    agreements = sorted(p.name for p in Path("agreements").glob("*") if p.is_dir())
    known = ", ".join(agreements) or say("library.none")
    hint = say("library.no-dossier-hint", known=known)
    raise InputError("no-dossier", say("library.no-dossier", name=base), None, hint)


def asked(
    facts: Iterable[str], claimed: Iterable[str], suspected: Iterable[str]
) -> tuple[Fact, ...]:
    """Facts as people write them, `axis=category`: the first kind supposed established."""
    kinds = (
        (facts, Standing.ESTABLISHED, "asked"),
        (claimed, Standing.CLAIMED, "caller"),
        (suspected, Standing.SUSPECTED, "observer"),
    )
    return tuple(
        Fact(*parse_fact(text), source, standing)
        for texts, standing, source in kinds
        for text in texts
    )
