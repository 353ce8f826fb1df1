"""Instruments applied in order: replace, insert and repeal on stable clause ids; admissions bound to a clause.

Enforced: a change names a clause that stands; an id is never used again, not even after its repeal, for a reference
to it must stay true; a number stands once; an admission names the digest of the clause whose forbid it passes, and
lapses when an amendment changes that clause.
"""

from __future__ import annotations

from collections.abc import Iterable

from avenant.agreement.canonical import digest
from avenant.agreement.types import Admission, Change, Clause, Digest, Instrument
from avenant.errors import Span
from avenant.source.diagnostics import Diagnostics
from avenant.source.nodes import did_you_mean


def clause_digest(clause: Clause) -> Digest:
    """What an admission names: SHA-256 over the clause's canonical source, as it stands in a text in force."""
    return digest(clause.source.encode())


def amended(
    instruments: Iterable[Instrument], faults: Diagnostics
) -> tuple[tuple[Clause, ...], tuple[Admission, ...]]:
    """The clauses that stand after these instruments, in order, and the admissions still bound to one of them."""
    standing: list[Clause] = []
    admissions: list[Admission] = []
    used: dict[str, Span] = {}
    for instrument in instruments:
        if instrument.kind not in ("agreement", "amendment", "admission"):
            faults.add("not-supported-yet", Span(instrument.file, 1), kind=instrument.kind)
        for clause in instrument.clauses:
            standing.append(clause)
            used.setdefault(clause.id, clause.at)
        touched: dict[str, Span] = {}
        for change in instrument.changes:
            _apply(change, standing, used, touched, faults)
        if instrument.admission is not None:
            _bind(instrument.admission, standing, used, faults)
            admissions.append(instrument.admission)
    _numbers(standing, faults)
    digests = {clause.id: clause_digest(clause) for clause in standing}
    bound = (a for a in admissions if digests.get(clause_of(a)) == a.clause_digest)
    return tuple(standing), tuple(bound)


def clause_of(admission: Admission) -> str:
    """The clause whose forbid an admission passes: `agencies` of `agencies/1`."""
    return admission.forbid.partition("/")[0]


def _apply(
    change: Change,
    standing: list[Clause],
    used: dict[str, Span],
    touched: dict[str, Span],
    faults: Diagnostics,
) -> None:
    ids = [clause.id for clause in standing]
    new = change.new
    if new is not None and change.verb == "insert" and new.id in used:
        before = used[new.id]
        faults.collide("duplicate-clause", new.at, before, clause=new.id, before=str(before))
        return
    if change.clause is not None and change.clause not in ids:
        code = "repealed-clause" if change.clause in used else "unknown-clause"
        faults.add(code, change.at, did_you_mean(change.clause, ids), clause=change.clause)
        return
    at = len(ids) if change.clause is None else ids.index(change.clause)
    if change.verb != "insert":
        if change.clause in touched:
            faults.collide("changed-twice", change.at, touched[ids[at]], clause=change.clause)
        touched.setdefault(ids[at], change.at)
    match change.verb, new:
        case "repeal", _:
            del standing[at]
        case "replace", Clause():
            standing[at] = new
        case "insert", Clause():
            standing.insert(at + 1, new)
            used[new.id] = new.at


def _bind(
    admission: Admission, standing: list[Clause], used: dict[str, Span], faults: Diagnostics
) -> None:
    """The clause must stand, as the admission knew it."""
    ids = [clause.id for clause in standing]
    id = clause_of(admission)
    if id not in ids:
        code = "repealed-clause" if id in used else "unknown-clause"
        faults.add(code, admission.at, did_you_mean(id, ids), clause=id)
        return
    right = clause_digest(standing[ids.index(id)])
    if admission.clause_digest != right:
        faults.add("clause-digest", admission.at, clause=id, digest=right)


def _numbers(standing: list[Clause], faults: Diagnostics) -> None:
    seen: dict[str, Clause] = {}
    for clause in standing:
        before = seen.setdefault(clause.number, clause) if clause.number else clause
        if before is not clause:
            faults.collide(
                "number-twice",
                clause.at,
                before.at,
                number=clause.number,
                clause=before.id,
                before=str(before.at),
            )
