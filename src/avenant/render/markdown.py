"""A report, or a comparison, as Markdown: for the comment on a pull request, a ticket, a mail.

    print(report_markdown(report))

The words of a text, which anybody may have written, are escaped: they make no link, no picture and no HTML, and call
nobody by name. What is long stands folded, in the `<details>` that forges show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from avenant.analyse.types import Answer, Comparison, Report, Segment, TextChange
from avenant.findings.types import Box, Finding, Order, Remedy, Severity
from avenant.languages import plural, quoted, say
from avenant.render.covers import first, one_sided, over
from avenant.render.order import LOOPHOLE, grouped, numbered, ways_through
from avenant.render.said import (
    beyond,
    counts,
    headed_by,
    kept,
    limits,
    order,
    reasons,
    state,
    way,
    ways,
)

_AROUND = 8  # words that are shown on each side of a change
SIGNS = {Severity.ERROR: "🟥", Severity.WARNING: "🟨", Severity.NOTE: "🟦"}

# What means something anywhere in a line; at its beginning (a list, a heading, a rule); what forges make links of.
_SPECIAL = re.compile(r"[\\`*_{}\[\]|~^$]|^[-+#=]|^\d{1,9}[.)]|(?<=www)\.|:(?=//)", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@<!-- -->", "\x00": "\ufffd"}


def report_markdown(report: Report) -> str:
    """The findings of one text: the principles with their loopholes, then the rest, folded."""
    return _joined(_report(report))


def comparison_markdown(comparison: Comparison) -> str:
    """What one text newly permits and newly refuses, against another."""
    return _joined(_comparison(comparison))


def escaped(text: str) -> str:
    """Text as Markdown that shows it and does nothing else: one line, whatever it held.

    >>> escaped("a <b> & *c*")
    'a &lt;b&gt; &amp; \\\\*c\\\\*'
    """
    # Not `split()`: French sets its signs off with spaces that do not break.
    line = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
    line = _SPECIAL.sub(lambda m: f"{m[0][:-1]}\\{m[0][-1]}", line)
    return re.sub("[&<>@\x00]", lambda m: _ENTITIES[m[0]], line)


def _in_quotes(words: str) -> str:
    return escaped(quoted(words))


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _report(report: Report) -> Iterator[str]:
    yield f"### {escaped(report.title)}"
    yield escaped(state(report))
    for told in first(report):
        yield f"{SIGNS[Severity.ERROR]} **{escaped(told)}**"
    yield "\n".join(f"*{escaped(label)}*  " for label in report.labels)
    yield f"**{escaped(counts(report.findings))}** · {escaped(limits(report))}"
    numbers = {finding.id: number for number, finding in enumerate(numbered(report), 1)}
    for principle in report.principles:
        told = f"**{escaped(principle.label)}** {_in_quotes(principle.words)}"
        yield f"{told} — **{escaped(ways(principle, report))}**"
        for finding in ways_through(report, principle):
            yield _way(numbers[finding.id], finding)
    if report.ordinary:
        yield f"**{escaped(say('ordinary.title'))}** — {escaped(kept(report))}"
    for name, group in grouped(report).items():
        rows = [_row(number, finding) for number, finding in group]
        title = f"{escaped(say(f'cli.check.group-{name}'))} ({len(rows)})"
        yield _folded(title, _table(("", *_columns("what", "where")), rows))
    if report.digest:
        yield f"{say('render.digest')} `{report.digest[:15]}` · {escaped(say('render.relative'))}"


def _way(number: int, finding: Finding) -> str:
    assert finding.box is not None  # a loophole is a box
    box = finding.box
    lines = [f"{number}. {SIGNS[finding.severity]} **{escaped(way(box))}.**"]
    lines += [f"{escaped(what)}." for what in beyond(box)]
    lines += [f"- {escaped(reason.told)} `{reason.at}`" for reason in reasons(box)]
    use = ", ".join(box.witness[axis] for axis in box.leaves if axis in box.witness)
    lines.append(f"- {escaped(say('render.example', use=use))}")
    if finding.remedy:
        lines.append(f"- {_remedy(finding.remedy)}")
    if finding.accepted:
        lines.append(f"- {escaped(say('cli.check.accepted', reason=finding.accepted))}")
    first, *rest = lines
    return "\n".join([first, *("   " + line for line in _spaced(rest))])


def _spaced(lines: list[str]) -> Iterator[str]:
    """An empty line before the first bullet: else it would be a part of the paragraph above it."""
    for line, before in zip(lines, ["", *lines], strict=False):
        if line.startswith("- ") and not before.startswith("- "):
            yield ""
        yield line


def _row(number: int, finding: Finding) -> tuple[str, ...]:
    title = "" if finding.code == LOOPHOLE else f"**{escaped(finding.title)}** "
    told = f"{title}{escaped(finding.told if title else finding.message)}"
    if finding.remedy:
        told += f"<br>{_remedy(finding.remedy)}"
    if finding.accepted:
        told += f"<br>{escaped(say('cli.check.accepted', reason=finding.accepted))}"
    return (f"{SIGNS[finding.severity]} {number}", told, f"`{finding.at}`" if finding.at else "")


def _remedy(remedy: Remedy) -> str:
    """What is proved to close a finding; the amendment itself is for `check --fix`."""
    return f"**{escaped(say('render.page.remedy'))}** {escaped(remedy.summary)}"


def _comparison(comparison: Comparison) -> Iterator[str]:
    name, told = order(comparison)
    texts = f"{escaped(comparison.before)} → {escaped(comparison.after)}"
    yield f"### {texts}: **{escaped(name)}**"
    yield escaped(told)
    if comparison.order is not Order.NOT_COMPARED:
        yield escaped(say("covers.answer", clauses=over(comparison)))
    yield "\n".join(f"- {escaped(side)}" for side in one_sided(comparison))
    for finding in comparison.findings:
        at = f" `{finding.at}`" if finding.at else ""
        yield f"{SIGNS[finding.severity]} {escaped(finding.message)}{at}"
    if comparison.order is not Order.NOT_COMPARED:
        yield from _side("permitted", comparison.newly_permitted, opened=True)
    if comparison.newly_permitted.boxes:
        yield escaped(say("render.stated" if comparison.stated else "render.unstated"))
    if comparison.order is not Order.NOT_COMPARED:
        yield from _side("refused", comparison.newly_refused, opened=False)
    if comparison.changes:
        rows = [_change(change) for change in comparison.changes]
        title = f"{escaped(say('compare.words'))} ({len(rows)})"
        yield _folded(title, _table(("", *_columns("words", "effect", "where")), rows))
    beside = [
        (escaped(f.title), escaped(f.told), f"`{f.at}`" if f.at else "") for f in comparison.beside
    ]
    if beside:
        title = f"{escaped(say('render.beside'))} ({len(beside)})"
        yield _folded(title, _table(("", *_columns("what", "where")), beside))
    rows = [
        (escaped(p.label), _in_quotes(p.words), escaped(plural("cli.check.ways-short", p.ways)))
        for p in comparison.still_open
    ]
    if rows:
        yield f"**{escaped(say('cli.compare.still-open'))}**"
        yield _table(("", *_columns("principle", "ways")), rows)
    yield escaped(say("render.relative"))


def _change(change: TextChange) -> tuple[str, ...]:
    """A clause whose words changed, with what the change does: one that decides nothing new is told apart."""
    effect = say(
        "compare.tested-only"
        if change.effect is None
        else "compare.no-decision"
        if change.effect is Order.EQUAL
        else f"compare.does-{Order(change.effect).key}"
    )
    kind = escaped(say(f"compare.kind-{change.kind}"))
    words = "".join(_segment(s) for s in change.segments) if change.kind == "replaced" else ""
    told = f"{kind}<br>{words}" if words else kind
    return (f"**{escaped(change.label)}**", told, escaped(effect), f"`{change.at}`")


def _segment(segment: Segment) -> str:
    """Words of a changed clause: struck, inserted, or the few around them."""
    words = segment.text.split()
    if segment.kind == "same" and len(words) > 2 * _AROUND:
        words = [*words[:_AROUND], "…", *words[-_AROUND:]]
    before, after = (
        " " if edge.isspace() else "" for edge in (segment.text[:1], segment.text[-1:])
    )
    said = escaped(" ".join(words))
    tag = {"struck": "del", "inserted": "ins"}.get(segment.kind)
    return f"{before}<{tag}>{said}</{tag}>{after}" if tag and said else f"{before}{said}{after}"


def _side(side: str, answer: Answer, *, opened: bool) -> Iterator[str]:
    """One direction of a comparison; what is newly permitted is what a reviewer must see."""
    if not answer.boxes and answer.complete:
        return
    title = escaped(say(f"render.newly-{side}", count=len(answer.boxes)))
    rows = [_use(box) for box in answer.boxes]
    table = _table(_columns("use", "example", "clauses"), rows) if rows else ""
    key = "render.others-exist" if answer.others else "render.not-finished"
    cut_off = "" if answer.complete else escaped(say(key))
    body = _joined((table, cut_off)).rstrip()
    yield f"**{title}**\n\n{body}" if opened else _folded(title, body)


def _use(box: Box) -> tuple[str, ...]:
    told = f"{escaped(way(box))}."
    told += "".join(f" {escaped(what)}." for what in beyond(box))
    example = ", ".join(box.witness[axis] for axis in box.leaves if axis in box.witness)
    return (told, escaped(example), escaped(", ".join(headed_by(box))))


def _columns(*names: str) -> tuple[str, ...]:
    return tuple(escaped(say(f"render.column.{name}")) for name in names)


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = tuple(head)
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
