"""The action for pull requests: each step of `action.yml`, run in order in a repository with a base and a head.

The runner is small, and it is the only thing that is made up: git, bash, avenant and the requests are real, and the
requests go to a server of this process that keeps comments as the forge does.
"""

from __future__ import annotations

import base64
import gzip
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, AMENDMENT, chained, written
from tests.unit.test_render_sarif import official

pytestmark = pytest.mark.real

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STRICT = AGREEMENT.replace('  resource in Intent::"deliberate" &&\n', "").replace(
    "[intentionally](#intent.deliberate) used", "used"
)
BROKEN = AGREEMENT.replace("#legality.lawful", "#legality.lawfull")
PLACE = "agreements/town"


@dataclass
class Forge:
    """What the forge keeps: comments, analyses, and whom it refuses."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    analyses: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False
    url: str = ""


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A server that speaks the few requests that the action makes."""
    kept = Forge()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, code: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def body(self) -> Any:
            assert "Bearer a-token" == self.headers["Authorization"]
            return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            assert self.path.startswith("/repos/a/b/issues/7/comments?")
            self.answer(200, kept.comments)

        def do_POST(self) -> None:
            body = self.body()
            if kept.refuses:
                self.answer(403, {"message": "Resource not accessible by integration"})
            elif self.path == "/repos/a/b/code-scanning/sarifs":
                kept.analyses.append(body)
                self.answer(202, {"id": "1"})
            else:
                assert "/repos/a/b/issues/7/comments" == self.path
                new = {"id": len(kept.comments) + 1, "user": {"type": "Bot"}, **body}
                kept.comments.append(new)
                self.answer(201, new)

        def do_PATCH(self) -> None:
            number = int(self.path.rpartition("/")[2])
            one = next(c for c in kept.comments if c["id"] == number)
            one.update(self.body())
            self.answer(200, one)

        def log_message(self, *args: Any) -> None:
            pass  # what is asked is seen in what is kept

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def git(repository: Path, *arguments: str) -> str:
    """One git command as a person nobody knows."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(
        ["git", *who, *arguments], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.strip()


def committed(repository: Path, files: Mapping[str, str]) -> str:
    """A commit in which the dossier holds these files; its id."""
    for file in (repository / PLACE).glob("**/*.md"):
        file.unlink()
    written(repository / PLACE, files)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "a change")
    return git(repository, "rev-parse", "HEAD")


@dataclass
class Ran:
    """What a run of the action left: its exit code, outputs, summary, and what its steps printed."""

    code: int
    outputs: dict[str, str]
    summary: str
    said: str


def run(repository: Path, before: str, forge: Forge, **inputs: str) -> Ran:
    """Run each step of the action in order, as a runner does for a pull request."""
    temp = repository.parent / "temp"
    temp.mkdir(exist_ok=True)
    event = {"pull_request": {"number": 7, "base": {"sha": before}}}
    (temp / "event.json").write_text(json.dumps(event), "utf-8")
    values: dict[str, str] = {
        "github.event.pull_request.base.sha": before,
        "github.event_name": "pull_request",
        "github.token": "a-token",
        "github.action_path": str(ROOT),
    }
    for name, one in ACTION["inputs"].items():
        default = inputs.get(name.replace("-", "_"), filled(one["default"], values))
        values[f"inputs.{name}"] = default
    surroundings = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(temp),
        "PYTHONPATH": str(ROOT / "src"),
        "RUNNER_TEMP": str(temp),
        "GITHUB_EVENT_PATH": str(temp / "event.json"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        "GITHUB_PATH": str(temp / "path"),
        "GITHUB_API_URL": forge.url,
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_SHA": git(repository, "rev-parse", "HEAD"),
        "GITHUB_REF": "refs/pull/7/merge",
    }
    said = ""
    (temp / "summary").unlink(missing_ok=True)
    outputs: dict[str, str] = {}
    for step in ACTION["runs"]["steps"]:
        if not holds(step.get("if", "'a' == 'a'"), values):
            continue
        (temp / "output").write_text("", "utf-8")
        env = {name: filled(value, values) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=repository,
            env={**surroundings, "GITHUB_OUTPUT": str(temp / "output"), **env},
            capture_output=True,
            text=True,
            check=False,
        )
        said += done.stdout + done.stderr
        given = dict(
            line.split("=", 1) for line in (temp / "output").read_text("utf-8").splitlines()
        )
        outputs |= given
        values |= {f"steps.{step.get('id')}.outputs.{k}": v for k, v in given.items()}
        if done.returncode:
            break
    summary = (temp / "summary").read_text("utf-8") if (temp / "summary").exists() else ""
    return Ran(done.returncode, outputs, summary, said)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A value of the action with its `${{ a.b || c.d }}` filled in; the first that is there counts."""

    def one(match: re.Match[str]) -> str:
        return next((values[n] for n in match[1].strip().split(" || ") if values.get(n)), "")

    return re.sub(r"\$\{\{(.+?)\}\}", one, text)


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Whether `a.b == 'c' && …` holds."""
    parts = (part.split(" == ") for part in condition.split(" && "))
    return all(values.get(left, left.strip("'")) == right.strip("'") for left, right in parts)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def test_looser_is_commented_and_fails(repository: Path, forge: Forge) -> None:
    """What the change newly permits stands in the one comment and in the summary, and the job fails."""
    base = committed(repository, {"0-agreement.md": STRICT})
    committed(repository, {"0-agreement.md": AGREEMENT})
    ran = run(repository, base, forge)
    assert 1 == ran.code, ran.said
    assert ("looser", "true") == (ran.outputs["verdict"], ran.outputs["fails"])
    (comment,) = forge.comments
    assert comment["body"].startswith("<!-- avenant -->")
    assert "Newly permitted (1)" in comment["body"]
    assert f"`{PLACE}` · `{base[:7]}" in comment["body"]
    assert "One that is meant to says so" in comment["body"]
    assert "surveillance" in comment["body"]
    assert ran.summary in comment["body"]


def test_stricter_passes_and_writes_the_same_comment_anew(repository: Path, forge: Forge) -> None:
    """After the change is taken back, the comment that is there says so; there is never a second one."""
    base = committed(repository, {"0-agreement.md": AGREEMENT})
    committed(repository, {"0-agreement.md": STRICT})
    assert 0 == run(repository, base, forge).code
    first = forge.comments[0]["body"]
    assert "stricter" in first
    committed(repository, {"0-agreement.md": AGREEMENT})
    assert 0 == run(repository, base, forge, dossiers=PLACE).code
    (comment,) = forge.comments
    assert first != comment["body"]
    assert "equal" in comment["body"]


def test_looser_passes_where_the_text_says_so(repository: Path, forge: Forge) -> None:
    """An amendment that states `order: looser` of itself is commented, and does not fail."""
    amended = chained({"0-agreement.md": STRICT, "1-amendment.md": AMENDMENT})
    looser = re.sub(
        r"## Insert after \{#watching\}.*",
        "## Repeal {#police}\n",
        amended["1-amendment.md"],
        flags=re.DOTALL,
    )
    stated = looser.replace("effective:", "order: looser\neffective:", 1)
    base = committed(repository, {"0-agreement.md": STRICT})
    for text, code in ((looser, 1), (stated, 0)):
        committed(repository, {"0-agreement.md": STRICT, "1-amendment.md": text})
        ran = run(repository, base, forge)
        assert code == ran.code, ran.said
        assert "looser" in forge.comments[0]["body"]
        assert (code == 0) == ("says so of itself" in forge.comments[0]["body"])


def test_a_mistake_is_said_where_it_stands(repository: Path, forge: Forge) -> None:
    """A text that cannot be read fails with its errors in the comment, as words that do nothing."""
    base = committed(repository, {"0-agreement.md": AGREEMENT})
    committed(repository, {"0-agreement.md": BROKEN})
    ran = run(repository, base, forge)
    assert (1, "unreadable") == (ran.code, ran.outputs["verdict"])
    lines = forge.comments[0]["body"].splitlines()
    assert any(line.startswith("    error") and "0-agreement.md" in line for line in lines)


def test_a_new_dossier_is_reported_whole(repository: Path, forge: Forge) -> None:
    """Where there was nothing before, the report stands in the comment; open errors fail only when asked."""
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    base = git(repository, "rev-parse", "HEAD")
    committed(repository, {"0-agreement.md": AGREEMENT.replace("loophole:r1:intent", "gap")})
    ran = run(repository, base, forge)
    assert (0, "errors") == (ran.code, ran.outputs["verdict"])
    assert "R1" in forge.comments[0]["body"]
    assert 1 == run(repository, base, forge, fail_on="errors").code


def test_findings_go_to_code_scanning_when_asked(repository: Path, forge: Forge) -> None:
    """The SARIF that is sent is valid, and stands at the files of the repository."""
    base = committed(repository, {"0-agreement.md": STRICT})
    committed(repository, {"0-agreement.md": AGREEMENT})
    run(repository, base, forge, code_scanning="true", comment="false")
    assert [] == forge.comments
    (analysis,) = forge.analyses
    log = json.loads(gzip.decompress(base64.b64decode(analysis["sarif"])))
    official().validate(log)
    places = re.findall(r'"uri": ?"([^"]+)"', json.dumps(log))
    assert {f"{PLACE}/0-agreement.md"} == set(places)


def test_a_fork_that_may_not_comment_is_warned(repository: Path, forge: Forge) -> None:
    """A refused comment is a warning, and the verdict stands."""
    forge.refuses = True
    base = committed(repository, {"0-agreement.md": AGREEMENT})
    committed(repository, {"0-agreement.md": STRICT})
    ran = run(repository, base, forge)
    assert 0 == ran.code
    assert "::warning::comment" in ran.said
    assert "stricter" in ran.summary


@pytest.mark.parametrize(
    ("inputs", "said"),
    [({"base": "0" * 40}, "there is no commit"), ({"fail_on": "loser"}, "fail-on is looser")],
)
def test_a_wrong_input_is_said(
    repository: Path, forge: Forge, inputs: dict[str, str], said: str
) -> None:
    """A base that is not there and a word that is none stop the job with one sentence."""
    base = committed(repository, {"0-agreement.md": AGREEMENT})
    ran = run(repository, base, forge, **inputs)
    assert 2 == ran.code
    assert f"::error::{said}" in ran.said


def test_a_change_of_other_files_is_no_matter(repository: Path, forge: Forge) -> None:
    """Where no agreement changes, nothing is said and the job passes."""
    base = committed(repository, {"0-agreement.md": AGREEMENT})
    (repository / "README").write_text("other", "utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "other")
    ran = run(repository, base, forge)
    assert (0, "good", []) == (ran.code, ran.outputs["verdict"], forge.comments)


def test_never_means_never(repository: Path, forge: Forge) -> None:
    """`fail-on: never` comments what is looser and passes."""
    base = committed(repository, {"0-agreement.md": STRICT})
    committed(repository, {"0-agreement.md": AGREEMENT})
    ran = run(repository, base, forge, fail_on="never")
    assert (0, "looser") == (ran.code, ran.outputs["verdict"])


def test_a_comment_that_is_too_long_is_cut_whole() -> None:
    """What the forge would refuse is cut at a line, and what was open is closed."""
    place = importlib.util.spec_from_file_location("post", ROOT / "action" / "post.py")
    assert place
    assert place.loader
    post = importlib.util.module_from_spec(place)
    place.loader.exec_module(post)
    assert "short" == post.cut("short")
    long = "<details><summary>a</summary>\n\n" + "a line of words\n" * 10_000 + "</details>\n"
    kept = post.cut(long)
    assert len(kept) <= 65_000
    assert kept.count("<details>") == kept.count("</details>")
    assert "the rest is in the summary of the job" in kept
    assert "a line of words\n\n</details>" in kept


def test_every_value_from_outside_goes_through_the_environment() -> None:
    """No step's commands hold an expression: what a title or a branch is called is never run."""
    assert [] == [s["name"] for s in ACTION["runs"]["steps"] if "${{" in s["run"]]
    assert {"bash"} == {s["shell"] for s in ACTION["runs"]["steps"]}
    assert [] == [s["name"] for s in ACTION["runs"]["steps"] if "uses" in s]


def test_the_page_names_every_input_output_and_hook() -> None:
    """What can be set stands in the how-to, with the default that it has."""
    page = (ROOT / "docs/how-to/pull-requests.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", page, re.MULTILINE))
    inputs = {n: i for n, i in ACTION["inputs"].items() if n != "token"}
    assert inputs.keys() == rows.keys()
    for name, one in inputs.items():
        if one["default"] and "$" not in one["default"]:
            assert f"`{one['default']}`" == rows[name]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    for name in (*ACTION["outputs"], *(hook["id"] for hook in hooks)):
        assert name in page
