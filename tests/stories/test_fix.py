"""From a finding to the amendment that closes it, through the real command; and what it says to who asks wrongly."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from avenant.analyse.types import Report
from avenant.cli import app
from avenant.findings.types import Remedy, Severity
from avenant.library import load
from avenant.render.order import numbered
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, digest, written

Capsys = pytest.CaptureFixture[str]
SAMPLE = ROOT / "agreements" / "openai-dow"
# An exception that lets past all that its ban binds.
WIDE = AGREEMENT.replace(
    "## R1 No watching",
    "## 5. Teaching {#teaching}\n\nNo [training](#purpose.training), unless"
    " [lawful](#legality.lawful).\n\n```cedar\n"
    'forbid (principal, action, resource) when { resource in Purpose::"training" }\n'
    'unless { resource in Legality::"lawful" };\n```\n\n## R1 No watching',
)
# Minors are never profiled; a permission to profile, and no prohibition that speaks of age.
PROFILING = (
    AGREEMENT[: AGREEMENT.index("## 2. Purposes")]
    + """\
## 3. Profiling {#profiling}

The town may [profile](#operation.profile) with [browsing data](#data.browsing).

```cedar
permit (principal, action in Action::"profile", resource) when { resource in Data::"browsing" };
```

## 4. Police {#police}

The town may [translate](#operation.translate).

```cedar
permit (principal, action in Action::"translate", resource);
```

## R1 {#r1 .principle}

"Minors are never profiled." Said on 1 January 2026.

```cedar
forbid (principal, action in Action::"profile", resource) when { resource in Age::"minors" };
```
"""
)


def described(expect: str, also: str = "age: minors") -> str:
    """The same with a scenario of the permission, in which data and the axes of `also` are stated."""
    data = "" if "data" in also else "data: browsing"
    use = ", ".join(filter(None, ("operation: profile", data, also)))
    scenario = f"```scenario\nuse: {{{use}}}\nexpect: {expect}\n```\n\n"
    return PROFILING.replace("## 4. Police", f"{scenario}## 4. Police")


TRANSLATING = (
    "uses:\n  - {name: one, use: {organisation: library, purpose: translation, legality: lawful}}\n"
)


def errors_but_of_words(report: Report) -> int:
    """How many findings that are errors are about more than words."""
    grave = (f for f in report.findings if f.severity is Severity.ERROR)
    return sum(not f.code.startswith("wording") for f in grave)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The sample in a folder of its own, as a person would copy it."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "dow"))


def said(capsys: Capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command in English."""
    code = app.run(["--lang", "en", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def relink(dossier: Path) -> None:
    """Name in each instrument the digest of the one before it, as it is now."""
    files = sorted(f for f in dossier.glob("[0-9]-*.md") if f.name.count(".") == 1)
    for before, file in pairwise(files):
        text = re.sub(
            "previous: .*", f"previous: {digest(before.read_bytes())}", file.read_text("utf-8")
        )
        file.write_text(text, "utf-8")


def report(capsys: Capsys, dossier: str) -> Report:
    """The report of `check --json`."""
    _, out, _ = said(capsys, "check", dossier, "--json")
    return msgspec.json.decode(out, type=Report)


def test_one_loophole_after_another_until_none_is_left(sample: Path, capsys: Capsys) -> None:
    """Each `--fix 1 --write` closes what it says, opens none and loses no ordinary use, until no way is left."""
    files = set(sample.iterdir())
    for number in range(3, 9):
        before = report(capsys, f"{sample}@{number - 1}")
        ways = [f for f in before.findings if f.code == "loophole"]
        if not ways:
            break
        remedy = ways[0].remedy
        assert isinstance(remedy, Remedy)
        code, out, err = said(capsys, "check", f"{sample}@{number - 1}", "--fix", "1", "--write")
        assert (0, "") == (code, err)
        assert "all 28 ordinary uses" in out
        assert f"{number}-amendment.md, " in out
        after = report(capsys, f"{sample}@{number}")
        left = {f.id for f in after.findings if f.code == "loophole"}
        assert left == {f.id for f in ways} - set(remedy.closes)
        assert after.ordinary == before.ordinary
        # A vague word that a closed loophole showed is an error of its own again.
        assert errors_but_of_words(after) < errors_but_of_words(before)
        code, out, _ = said(capsys, "compare", f"{sample}@{number - 1}", f"{sample}@{number}")
        assert out.startswith("stricter ")
    assert 7 == number
    new = sorted(p.name for p in set(sample.iterdir()) - files)
    assert [f"{n}-amendment{x}.md" for n in range(3, 7) for x in (".fr", "")] == new


def test_the_amendment_is_printed_for_who_does_not_write(sample: Path, capsys: Capsys) -> None:
    """Standard output is the document, ready for a file; the proof is on standard error, and nothing is written."""
    before = sorted(sample.rglob("*"))
    code, out, err = said(capsys, "check", str(sample), "--fix", "1")
    assert 0 == code
    assert err.startswith("proved: R1 as a clause of its own; closes 1, 2, 3")
    assert before == sorted(sample.rglob("*"))
    (sample / "3-amendment.md").write_text(out, "utf-8")
    text = load(f"{sample}@3").in_force
    clause = text.clause("r1-holds")
    assert clause is not None
    assert ("10", "Mass domestic surveillance") == (clause.number, clause.title)
    assert [i.number for i in load(sample).dossier.instruments] == [0, 1, 2, 3]


def test_it_is_written_in_both_languages(sample: Path, capsys: Capsys) -> None:
    """A dossier that is translated gets the translation too: the same links, and French words."""
    said(capsys, "check", str(sample), "--fix", "1", "--write")
    french = (sample / "3-amendment.fr.md").read_text("utf-8")
    assert "## Insérer après {#agencies}" in french
    assert "[surveillance](#purpose.surveillance)" in french
    assert "cedar" not in french


def test_without_required_uses_that_is_said(sample: Path, capsys: Capsys) -> None:
    """The remedy is the principle's own all the same; that no use is stated to be kept is said."""
    (sample / "ordinary.yaml").unlink()
    code, out, err = said(capsys, "check", str(sample), "--fix", "1")
    assert 0 == code
    assert "proved: R1 as a clause of its own; closes 1, 2, 3" in err
    assert "no ordinary use is stated" in " ".join(err.split())
    assert "{#r1-holds}" in out


def test_an_ordinary_use_in_the_way_leaves_no_remedy(sample: Path, capsys: Capsys) -> None:
    """What would be lost is named, the exit is 1, and the list says nothing of a remedy."""
    (sample / "ordinary.yaml").write_text(
        "uses:\n"
        "  - name: searching what is held\n"
        "    use: {organisation: army, operation: query, purpose: surveillance, population: us-citizens,\n"
        "          scale: bulk, effect: advice, legality: lawful}\n",
        "utf-8",
    )
    code, out, err = said(capsys, "check", str(sample), "--fix", "1")
    assert (1, "") == (code, out)
    assert err.startswith("no remedy is proved for loophole:r1:operation")
    assert 3 <= err.count("tried: ")
    assert "an ordinary use would be lost: searching what is held" in " ".join(err.split())
    _, out, _ = said(capsys, "check", str(sample))
    first = out[out.index(" 1  R1 by operation") : out.index(" 2  R1 by")]
    assert "to close" not in first


def test_a_signed_dossier_gets_a_draft_that_can_be_signed(tmp_path: Path, capsys: Capsys) -> None:
    """The signed text stays in force; the amendment after it is signed like any other."""
    text = AGREEMENT.replace("> **Accepted.** loophole:r1:intent: the town knows this.\n\n", "")
    for party in ("maker", "town"):
        assert 0 == app.run(["keys", "new", str(tmp_path / party)])
        public = capsys.readouterr().out.strip()
        text = re.sub(rf"({party}: {{.*keys: )\[\]", rf'\1["{public}"]', text)
    dossier = written(tmp_path / "dossier", {"0-agreement.md": text})

    def sign(file: str, knowing: str) -> None:
        for party in ("maker", "town"):
            own = ("--key", str(tmp_path / party), "--as", party)
            code, _, err = said(capsys, "sign", f"{dossier}/{file}", *own, "--knowing", knowing)
            assert (0, "") == (code, err)

    sign("0-agreement.md", report(capsys, str(dossier)).digest)
    code, _, err = said(capsys, "check", str(dossier), "--fix", "1", "--write")
    assert (0, "") == (code, err)
    assert report(capsys, str(dossier)).text.endswith("@0")  # what is signed stays in force
    closed = report(capsys, f"{dossier}@1")
    assert not [f for f in closed.findings if f.code == "loophole"]
    sign("1-amendment.md", closed.digest)
    assert report(capsys, str(dossier)).text.endswith("@1")


@pytest.mark.parametrize("number", ["0", "-1", "999"])
def test_a_number_that_no_finding_has(number: str, sample: Path, capsys: Capsys) -> None:
    """It is said how many there are."""
    code, out, err = said(capsys, "check", str(sample), "--fix", number)
    assert (2, "") == (code, out)
    assert f"there is no finding {number}: the report has " in err


def test_a_finding_that_nothing_proved_can_close(sample: Path, capsys: Capsys) -> None:
    """The kind is named, and the exit is 1: the finding stays."""
    findings = report(capsys, str(sample)).findings
    assert any(f.code == "unobservable" for f in findings)
    ways = sum(f.code == "loophole" for f in findings)
    code, out, err = said(capsys, "check", str(sample), "--fix", str(ways + 1))
    assert (1, "") == (code, out)
    assert "findings of the kind" in err


def test_an_older_text_is_not_amended(sample: Path, capsys: Capsys) -> None:
    """An amendment follows the last instrument: who asks about an older text is told which to ask about."""
    code, out, err = said(capsys, "check", f"{sample}@1", "--fix", "1")
    assert (2, "") == (code, out)
    assert "an amendment would follow 2-admission.md" in err
    assert f"avenant check {sample}@2" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--write"], "no finding is named"),
        (["--fix", "1", "--json"], "given too: --json"),
        (["--fix", "1", "--brief", "--show", "2"], "given too: --brief, --show"),
    ],
)
def test_fix_stands_alone(arguments: list[str], says: str, sample: Path, capsys: Capsys) -> None:
    """Nothing is written without a finding, and the document is not mixed with a report."""
    code, out, err = said(capsys, "check", str(sample), *arguments)
    assert (2, "") == (code, out)
    assert says in err


def test_a_file_that_is_there_is_never_overwritten(
    sample: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that appears meanwhile stays as it is: nothing is written at all."""
    from avenant.analyse.remedy.proof import Proof

    def meanwhile(*arguments: object) -> str:
        (sample / "3-amendment.fr.md").write_text("somebody else's", "utf-8")
        return ""

    monkeypatch.setattr(Proof, "objection", meanwhile)
    code, _, err = said(capsys, "check", str(sample), "--fix", "1", "--write")
    assert 2 == code
    assert "3-amendment.fr.md is there already" in err
    assert "somebody else's" == (sample / "3-amendment.fr.md").read_text("utf-8")
    assert not (sample / "3-amendment.md").exists()


def test_a_dead_clause_is_repealed(tmp_path: Path, capsys: Capsys) -> None:
    """A clause that changes nothing goes by a repeal, and what is permitted stays exactly the same."""
    again = (
        "## 5. Police again {#again}\n\nThe [police](#organisation.police) shall not use it for"
        " [training](#purpose.training).\n\n```cedar\n"
        'forbid (principal in Organisation::"police", action, resource)\n'
        'when { resource in Purpose::"training" };\n```\n\n'
    )
    dossier = written(
        tmp_path / "town",
        {"0-agreement.md": AGREEMENT.replace("## R1 No watching", f"{again}## R1 No watching")},
    )
    findings = report(capsys, str(dossier))
    (dead,) = [f for f in findings.findings if f.code == "dead-clause"]
    assert "again" == dead.clause
    assert isinstance(dead.remedy, Remedy)
    number = str(numbered(findings).index(dead) + 1)
    _, screen, _ = said(capsys, "check", str(dossier))
    assert f"to close     repeal §5 again; closes {number} (proved)" in screen
    code, out, err = said(capsys, "check", str(dossier), "--fix", number, "--write")
    assert (0, "") == (code, err)
    assert "proved: repeal §5 again" in out
    assert "## Repeal {#again}" in (dossier / "1-amendment.md").read_text("utf-8")
    assert not [f for f in report(capsys, f"{dossier}@1").findings if f.code == "dead-clause"]
    _, out, _ = said(capsys, "compare", f"{dossier}@0", f"{dossier}@1")
    assert out.startswith("equal ")


def test_an_exception_that_covers_its_ban_is_closed(tmp_path: Path, capsys: Capsys) -> None:
    """What the report offers, `--fix` writes: the same ban without the exception, after which the finding is gone."""
    dossier = written(tmp_path / "town", {"0-agreement.md": WIDE})
    (dossier / "ordinary.yaml").write_text(TRANSLATING, "utf-8")
    findings = report(capsys, str(dossier))
    (covering,) = [f for f in findings.findings if f.code == "exception-covers-rule"]
    assert isinstance(covering.remedy, Remedy)
    number = str(numbered(findings).index(covering) + 1)
    code, _, err = said(capsys, "check", str(dossier), "--fix", number, "--write")
    assert (0, "") == (code, err)
    after = report(capsys, f"{dossier}@1").findings
    assert not [f for f in after if f.code == "exception-covers-rule"]


def test_what_fails_when_it_is_applied_is_never_offered(
    sample: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One proof stands behind all: what it speaks against neither the report shows nor `--fix` writes."""
    from avenant.analyse.remedy.proof import Proof

    monkeypatch.setattr(Proof, "objection", lambda *_: "it is not so")
    assert not [f for f in report(capsys, str(sample)).findings if f.remedy]
    text = load(sample)
    remedies = text.remedies(text.check())
    assert not [f for f in text.check().findings if isinstance(remedies.of(f), Remedy)]
    code, out, err = said(capsys, "check", str(sample), "--fix", "1")
    assert (1, "") == (code, out)
    assert "but it is not so" in " ".join(err.split())


def test_what_the_report_offers_is_written(tmp_path: Path, capsys: Capsys) -> None:
    """Of each finding with a remedy, `--fix N` exits 0; of each without, it exits 1."""
    texts = (
        AGREEMENT,
        WIDE,
        PROFILING,
        described("permitted"),
        described("undetermined", "age: minors, data: any"),
    )
    for number, markdown in enumerate(texts):
        dossier = written(tmp_path / f"town-{number}", {"0-agreement.md": markdown})
        for n, finding in enumerate(numbered(report(capsys, str(dossier))), 1):
            code, _, err = said(capsys, "check", str(dossier), "--fix", str(n))
            assert (0 if finding.remedy else 1) == code, err


def test_an_older_text_shows_no_command_that_would_fail(sample: Path, capsys: Capsys) -> None:
    """An amendment follows the last instrument: an older text has its remedies, and no `--fix` beside them."""
    _, out, _ = said(capsys, "check", f"{sample}@1")
    assert "to close     R1 as a clause of its own" in out
    assert "--fix" not in out


def test_the_remedy_is_not_worse_than_the_loophole(tmp_path: Path, capsys: Capsys) -> None:
    """A permission that the principle touches in part keeps the rest: the remedy is the principle's own forbid."""
    dossier = written(tmp_path / "town", {"0-agreement.md": PROFILING})
    code, out, err = said(capsys, "check", str(dossier), "--fix", "1", "--write")
    assert (0, "") == (code, err)
    assert "proved: R1 as a clause of its own; closes 1" in out
    clause = load(f"{dossier}@1").in_force.clause("r1-holds")
    assert clause is not None
    assert ("5", "No profiling with minors") == (clause.number, clause.title)
    left = report(capsys, f"{dossier}@1")
    assert not [f for f in left.findings if f.code in ("loophole", "conflict", "dead-clause")]


def test_what_is_left_idle_is_said(tmp_path: Path, capsys: Capsys) -> None:
    """Where a permission is for nothing but what the principle rules out, the remedy says that it is left idle."""
    only = PROFILING.replace('{ resource in Data::"browsing" };', '{ resource in Age::"minors" };')
    dossier = written(tmp_path / "town", {"0-agreement.md": only})
    (loophole,) = [f for f in report(capsys, str(dossier)).findings if f.code == "loophole"]
    assert isinstance(loophole.remedy, Remedy)
    assert "§3 profiling then has a permission without effect" in loophole.remedy.summary


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "No profiling with minors"), ("fr", "Interdiction du profilage avec des mineurs")],
)
def test_a_title_says_what_the_clause_does(
    language: str, title: str, tmp_path: Path, capsys: Capsys
) -> None:
    """A principle that is called "R1", or "Principles", gives no title: the vocabulary's words do."""
    text = PROFILING.replace("language: en", f"language: {language}")
    for bare in ("R1", "Principles" if language == "en" else "Principes"):
        markdown = text.replace("## R1 {#", f"## {bare} {{#")
        dossier = written(tmp_path / f"{language}-{bare}", {"0-agreement.md": markdown})
        code, out, _ = said(capsys, "check", str(dossier), "--fix", "1")
        assert 0 == code
        assert f'title: "{title}"' in out
        assert f"### 5. {title} {{#r1-holds}}" in out


