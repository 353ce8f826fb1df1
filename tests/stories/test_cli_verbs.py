"""Each verb as a person uses it: what it prints, how it exits, and what a program reads from it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from avenant.analyse.types import Comparison, Report
from avenant.cli import app
from avenant.cli.app import VERBS
from avenant.cli.schema import TYPES
from avenant.consent.keys import public
from avenant.consent.types import Status
from avenant.decide.types import Decision, Outcome
from avenant.findings.types import Order
from avenant.languages import speak
from avenant.ledger.verify import Verified
from avenant.vocabulary.types import Category
from bench.dossiers import written as long_text
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written
from tests.gateway_world import GatewayWorld
from tests.ledgers import KEY as LEDGER_KEY
from tests.ledgers import filled
from tests.parties import key, line

Capsys = pytest.CaptureFixture[str]
WIDTH = 100
LAWFUL = ("effect=advice", "legality=lawful")
NSA = ("organisation=nsa", "operation=translate", "purpose=translation", *LAWFUL)
OFFICE = ("organisation=army", "operation=draft", "purpose=office-work", *LAWFUL)
HELD = ("operation=track", "purpose=surveillance", "data=location", "population=us-persons")
TRACKED = ("organisation=army", *HELD, "provenance=purchased", *LAWFUL)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The sample is an id under ./agreements, and each test begins in English."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield
    speak("en")


def ran(capsys: Capsys, *arguments: str) -> tuple[int, str]:
    """Exit code and standard output of a command that says nothing on standard error."""
    code = app.run(list(arguments))
    said = capsys.readouterr()
    assert "" == said.err
    return code, said.out


def read(capsys: Capsys, type_: Any, *arguments: str) -> tuple[int, Any]:
    """Exit code, and what `--json` prints as its type of the data model, strictly."""
    code, out = ran(capsys, *arguments, "--json")
    return code, msgspec.json.decode(out, type=type_)


# -- check


def test_check_tells_the_ways_through_and_exits_1(capsys: Capsys) -> None:
    """Errors are open in the sample: each principle, its loopholes, the words and the places."""
    code, out = ran(capsys, "check", "openai-dow@1")
    assert 1 == code
    assert out.startswith("openai-dow@1, ")
    for said in ("R1 ", "3 loopholes, no more", "1-amendment.md:", "report ", "§8 surveillance"):
        assert said in out


def test_check_brief_is_a_line_a_principle(capsys: Capsys) -> None:
    """`--brief` has the same loopholes as the report."""
    _, report = read(capsys, Report, "check", "openai-dow@0")
    code, out = ran(capsys, "check", "openai-dow@0", "--brief")
    assert 1 == code
    for principle in report.principles:
        assert f"\n{principle.label} " in f"\n{out}"
    assert len(out) < len(ran(capsys, "check", "openai-dow@0")[1])


def test_check_show_is_one_finding(capsys: Capsys) -> None:
    """`--show N` is the finding that the report numbers N, with what its encoding rests on."""
    code, out = ran(capsys, "check", "openai-dow@1", "--show", "1")
    assert 1 == code
    assert out.lstrip().startswith("1  ")
    assert "loophole:r1:" in out


def test_check_that_is_cut_off_says_so(capsys: Capsys) -> None:
    """With no time at all nothing is proved: exit 3, "more may exist", and never "no loophole"."""
    for more in ((), ("--brief",)):
        code, out = ran(capsys, "check", "openai-dow@0", "--seconds", "0", *more)
        assert 3 == code
        assert re.search(r"not finished: \d+ loopholes? found, more may exist", out)
        assert "no loophole" not in out
        assert "no more" not in out
    code, report = read(capsys, Report, "check", "openai-dow@0", "--seconds", "0")
    assert (3, False, "") == (code, report.complete, report.digest)


def test_check_cut_off_after_the_first_way(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped once a way is found, it says how far it got, and which list is cut off."""
    from avenant.library import Text

    whole = Text.check
    found = 0

    def count(label: str, ways: int) -> None:
        nonlocal found
        found = max(found, ways)

    def check(text: Text, **_: Any) -> Report:
        return whole(text, stop=lambda: found >= 1, progress=count)

    monkeypatch.setattr(Text, "check", check)
    code, out = ran(capsys, "check", "openai-dow@0")
    assert 3 == code
    assert "at least 1 loophole" in out
    assert "not finished, more may exist: loophole (r1)" in out


