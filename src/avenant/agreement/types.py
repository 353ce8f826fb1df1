"""What is written: dossiers of instruments and statements, and the text in force that they add up to.

No keys are used and no clock is read here: signatures are `consent`'s, and a moment is always passed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from avenant.errors import Span
from avenant.instants import Instant
from avenant.languages import language
from avenant.rules.types import Rule, Word
from avenant.source.markdown import Block
from avenant.vocabulary.types import Text, Vocabulary

Digest = str  # "sha256:" and 64 hex digits
ClauseKind = Literal["binding", "declaratory", "definitions", "principle"]
InstrumentKind = Literal[
    "agreement", "amendment", "admission", "suspension", "withdrawal", "termination", "key-change"
]
Verb = Literal["replace", "insert", "repeal"]
Source = Literal["connection", "approver", "gateway", "nobody"]  # who may establish an axis


class Party(Struct, frozen=True):
    """A signatory. `keys` sign instruments, `officers` sign attestations (connections, approvals); both in SSH form."""

    id: str
    name: str
    role: str
    threshold: int
    keys: tuple[str, ...]
    officers: tuple[str, ...]
    at: Span


class Publication(Struct, frozen=True):
    """Where a reconstructed text was published: shown with everything that is said about it."""

    url: str
    retrieved: str


class Choice(Struct, frozen=True):
    """A choice of encoding, beside its rule (`> **Encoding.** …`) and shown with each finding that rests on it."""

    text: str
    at: Span


class Reference(Struct, frozen=True):
    """A link that stands for no test: to a clause (`axis` is None), or from a note to a category; it must exist."""

    axis: str | None
    target: str
    at: Span


class Scenario(Struct, frozen=True):
    """A use and what this text does with it; `expect` is tested by `check`, not wished for."""

    use: Mapping[str, tuple[str, ...]]
    expect: str
    clause: str | None
    at: Span


class Translation(Struct, frozen=True):
    """A clause as a translation of its instrument has it; its prose and its words are with those of the clause."""

    title: str
    at: Span
    source: str  # the Markdown of the translation, as in Clause


class Clause(Struct, frozen=True):
    """A numbered passage: prose, an optional agreed reading, its rules, and the words its tests stand for."""

    id: str
    number: str  # "9", as printed: "" for a principle, whose id is shown in capitals: R1
    title: str
    prose: Text
    reading: Text | None
    kind: ClauseKind
    words: tuple[Word, ...]
    blocks: tuple[
        Block, ...
    ]  # fenced blocks as written; they are read against the vocabulary when consolidated
    rules: tuple[Rule, ...]  # empty in an instrument, filled in a text in force
    scenarios: tuple[Scenario, ...]  # likewise
    choices: tuple[Choice, ...]
    red_line: bool
    accepted: Mapping[str, str]  # finding id -> reason
    instrument: int  # the number of the instrument whose words these are
    at: Span
    source: str  # the Markdown as written, from its heading (at level 2) to the next; its digest is the clause's
    references: tuple[Reference, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)  # by language

    @property
    def label(self) -> str:
        """How people name it: `§9 agencies`, `R1`."""
        return f"§{self.number} {self.id}" if self.number else self.id.upper()


class Change(Struct, frozen=True):
    """One typed change on a stable clause id; `insert` stands after `clause` (None: at the end)."""

    verb: Verb
    clause: str | None
    new: Clause | None
    at: Span


class Admission(Struct, frozen=True):
    """Lets one excluded body past one named forbid, for purposes and a period; it holds nothing else."""

    number: int
    body: str  # a category of the principal axis
    purposes: tuple[str, ...]
    since: Instant
    until: Instant
    forbid: str  # rule id, or the id of a clause with one forbid
    clause_digest: Digest  # of the clause whose forbid it passes, as it stood when this was written
    at: Span


class Facts(Struct, frozen=True):
    """Who may establish one axis, in the order named; empty: nobody."""

    axis: str
    established_by: tuple[Source, ...]
    note: str | None
    at: Span


class Counterpart(Struct, frozen=True):
    """A body of this text, and what it counts as in another dossier's text."""

    body: str
    counts_as: str
    at: Span