@pytest.mark.parametrize(
    ("expect", "open_axis", "after"),
    [
        ("permitted", "age: minors", "refused"),  # it recorded the loophole
        ("permitted", "", "undetermined"),  # it lies in the principle in part
        ("permitted", "age: adults", "permitted"),
        ("undetermined", "age: minors, data: any", "refused"),
    ],
)
def test_a_description_changes_with_the_remedy(
    expect: str, open_axis: str, after: str, tmp_path: Path, capsys: Capsys
) -> None:
    """A scenario that recorded what the text did does not object: the amendment replaces its clause."""
    dossier = written(tmp_path / "town", {"0-agreement.md": described(expect, open_axis)})
    assert not [f for f in report(capsys, str(dossier)).findings if f.code == "scenario"]
    code, out, err = said(capsys, "check", str(dossier), "--fix", "1", "--write")
    assert (0, "") == (code, err)
    assert (expect != after) == ("a scenario of §3 profiling changes with it" in out)
    amended = (dossier / "1-amendment.md").read_text("utf-8")
    assert (expect != after) == ("## Replace {#profiling}" in amended)
    clause = load(f"{dossier}@1").in_force.clause("profiling")
    assert clause is not None
    assert [after] == [s.expect for s in clause.scenarios]
    left = report(capsys, f"{dossier}@1").findings
    assert not [f for f in left if f.code in ("scenario", "loophole")]