def test_check_without_errors_exits_0(tmp_path: Path, capsys: Capsys) -> None:
    """A text that lets nothing through, or whose findings are accepted, is good."""
    quiet = AGREEMENT.replace('resource in Intent::"deliberate" &&\n  ', "").replace(
        "[intentionally](#intent.deliberate) ", ""
    )
    quiet = quiet.replace("> **Accepted.** loophole:r1:intent: the town knows this.\n\n", "")
    written(tmp_path / "town", {"0-agreement.md": quiet})
    code, report = read(capsys, Report, "check", str(tmp_path / "town"))
    errors = [f.id for f in report.findings if f.severity == "error" and not f.accepted]
    assert ([], 0) == (errors, code)


# -- ask


@pytest.mark.parametrize(
    ("text", "facts", "outcome", "code"),
    [
        ("openai-dow@1", OFFICE, "permitted", 0),
        ("openai-dow@1", NSA, "refused", 1),
        ("openai-dow@1", TRACKED, "undetermined", 1),
        ("openai-dow@0", NSA, "permitted", 0),
    ],
)
def test_ask_says_the_outcome_first_and_exits_by_it(
    text: str, facts: tuple[str, ...], outcome: str, code: int, capsys: Capsys
) -> None:
    """The word of the outcome begins the screen; only a permitted use exits 0; the JSON says the same."""
    found, out = ran(capsys, "ask", text, *facts)
    assert (code, outcome) == (found, out.split()[0])
    found, decision = read(capsys, Decision, "ask", text, *facts)
    assert (code, outcome, text) == (found, decision.outcome, decision.text)


def test_ask_claims_and_suspicions(capsys: Capsys) -> None:
    """A claim counts against a use and never for it; a suspicion leaves it open."""
    outcomes = {}
    for option, intent in (
        ("--claimed", "deliberate"),
        ("--claimed", "incidental"),
        ("--suspected", "deliberate"),
    ):
        argv = ("ask", "openai-dow@1", *TRACKED, option, f"intent={intent}")
        outcomes[option, intent] = read(capsys, Decision, *argv)[1].outcome
    assert {
        ("--claimed", "deliberate"): Outcome.REFUSED,
        ("--claimed", "incidental"): Outcome.UNDETERMINED,
        ("--suspected", "deliberate"): Outcome.UNDETERMINED,
    } == outcomes


def test_ask_several_values_of_an_axis(capsys: Capsys) -> None:
    """An axis given twice is a mixture, and the worst of it counts."""
    code, decision = read(capsys, Decision, "ask", "openai-dow@1", *OFFICE, "organisation=nsa")
    assert (1, "refused", ["agencies"]) == (
        code,
        decision.outcome,
        [c.clause for c in decision.cited],
    )


def test_ask_says_what_it_supposes(capsys: Capsys) -> None:
    """Facts given are supposed established, and where the text names nobody who may, that is said."""
    _, out = ran(capsys, "ask", "openai-dow@1", *TRACKED, "intent=incidental")
    assert "supposed established" in out
    assert "intent" in out.splitlines()[-1]


def test_ask_at_a_date(capsys: Capsys) -> None:
    """The admission lets the agency in within its period and not after it."""
    _, out = ran(capsys, "ask", "openai-dow@2", *NSA, "--on", "2026-05-01")
    assert "permitted" == out.split()[0]
    assert "let past" in out
    code, out = ran(capsys, "ask", "openai-dow@2", *NSA, "--on", "2027-05-01")
    assert (1, "refused") == (code, out.split()[0])


