"""Writes `docs/reference/fields.md`: every field of a request that goes up, and those that are known not to.

python tools/fields_page.py        # a test holds the page to the table
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from avenant.gateway.wire.openai_fields import CHAT, KNOWN_REFUSED
from avenant.gateway.wire.shape import paths
from avenant.languages import say

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "fields.md"

HEAD = """\
# Fields that go up

<!-- Written by tools/fields_page.py; change src/avenant/gateway/wire/openai_fields.py instead. -->

A field of a request can change what happens: which model answers, what it may call, what is kept. So only the fields
below go up to the model server. Any other one is refused by name (400, `unknown_field`), all of them at once, each with
what to do. So are a message, a part or a tool of another kind, and a value of another form (`unreadable_request`).

- Names are compared letter for letter: `Model` is not `model`. A key that stands twice in one object is refused.
- What goes up is the request written anew, in UTF-8, with `content-type` and `accept` of the gateway's own. Of the
  client's headers only `user-agent`, `traceparent` and `tracestate` go up; its query string does not.
- A tool is read by the name by which the model server acts, wherever it is: what may be called, what must be called,
  and what was called before. A name that the text does not list adds `any` (see [the format](format.md)).
- A tool of an MCP server has the name `mcp URL TOOL`, of the whole server `mcp URL`, so that a text can name it under
  `tools`. The label that the caller gives to a server identifies nothing.
- Images, sound and documents are not read. They add `any` on the axes of content, next to what is established: `data`,
  `provenance`, `sensitivity`, `secrecy`, `population`, `subject`, `age`, `scale`, `content`, `likeness`. Where the text
  decides by one of these, such a call is undetermined.

## `POST /v1/chat/completions`

`[]` is an entry of a list; `(type: text)` an object of that kind.

| field | what it means | left out |
|---|---|---|
"""

REFUSED = """
## Known, and refused

These are sent by clients of other servers. They do not go up.

| fields | what the caller is told |
|---|---|
"""


def page() -> str:
    """Return the page as it should be."""
    rows = [f"| `{path}` | {field.means} | {field.absent} |\n" for path, field in paths(CHAT)]
    refused = []
    for why, names in groupby(KNOWN_REFUSED, key=KNOWN_REFUSED.__getitem__):
        listed = ", ".join(f"`{name}`" for name in names)
        refused.append(f"| {listed} | {say(f'gateway.field-{why}')} |\n")
    return "".join([HEAD, *rows, REFUSED, *refused])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