def test_a_description_outside_what_is_closed_objects(tmp_path: Path, capsys: Capsys) -> None:
    """A prohibition without its exception may refuse more than the box of its finding: a scenario of that objects."""
    health = (
        "## 6. Health {#health}\n\nNo [training](#purpose.training) of the [library](#organisation.library) with"
        " [health data](#data.health).\n\n```cedar\n"
        'forbid (principal in Organisation::"library", action, resource)\n'
        'when { resource in Purpose::"training" && resource in Data::"health" };\n```\n\n'
    )
    said_why = []
    # Neither box of what is let past holds both.
    for n, use in enumerate(
        ("organisation: library, data: public", "organisation: town.other, data: health")
    ):
        scenario = f"```scenario\nuse: {{{use}, purpose: training, legality: lawful}}\nexpect: permitted\n```\n\n"
        markdown = WIDE.replace("## R1 No watching", f"{scenario}{health}## R1 No watching")
        dossier = written(tmp_path / f"town-{n}", {"0-agreement.md": markdown})
        findings = numbered(report(capsys, str(dossier)))
        (covering,) = [f for f in findings if f.code == "exception-covers-rule"]
        number = str(findings.index(covering) + 1)
        code, _, err = said(capsys, "check", str(dossier), "--fix", number)
        said_why.append((code, "would lose a use that is no part of" in " ".join(err.split())))
    assert [(0, False), (1, True)] == sorted(said_why)