def test_ask_a_request_as_the_gateway_would(tmp_path: Path, capsys: Capsys) -> None:
    """A real body on a signed connection is decided by the connection's facts; the facts of a use do not mix in."""
    world = GatewayWorld(tmp_path)
    world.connect("office", {a: [c] for a, _, c in (f.partition("=") for f in OFFICE[1:])})
    body = tmp_path / "body.json"
    body.write_text('{"model": "sample", "messages": [{"role": "user", "content": "Draft it"}]}')
    argv = ["ask", str(world.dossier), "--request", str(body)]
    code, decision = read(capsys, Decision, *argv, "--connection", "office")
    assert (0, "permitted") == (code, decision.outcome)
    assert {"connection office"} <= {f.source for f in decision.facts}
    code, decision = read(capsys, Decision, *argv)
    assert (1, "undetermined") == (code, decision.outcome)
    for more, said in ((["purpose=translation"], "its own facts"), (["--connection", "x"], "`x`")):
        assert 2 == app.run([*argv, *more])
        assert said in capsys.readouterr().err
    body.write_text("{")
    assert 2 == app.run([*argv, "--connection", "office"])
    assert "cannot be read" in capsys.readouterr().err


# -- compare, show, status, vocabulary, schema, export


def test_compare_says_stricter_and_looser(capsys: Capsys) -> None:
    """The amendment is stricter; the way back is looser, and fails where it is told to."""
    code, out = ran(capsys, "compare", "openai-dow@0", "openai-dow@1")
    assert (0, "stricter") == (code, out.split()[0])
    assert "§9 agencies" in out
    assert 0 == ran(capsys, "compare", "openai-dow@1", "openai-dow@0")[0]
    back = ("compare", "openai-dow@1", "openai-dow@0", "--fail-on", "looser")
    code, out = ran(capsys, *back)
    assert (1, "looser") == (code, out.split()[0])
    assert 0 == ran(capsys, *("compare", "openai-dow@0", "openai-dow@1"), *back[3:])[0]
    _, comparison = read(capsys, Comparison, "compare", "openai-dow@0", "openai-dow@1")
    assert Order.STRICTER == comparison.order


def test_compare_that_is_cut_off_says_so(capsys: Capsys) -> None:
    """With no time at all there is no order: exit 3, whatever it was told to fail on."""
    argv = ("compare", "openai-dow@0", "openai-dow@1", "--seconds", "0")
    for more in ((), ("--fail-on", "looser")):
        code, out = ran(capsys, *argv, *more)
        assert (3, True) == (code, out.startswith("not finished"))
    assert Order.UNFINISHED == read(capsys, Comparison, *argv)[1].order


def test_show_is_the_text_in_force(capsys: Capsys) -> None:
    """The derived text as Markdown; with a clause, its prose and its rules in plain words."""
    code, out = ran(capsys, "show", "openai-dow@1")
    assert 0 == code
    assert out.startswith("# ")
    assert "```cedar" in out
    code, out = ran(capsys, "show", "openai-dow@1", "agencies")
    assert 0 == code
    assert out.startswith("§9 agencies")
    assert "Forbidden to the department's intelligence agencies: any use." in out


def test_status_says_who_signed(tmp_path: Path, capsys: Capsys) -> None:
    """Drafts, and what both parties have signed."""
    code, known = read(capsys, Status, "status", "openai-dow")
    assert (0, 3) == (code, len(known.instruments))
    assert "draft" in ran(capsys, "status", "openai-dow@1")[1]
    world = GatewayWorld(tmp_path)
    code, out = ran(capsys, "status", str(world.dossier))
    assert 0 == code
    assert "in force" in out
    assert "supplier ✓" in out


def test_vocabulary_finds_axes_and_words(capsys: Capsys) -> None:
    """All, one axis, those that say a word with what is above them, and what a text adds."""
    assert ran(capsys, "vocabulary")[1].startswith("organisation")
    code, out = ran(capsys, "vocabulary", "scale")
    assert 0 == code
    assert "bulk" in out
    assert "purpose" not in out.split()
    _, found = read(capsys, tuple[Category, ...], "vocabulary", "track")
    assert [("operation", "monitor"), ("operation", "track")] == [(c.axis, c.id) for c in found]
    assert "nsa" in ran(capsys, "vocabulary", "--dossier", "openai-dow", "organisation")[1]
    code, out = ran(capsys, "vocabulary", "zzz")
    assert (1, True) == (code, "zzz" in out)


