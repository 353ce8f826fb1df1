"""A text in force -> one Markdown document, to be read and to be compared; it is derived, and says so.

print(as_markdown(text))          # what `avenant show` prints
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.agreement.types import InForce
from avenant.instants import written
from avenant.messages import say


def as_markdown(text: InForce) -> str:
    """The consolidated text: its title, what it is made of, its labels, then every clause as it stands."""
    return "\n\n".join(part.rstrip() for part in _parts(text)) + "\n"


def _parts(text: InForce) -> Iterator[str]:
    yield f"# {text.title}"
    made = ", ".join(f"{number} {kind}" for number, kind, _ in text.instruments)
    state = "draft" if text.draft else "derived"
    period = "until" if text.until else "since"
    values = {"text": text.id, "made": made, "since": written(text.since)}
    yield say(
        f"agreement.written.{state}-{period}",
        **values,
        until=written(text.until) if text.until else "",
        digest=text.digest,
    )
    for label in text.labels:
        yield f"**{label}**"
    for clause in text.clauses:
        yield clause.source
        for admission in text.admissions:
            if admission.forbid.partition("/")[0] == clause.id:
                yield "> " + say(
                    "agreement.written.admission",
                    number=admission.number,
                    body=admission.body,
                    purposes=", ".join(admission.purposes),
                    since=written(admission.since),
                    until=written(admission.until),
                    past=admission.forbid,
                )
    if text.sources:
        lines = (f"- <{source.url}> ({source.retrieved})" for source in text.sources)
        yield "\n".join((say("agreement.written.sources"), "", *lines))