def test_a_clause_in_two_languages_is_replaced_in_both(sample: Path, capsys: Capsys) -> None:
    """The translation of a clause whose scenario changes is written again, so that the texts stay the same."""
    founding = sample / "0-agreement.md"
    text = founding.read_text("utf-8")
    scenario = (
        "```scenario\nuse: {organisation: army, operation: query, purpose: surveillance, population: us-persons,"
        " scale: bulk, legality: lawful, effect: advice}\nexpect: permitted\n```\n\n"
    )
    founding.write_text(text.replace("## 3. Weapons", f"{scenario}## 3. Weapons"), "utf-8")
    relink(sample)
    code, out, err = said(capsys, "check", str(sample), "--fix", "1", "--write")
    assert (0, "") == (code, err)
    assert "a scenario of §2 all-lawful changes with it" in " ".join(out.split())
    french = (sample / "3-amendment.fr.md").read_text("utf-8")
    assert "## Remplacer {#all-lawful}" in french
    assert "### 2. Toute finalité licite {#all-lawful}" in french
    left = report(capsys, f"{sample}@3").findings
    assert not [f for f in left if f.code == "scenario" or f.id.startswith("loophole:r1:")]


def test_a_prohibition_that_only_default_deny_makes_idle_stays(
    tmp_path: Path, capsys: Capsys
) -> None:
    """It would matter with the next permission, so no repeal is offered; one that another covers may go."""
    idle = (
        "## 5. Scoring {#scoring}\n\nNobody is [scored](#operation.score).\n\n```cedar\n"
        'forbid (principal, action in Action::"score", resource);\n```\n\n'
        "## 6. Scoring minors {#again}\n\nNo [scoring](#operation.score) with [minors](#age.minors).\n\n```cedar\n"
        'forbid (principal, action in Action::"score", resource) when { resource in Age::"minors" };\n```\n\n'
    )
    text = PROFILING.replace("## R1 {#", f"{idle}## R1 {{#")
    dossier = written(tmp_path / "town", {"0-agreement.md": text})
    findings = numbered(report(capsys, str(dossier)))
    dead = {f.clause: f for f in findings if f.code == "dead-clause"}
    assert dead["scoring"].remedy is None
    assert isinstance(dead["again"].remedy, Remedy)
    number = str(findings.index(dead["scoring"]) + 1)
    code, _, err = said(capsys, "check", str(dossier), "--fix", number)
    assert 1 == code
    assert "with the next permission it would matter" in " ".join(err.split())