@pytest.mark.parametrize("name", TYPES)
def test_schema_of_each_type(name: str, capsys: Capsys) -> None:
    """Each type of the data model has a JSON schema that names its fields."""
    code, out = ran(capsys, "schema", name)
    schema = json.loads(out)
    assert 0 == code
    assert schema["$id"].startswith(f"urn:avenant:{name.lower()}:")
    # A decision is printed with its words, by a type of its own.
    assert schema["$defs"][schema["$ref"].rpartition("/")[2]]["properties"]


def test_export_writes_what_serve_checks(tmp_path: Path, capsys: Capsys) -> None:
    """The three files, named as they are written; `serve --cedar` exits 1 when one line says something else."""
    world = GatewayWorld(tmp_path)
    folder = tmp_path / "cedar"
    code, out = ran(capsys, "export", str(world.dossier), "--cedar", str(folder))
    assert 0 == code
    assert out.splitlines() == [
        str(folder / name) for name in ("policies.cedar", "entities.json", "schema.cedarschema")
    ]
    policies = folder / "policies.cedar"
    lines = policies.read_text("utf-8").splitlines(keepends=True)
    changed = [line for line in lines if 'Intent::"deliberate"' not in line]
    assert len(lines) == len(changed) + 1
    changed_text = "".join(changed).replace("&&\n}", "}")
    policies.write_text(changed_text, "utf-8")
    argv = ["serve", str(world.dossier), "--upstream", "http://127.0.0.1:9/v1"]
    assert 1 == app.run([*argv, "--cedar", str(folder)])
    said = capsys.readouterr().out
    assert "differ on the use" in said
    assert re.search(r"intent=(?!deliberate)", said)
    assert not (ROOT / "ledger").exists()


# -- keys, sign, connection


def test_a_key_signs_and_status_says_it(tmp_path: Path, capsys: Capsys) -> None:
    """Make keys, name them, sign knowing the report, see it in force; blind signing is refused."""
    public = {}
    for party in ("maker", "town"):
        assert 0 == app.run(["keys", "new", str(tmp_path / party)])
        public[party] = capsys.readouterr().out.strip()
        assert public[party].startswith("ssh-ed25519 ")
    # Without the note that accepts it, a loophole is open, and nobody signs blind.
    text = AGREEMENT.replace("> **Accepted.** loophole:r1:intent: the town knows this.\n\n", "")
    for party in ("maker", "town"):
        text = re.sub(rf"({party}: {{.*keys: )\[\]", rf'\1["{public[party]}"]', text)
    dossier = written(tmp_path / "dossier", {"0-agreement.md": text})
    code, report = read(capsys, Report, "check", str(dossier))
    assert 1 == code
    digest = report.digest.removeprefix("sha256:")[:8]
    for party in ("maker", "town"):
        argv = ["sign", f"{dossier}/0-agreement.md", "--key", str(tmp_path / party), "--as", party]
        assert 2 == app.run(argv)
        assert f"--knowing {digest}" in capsys.readouterr().err
        assert 2 == app.run([*argv, "--knowing", "00000000"])
        assert "00000000" in capsys.readouterr().err
        code, out = ran(capsys, *argv, "--knowing", digest)
        assert 0 == code
        assert f"signed for {party}" in out
    assert "in force" in ran(capsys, "status", str(dossier))[1]


def test_a_list_that_was_cut_off_can_be_signed(tmp_path: Path, capsys: Capsys) -> None:
    """More loopholes than a list holds: whether there is one is known, so the report is signed by its digest."""
    assert 0 == app.run(["keys", "new", str(tmp_path / "supplier")])
    public = capsys.readouterr().out.strip()
    dossier = long_text(tmp_path / "long", clauses=100, seed=2)
    (dossier / "1-amendment.md").unlink()
    file = dossier / "0-agreement.md"
    file.write_text(file.read_text("utf-8").replace("keys: []", f'keys: ["{public}"]'), "utf-8")
    code, report = read(capsys, Report, "check", str(dossier))
    assert (1, ["loophole"]) == (code, [u.check for u in report.unfinished])
    argv = ["sign", str(file), "--key", str(tmp_path / "supplier"), "--as", "supplier"]
    assert 2 == app.run(argv)
    digest = report.digest.removeprefix("sha256:")[:8]
    assert f"--knowing {digest}" in capsys.readouterr().err
    code, out = ran(capsys, *argv, "--knowing", digest)
    assert 0 == code
    assert "signed for supplier" in out


