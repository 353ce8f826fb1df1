"""Sends what `review.sh` made: the comment on a pull request, or findings for code scanning.

    python3 post.py comment comment.md      # writes the comment, or writes it anew: there is one a pull request
    python3 post.py sarif FOLDER            # one analysis a file

The standard library alone, and GitHub's REST API of 2022-11-28. A pull request from a fork may not comment: that is a
warning, since the comment stands in the summary of the job too.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- avenant -->"
LONGEST = 65_000  # characters of a comment; GitHub takes 65,536
PAGES = 20  # of a hundred comments each, looked through for ours


def ask(method: str, path: str, body: Any = None) -> Any:
    """One request to the API; its answer."""
    there = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}"
    request = urllib.request.Request(
        f"{there}/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def comment(file: Path) -> None:
    """Write the comment anew where there is one, else write it; nothing to say and never said: stay silent."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    number = event["pull_request"]["number"]
    text = file.read_text("utf-8")
    before = ours(number)
    if before is not None:
        told = text or "This change touches no agreement any more.\n"
        ask("PATCH", f"issues/comments/{before}", {"body": f"{MARK}\n{cut(told)}"})
    elif text:
        ask("POST", f"issues/{number}/comments", {"body": f"{MARK}\n{cut(text)}"})


def ours(number: int) -> int | None:
    """The id of the comment that an earlier run wrote."""
    for page in range(1, PAGES + 1):
        comments = ask("GET", f"issues/{number}/comments?per_page=100&page={page}")
        for one in comments:
            if one["body"].startswith(MARK) and one["user"]["type"] == "Bot":
                return int(one["id"])
        if len(comments) < 100:
            return None
    return None


def cut(text: str) -> str:
    """The text, or as many of its lines as a comment takes, with what they opened closed."""
    if len(text) <= LONGEST:
        return text
    kept = text[: text.rfind("\n", 0, LONGEST - 200)]
    folded = kept.count("<details>") - kept.count("</details>")
    return f"{kept}\n\n{'</details>' * folded}\n\n… the rest is in the summary of the job.\n"


def sarif(folder: Path) -> None:
    """Hand each file over, as it is taken: compressed, in base64."""
    for file in sorted(folder.glob("*.sarif")):
        packed = base64.b64encode(gzip.compress(file.read_bytes())).decode()
        where = {"commit_sha": os.environ["GITHUB_SHA"], "ref": os.environ["GITHUB_REF"]}
        ask("POST", "code-scanning/sarifs", {**where, "sarif": packed})


if __name__ == "__main__":
    what, path = sys.argv[1:]
    try:
        {"comment": comment, "sarif": sarif}[what](Path(path))
    except urllib.error.HTTPError as error:
        if error.code != 403:
            sys.exit(f"::error::{what}: {error}")
        print(f"::warning::{what}: this job may not write there ({error})")
    except urllib.error.URLError as error:
        sys.exit(f"::error::{what}: {error.reason}")