class FactRules(Struct, frozen=True):
    """The `facts` block: per axis who may establish it, who signs in each capacity, and what names stand for."""

    axes: Mapping[str, Facts] = field(default_factory=dict)
    signed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # capacity -> party ids
    models: Mapping[str, str] = field(
        default_factory=dict
    )  # model name -> category of axis `model`
    tools: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # tool -> axis -> category
    inside: Mapping[str, tuple[Counterpart, ...]] = field(default_factory=dict)  # by dossier id
    answers_as: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # model name -> the names that it answers by, `*` for any letters

    def may_establish(self, axis: str) -> tuple[Source, ...]:
        """The sources named for an axis; nothing said, or `nobody`: none."""
        facts = self.axes.get(axis)
        return tuple(s for s in facts.established_by if s != "nobody") if facts else ()


class Core(Struct, frozen=True):
    """The core vocabulary that an agreement names, and where: `core@1-draft`."""

    id: str
    at: Span


class StatedOrder(Struct, frozen=True):
    """What an instrument says of itself: how the text after it stands to the one before. `compare` proves it."""

    order: Literal["stricter", "equal", "looser", "incomparable"]
    at: Span


class Header(Struct, frozen=True):
    """The title and the labels of an instrument or a text, in one language."""

    title: str
    labels: tuple[str, ...]


class Instrument(Struct, frozen=True):
    """One signed Markdown file and its translations; `digest` is that of the file in the authoritative language."""

    agreement: str
    number: int
    kind: InstrumentKind
    title: str
    language: str
    effective: Instant
    previous: Digest | None
    parties: tuple[Party, ...]
    sources: tuple[Publication, ...]
    label: str | None  # what a reconstructed or invented text must always say of itself
    core: Core | None  # of the agreement; None for the others
    clauses: tuple[Clause, ...]  # of the agreement; empty for the others
    changes: tuple[Change, ...]  # of an amendment
    admission: Admission | None
    files: Mapping[str, Digest]  # name in the dossier -> digest of its bytes
    digest: Digest
    file: str
    introduction: str = ""  # the prose before the first clause or change
    order: StatedOrder | None = None
    translations: Mapping[str, Header] = field(default_factory=dict)  # by language


class Statement(Struct, frozen=True):
    """Said in public, tested and never enforced; not in the chain."""

    id: str
    by: str
    date: Instant
    url: str
    language: str
    words: str
    principles: tuple[Clause, ...]
    file: str
    announced: tuple[Clause, ...] = ()  # without rules: they link to what they speak of


class Dossier(Struct, frozen=True):
    """A folder, read once: instruments in order of number, statements by date, envelopes as raw bytes by file."""

    id: str
    path: str
    instruments: tuple[Instrument, ...]
    statements: tuple[Statement, ...]
    envelopes: Mapping[str, bytes]  # "0-agreement.dsse.json" -> bytes, unverified
    sources: Mapping[str, str] = field(
        default_factory=dict
    )  # each file's text, for errors to quote


class InForce(Struct, frozen=True):
    """The consolidated text of an interval `[since, until)`: derived, never edited.

    `vocabulary` is joined and complete, rules are parsed against it, and admissions are in their rules' passes.
    """

    agreement: str
    number: int  # of the last instrument in it
    title: str
    language: str
    since: Instant
    until: Instant | None
    vocabulary: Vocabulary
    clauses: tuple[Clause, ...]
    parties: tuple[Party, ...]
    facts: FactRules
    switches: Mapping[str, str]
    admissions: tuple[Admission, ...]  # those in their period
    sources: tuple[Publication, ...]
    labels: tuple[str, ...]
    core: Core  # what instrument 0 names; the vocabulary begins with it
    instruments: tuple[
        tuple[int, str, Instant], ...
    ]  # (number, kind, effect) of all that the text is made of
    draft: bool  # no signatures: counts from its own dates
    digest: Digest  # of what decides in it: see `agreement.decides`
    translations: Mapping[str, Header] = field(default_factory=dict)  # by language

    @property
    def id(self) -> str:
        """`openai-dow@1`."""
        return f"{self.agreement}@{self.number}"

    @property
    def header(self) -> Header:
        """Its title and labels, as a reader of the process's language has them."""
        return self.translations.get(language()) or Header(self.title, self.labels)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that bind, in order; those of principles are not among them."""
        return tuple(r for c in self.clauses if c.kind != "principle" for r in c.rules)

    @property
    def binding(self) -> tuple[Clause, ...]:
        """The clauses that bind by rules, in the order of the text."""
        return tuple(c for c in self.clauses if c.kind != "principle" and c.rules)

    @property
    def principles(self) -> tuple[Clause, ...]:
        """The clauses that are tested and never enforced."""
        return tuple(c for c in self.clauses if c.kind == "principle")

    def clause(self, id: str) -> Clause | None:
        """The clause of that id, or None."""
        return next((c for c in self.clauses if c.id == id), None)