def test_a_connection_is_a_file_and_a_key_shown_once(tmp_path: Path, capsys: Capsys) -> None:
    """The officer's key signs the facts; the file holds the key's digest and not the key."""
    from avenant.consent.write import write_key

    world = GatewayWorld(tmp_path)
    write_key(tmp_path / "officer", key("officer"), "")
    argv = ["connection", "new", str(world.dossier), "office", *OFFICE]
    argv += ["--key", str(tmp_path / "officer"), "--as", "department"]
    assert 0 == app.run(argv)
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("av-office-")
    (file,) = (world.dossier / "connections").iterdir()
    assert secret not in file.read_text("utf-8")
    assert line("officer")  # the key that the agreement names for the officer signed it


@pytest.mark.parametrize(
    ("holder", "party", "wrong", "right"),
    [
        (
            "stranger",
            "department",
            "is not the key of an officer of department",
            public(key("officer")).id,
        ),
        (
            "department",
            "department",
            "is not the key of an officer of department",
            public(key("officer")).id,
        ),
        ("officer", "supplier", "does not name supplier", "department"),
        ("officer", "departmnt", "departmnt is no party", "department"),
    ],
)
def test_a_connection_takes_an_officer_of_its_party(
    tmp_path: Path, capsys: Capsys, holder: str, party: str, wrong: str, right: str
) -> None:
    """A key of no officer, or a party that the text does not name, is refused at once, and whose would do is said."""
    from avenant.consent.write import write_key

    world = GatewayWorld(tmp_path)
    write_key(tmp_path / "key", key(holder), "")
    argv = ["connection", "new", str(world.dossier), "office", *OFFICE]
    assert 0 != app.run([*argv, "--key", str(tmp_path / "key"), "--as", party])
    told = capsys.readouterr()
    said = " ".join(told.err.split())
    assert ("", True, True) == (told.out, wrong in said, right in said), said
    assert not (world.dossier / "connections").exists()


# -- ledger