def test_what_matters_at_another_date_is_not_repealed(tmp_path: Path, capsys: Capsys) -> None:
    """A clause that changes nothing yet, and will, is found dead today; no repeal is offered, and `--fix` says why."""
    later = (
        "## 5. Police again {#again}\n\nThe [police](#organisation.police) shall not use it for"
        " [training](#purpose.training), nor later anybody.\n\n```cedar\n"
        'forbid (principal in Organisation::"police", action, resource)\n'
        'when { resource in Purpose::"training" };\n\n'
        '@from("2090-01-01")\n'
        'forbid (principal, action, resource) when { resource in Purpose::"training" };\n```\n\n'
    )
    dossier = written(
        tmp_path / "town",
        {"0-agreement.md": AGREEMENT.replace("## R1 No watching", f"{later}## R1 No watching")},
    )
    findings = report(capsys, str(dossier))
    (dead,) = [f for f in findings.findings if f.code == "dead-clause"]
    assert dead.remedy is None
    number = str(numbered(findings).index(dead) + 1)
    code, _, err = said(capsys, "check", str(dossier), "--fix", number)
    assert 1 == code
    assert "at another date, the text would not permit exactly the same without it" in (
        " ".join(err.split())
    )


def test_a_remedy_is_proved_between_the_dates_of_its_report(tmp_path: Path, capsys: Capsys) -> None:
    """A text that permitted nothing before some date gets its remedy after it."""
    dated = AGREEMENT.replace("permit (", '@from("2026-02-01")\npermit (')
    dated = dated.replace("> **Accepted.** loophole:r1:intent: the town knows this.\n\n", "")
    dossier = written(tmp_path / "town", {"0-agreement.md": dated})
    code, _, err = said(capsys, "check", str(dossier), "--fix", "1")
    assert err.startswith("proved: ")
    assert 0 == code