def test_a_ledger_is_shown_proved_copied_and_verified(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last entries, one in full, its receipt, a copy for auditors; a copy with one byte changed is damaged."""
    (tmp_path / "ledger").mkdir()
    filled(tmp_path / "ledger" / "ledger.db", 3).close()
    monkeypatch.chdir(tmp_path)
    code, out = ran(capsys, "ledger", "verify", "--key", LEDGER_KEY)
    assert (0, "verified") == (code, out.split()[0])
    code, verified = read(capsys, Verified, "ledger", "verify", "ledger")
    assert (0, True, 7) == (code, verified.good, verified.size)
    assert 2 == len(ran(capsys, "ledger", "show", "--last", "2")[1].splitlines())
    shown = json.loads(ran(capsys, "ledger", "show", "--entry", "6")[1])
    assert "outcome" == shown["kind"]
    assert [shown["id"]] == [
        r["id"] for r in json.loads(ran(capsys, "ledger", "show", "--last", "1", "--json")[1])
    ]
    _, out = ran(capsys, "ledger", "prove", "6")
    assert 6 == json.loads(out)["index"]
    assert out == ran(capsys, "ledger", "prove", "6", "ledger")[1]
    code, out = ran(capsys, "ledger", "export", "ledger", "copy")
    assert (0, True) == (code, "7 entries" in out)
    assert 0 == ran(capsys, "ledger", "verify", "copy")[0]
    largest = max(
        (f for f in Path("copy").rglob("*") if f.is_file()), key=lambda f: f.stat().st_size
    )
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 1
    largest.write_bytes(bytes(data))
    code, out = ran(capsys, "ledger", "verify", "copy")
    assert (1, "damaged") == (code, out.split()[0])
    for argv in (["prove", "7"], ["show", "--entry", "-1"], ["export", "ledger", "copy"]):
        assert 2 == app.run(["ledger", *argv])
        assert capsys.readouterr().err.startswith("error ")


# -- what holds for all verbs


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "openai-dow@0"),
        ("check", "openai-dow@1"),
        ("check", "openai-dow@1", "--brief"),
        ("check", "openai-dow@1", "--show", "1"),
        ("check", "openai-dow@1", "--seconds", "0"),
        ("ask", "openai-dow@1", *NSA),
        ("ask", "openai-dow@1", *TRACKED),
        ("ask", "openai-dow@1", *TRACKED, "--suspected", "intent=deliberate"),
        ("ask", "openai-dow@1"),
        ("ask", "openai-dow@2", *NSA, "--on", "2026-05-01"),
        ("compare", "openai-dow@0", "openai-dow@1"),
        ("compare", "openai-dow@1", "openai-dow@0"),
        ("status", "openai-dow"),
        ("vocabulary",),
        ("vocabulary", "--dossier", "openai-dow"),
        ("show", "openai-dow@1", "surveillance"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_line_is_wider_than_100_and_a_pipe_has_no_colour(
    arguments: tuple[str, ...], lang: str, capsys: Capsys
) -> None:
    """In a pipe every line fits, ends where its words end, and holds no escape code, in either language."""
    from rich.cells import cell_len

    _, out = ran(capsys, "--lang", lang, *arguments)
    assert [] == [row for row in out.splitlines() if cell_len(row) > WIDTH]
    assert [] == [row for row in out.splitlines() if row != row.rstrip()]
    assert "\x1b" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--lang", "fr", "ask", "openai-dow@1", *NSA),
        ("ask", "--lang", "fr", "openai-dow@1", *NSA),
        ("ask", "openai-dow@1", *NSA, "--lang", "fr"),
        ("ask", "openai-dow@1", *NSA, "--lang=fr"),
    ],
)
def test_the_language_is_asked_before_or_behind_the_verb(
    arguments: tuple[str, ...], capsys: Capsys
) -> None:
    """`--lang fr` is understood anywhere, and the rules are said in French."""
    code, out = ran(capsys, *arguments)
    assert 1 == code
    assert "services de renseignement" in out


def test_the_language_of_the_surroundings(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--lang` the surroundings decide, and with it they do not; data are the same in each."""
    english = ran(capsys, "ask", "openai-dow@1", *NSA)[1]
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert "services de renseignement" in ran(capsys, "ask", "openai-dow@1", *NSA)[1]
    assert english == ran(capsys, "ask", "openai-dow@1", *NSA, "--lang", "en")[1]


def test_help_of_every_verb(capsys: Capsys) -> None:
    """Each verb stands in the help with its sentence, and has a help of its own."""
    code, out = ran(capsys, "--help")
    assert 0 == code
    for verb in VERBS:
        assert f"\n  {verb} " in out
        code, own = ran(capsys, verb, "--help")
        assert (0, True) == (code, own.startswith(f"Usage: avenant {verb} "))


def process(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a terminal of its own making: `script` gives it one."""
    return subprocess.run(
        [
            "script",
            "-qec",
            " ".join([sys.executable, "-m", "avenant.cli", *arguments]),
            "/dev/null",
        ],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8", **env},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.real
def test_a_terminal_has_colour_unless_told_otherwise() -> None:
    """On a terminal the outcome is coloured, and its word is there; NO_COLOR leaves the word alone."""
    coloured = process("ask", "openai-dow@1", *NSA)
    plain = process("ask", "openai-dow@1", *NSA, NO_COLOR="1")
    assert (1, 1) == (coloured.returncode, plain.returncode)
    assert "\x1b[31mrefused" in coloured.stdout
    assert 10 < max(map(len, plain.stdout.splitlines())) <= WIDTH  # `script` reports no width
    assert not re.search(r"\x1b\[[0-9;]*3[1-6]m", plain.stdout)
    assert "refused" in plain.stdout