def test_no_remedy_leaves_nothing_permitted(tmp_path: Path, capsys: Capsys) -> None:
    """Where all that is permitted is what the principle rules out, that is said, and no remedy is shown."""
    only = AGREEMENT.replace(
        'when { resource in Legality::"lawful" };',
        'when { resource in Purpose::"surveillance" };',
    )
    only = re.sub(r"```scenario.*?```\n\n", "", only, flags=re.DOTALL)
    only = only.replace("> **Accepted.** loophole:r1:intent: the town knows this.\n\n", "")
    dossier = written(tmp_path / "town", {"0-agreement.md": only})
    _, screen, _ = said(capsys, "check", str(dossier))
    assert "as a clause of its own" not in screen
    code, _, err = said(capsys, "check", str(dossier), "--fix", "1")
    assert 1 == code
    assert "no use at all would be permitted any more" in " ".join(err.split())


@pytest.mark.parametrize(
    ("uses", "says"),
    [
        ("uses: []\n", "states no ordinary use"),
        ("", "this file is empty"),
        ("used:\n  - 1\n", "uses"),
        ("uses:\n  - name: one\n", "`use` is missing"),
        ("uses:\n  - {name: one, use: {purpose: officework}}\n", "office-work"),
        ("uses:\n  - {name: one, use: {purposes: office-work}}\n", "purpose"),
        ("uses:\n  - {name: one, use: {purpose: []}}\n", "a use has a category on each axis"),
        ("uses:\n  - {name: {de: eins}, use: {purpose: training}}\n", "de"),
        (
            "uses:\n  - {name: one, use: {purpose: training}}\n  - {name: one, use: {purpose: research}}\n",
            "`one` is given twice",
        ),
        ("uses: [\n", "ordinary.yaml:"),
    ],
)
def test_a_file_of_ordinary_uses_that_is_wrong(
    uses: str, says: str, sample: Path, capsys: Capsys
) -> None:
    """One error with its line and what to write instead; nothing is taken for granted of a file that cannot be read."""
    (sample / "ordinary.yaml").write_text(uses, "utf-8")
    code, out, err = said(capsys, "check", str(sample))
    assert (2, "") == (code, out)
    assert says in err
    assert "Traceback" not in err


def test_a_file_of_ordinary_uses_that_is_not_there(sample: Path, capsys: Capsys) -> None:
    """A name that is given must be a file."""
    code, out, err = said(capsys, "check", str(sample), "--ordinary", str(sample / "none.yaml"))
    assert (2, "") == (code, out)
    assert "none.yaml" in err
