"""Cedar text -> rules: the profile, and each way of leaving it as an error that says what to write instead.

The profile is `permit`, `forbid`, `when`, `unless`, `&&`, `||`, `!`, `in`. Organisation is tested through `principal`,
operation through `action`, every other axis through `resource in Purpose::"surveillance"`. Enforced here:

- every construct outside the profile is an error; nothing is silently skipped;
- every literal is in the vocabulary, on the axis that its type names, tested through the variable of that axis;
- annotations are `@from` and `@until`, and nothing else (Cedar ignores a misspelt one);
- two separate categories of one axis are not joined by `&&`: no use is both.

The words of the prose are handed to the tests as these are written; then conditions take their canonical form, and
nothing else sees another. A rule's `source` stays as written.

    parse_rules('forbid (principal, action, resource) when { resource in Purpose::"surveillance" };',
                Span("1-amendment.md", 24, "surveillance"), "surveillance", 1, vocabulary, words)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cedarpy
from cedarpy import pst
from msgspec.structs import replace

from avenant.errors import InputError, Span, raise_all
from avenant.instants import Instant, instant
from avenant.languages import say
from avenant.rules.canonical import canonical
from avenant.rules.cedar import Literal, Policy, split
from avenant.rules.lower import lower
from avenant.rules.types import And, Condition, In, Not, Or, Rule, Word
from avenant.source.nodes import did_you_mean
from avenant.vocabulary.types import ANY, Axis, Vocabulary

ANNOTATIONS = ("from", "until")
MOST_TOKENS = (
    384  # of one rule: Cedar's parser recurses, and one that is far longer ends the process
)

# Cedar's operators outside the profile: the error that says what to write instead, and how they are written.
_FOREIGN_OPERATORS = {
    "eq": ("equals", "=="),
    "not_eq": ("equals", "!="),
    "less": ("arithmetic", "<"),
    "less_eq": ("arithmetic", "<="),
    "greater": ("arithmetic", ">"),
    "greater_eq": ("arithmetic", ">="),
    "add": ("arithmetic", "+"),
    "sub": ("arithmetic", "-"),
    "mul": ("arithmetic", "*"),
    "neg": ("arithmetic", "-"),
}


def parse_rules(
    source: str,
    at: Span,
    clause: str,
    first: int,
    vocabulary: Vocabulary,
    words: Sequence[Word],
) -> tuple[Rule, ...]:
    """The rules of one `cedar` block; `first` is the ordinal of its first rule in the clause, from 1.

    Raises InputError, or InputErrors with every fault of the block.
    """
    errors: list[InputError] = []
    rules: list[Rule] = []
    for ordinal, policy in enumerate(split(source, at), first):
        reader = _Reader(policy, vocabulary, words, errors)
        rule = reader.rule(f"{clause}/{ordinal}", clause)
        if rule is not None:
            rules.append(rule)
    raise_all(errors)
    return tuple(
        replace(rule, condition=canonical(rule.condition, vocabulary))
        for rule in _each_its_word(rules)
    )


def _each_its_word(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Where as many words as tests speak of one category, they stand for each other in order; else all for each."""
    tests = Counter((t.axis, t.category) for rule in rules for t in rule.tests())
    seen: Counter[tuple[str, str]] = Counter()

    def own(condition: Condition) -> Condition:
        match condition:
            case In(axis, category):
                if tests[axis, category] != len(condition.words):
                    return condition
                seen[axis, category] += 1
                word = condition.words[seen[axis, category] - 1]
                return replace(condition, words=(word,))
            case Not(operand):
                return Not(own(operand))
            case And(operands):
                return And(tuple(map(own, operands)))
            case Or(operands):
                return Or(tuple(map(own, operands)))

    for rule in rules:
        yield replace(rule, condition=own(rule.condition))


@dataclass
class _Reader:
    """Walks one policy's tree and its literals side by side: both stand in the order of the text."""

    policy: Policy
    vocabulary: Vocabulary
    words: Sequence[Word]
    errors: list[InputError]
    _left: list[Literal] = field(init=False)
    _tokens: list[tuple[str, Span]] = field(init=False)

    def __post_init__(self) -> None:
        self._left = list(self.policy.literals)
        self._tokens = list(self.policy.tokens)

    def rule(self, id: str, clause: str) -> Rule | None:
        """The rule, its condition as written, or None when something in it was an error."""
        before = len(self.errors)
        tree = self._tree()
        if tree is None:
            return None
        since, until = self._period(tree.annotations)
        parts: list[Condition] = [
            *self._scope("principal", tree.principal),
            *self._scope("action", tree.action),
            *self._scope("resource", tree.resource),
        ]
        for part in tree.clauses:
            self._find("unless" if isinstance(part, pst.Unless) else "when")
            self._find("{")
            match part:
                case pst.When(expr):
                    parts.append(self._condition(expr))
                case pst.Unless(expr):
                    parts.append(Not(self._condition(expr)))
        if len(self.errors) > before:
            return None
        written = And(tuple(parts))
        condition = canonical(written, self.vocabulary)
        self._no_use_is_both(condition)
        if len(self.errors) > before:
            return None
        try:
            if not lower(condition, self.vocabulary, self.policy.at):
                self._error("never-holds", self.policy.at)
                return None
        except InputError as error:
            self.errors.append(error)
            return None
        return Rule(
            id, tree.effect, written, clause, self.policy.source, self.policy.at, since, until
        )

    def _tree(self) -> pst.Template | None:
        if len(self.policy.tokens) > MOST_TOKENS:
            self._error("too-long", self.policy.at, limit=str(MOST_TOKENS))
            return None
        try:
            read = cedarpy.policies_to_pst(self.policy.source)
        except ValueError as error:
            problem = str(error).removeprefix("cedarpy: ")
            self._error("cedar-syntax", self._blamed(problem), problem=problem)
            return None
        if read.templates:
            self._error("template", self._find("?"))
            return None
        return next(iter(read.static_policies.values()))

    def _blamed(self, message: str) -> Span:
        """Cedar names the token that it did not expect; its first occurrence is the best place there is."""
        parts = message.split("`")
        return self._find(parts[1]) if len(parts) > 2 else self.policy.at

    def _find(self, token: str) -> Span:
        """The place of the next such token: the tree is read in the order of the text, and what is behind is done."""
        for i, (text, at) in enumerate(self._tokens):
            if text == token:
                del self._tokens[: i + 1]
                return at
        return self._tokens[0][1] if self._tokens else self.policy.at

    def _period(self, annotations: Iterable[str]) -> tuple[Instant | None, Instant | None]:
        given = dict(annotations.items()) if isinstance(annotations, dict) else {}
        period: dict[str, Instant] = {}
        for name, value in given.items():
            at = self._annotation(name)
            if name not in ANNOTATIONS:
                hint = did_you_mean(name, ANNOTATIONS)
                self.errors.append(
                    InputError("annotation", say("rules.annotation", name=name), at, hint)
                )
                continue
            try:
                period[name] = instant(value, at)
            except InputError as error:
                self.errors.append(error)
        since, until = period.get("from"), period.get("until")
        if since and until and since >= until:
            self._error("empty-period", self.policy.at)
        return since, until

    def _annotation(self, name: str) -> Span:
        """The place of `@name`: Cedar gives annotations in no order."""
        tokens = self.policy.tokens
        pairs = pairwise(tokens)
        return next(
            (at for (sign, at), (text, _) in pairs if (sign, text) == ("@", name)), tokens[0][1]
        )

    def _scope(
        self, variable: str, constraint: pst.PrincipalOrResourceConstraint | pst.ActionConstraint
    ) -> Iterator[Condition]:
        match constraint:
            case pst.ScopeAny():
                return
            case pst.ScopeIn(pst.EntityUid() as entity):
                yield self._test(variable, entity)
            case pst.ActionIn(entities):
                tests = tuple(self._test(variable, entity) for entity in entities)
                yield tests[0] if len(tests) == 1 else Or(tests)
            case pst.ScopeEq() | pst.ActionEq():
                self._error("equals", self._find("=="), symbol="==")
            case pst.ScopeIs() | pst.ScopeIsIn():
                self._error("outside-profile", self._find("is"), what="is")
            case _:
                self._error("outside-profile", self.policy.at, what=type(constraint).__name__)

    def _condition(self, expr: pst.Expr) -> Condition:
        match expr:
            case pst.BinaryOp("and", left, right):
                return And((self._condition(left), self._condition(right)))
            case pst.BinaryOp("or", left, right):
                return Or((self._condition(left), self._condition(right)))
            case pst.UnaryOp("not", arg):
                return Not(self._condition(arg))
            case pst.BinaryOp("in", pst.Var(variable), pst.EntityLit(entity)) if (
                variable != "context"
            ):
                return self._test(variable, entity)
            case pst.BinaryOp("in", _, pst.Set()):
                self._error("set", self._find("["))
            case pst.BinaryOp("in"):
                self._error("membership", self._find("in"))
            case pst.BinaryOp(op) | pst.UnaryOp(op) if op in _FOREIGN_OPERATORS:
                code, symbol = _FOREIGN_OPERATORS[op]
                self._error(code, self._find(symbol), symbol=symbol)
            case pst.GetAttr(_, attr):
                self._error("attribute", self._find(attr), what=attr)
            case pst.HasAttr():
                self._error("attribute", self._find("has"), what="has")
            case pst.Var("context"):
                self._error("attribute", self._find("context"), what="context")
            case pst.BoolLit(value):
                word = str(value).lower()
                self._error("constant", self._find(word), what=word)
            case pst.Var(variable):
                self._error("bare-variable", self._find(variable), what=variable)
            case _:
                what = _written(expr)
                self._error("outside-profile", self._find(what), what=what)
        return And(())  # never used: an error was recorded, so no rule is made

    def _test(self, variable: str, entity: pst.EntityUid) -> Condition:
        at = self._place(entity)
        axis = self.vocabulary.axis_of_entity(str(entity.type))
        if at is None:
            literal = f'{entity.type}::"{entity.id}"'
            self._error("odd-literal", self.policy.at, literal=literal)
            return And(())
        if axis is None:
            # The axis `operation` is Cedar's `Action`: who writes its id means it.
            known = {a.entity: a.entity for a in self.vocabulary.axes}
            known |= {a.id.capitalize(): a.entity for a in self.vocabulary.axes}
            meant = known.get(str(entity.type), str(entity.type))
            hint = did_you_mean(meant, tuple(known.values()))
            message = say("rules.unknown-type", entity=entity.type)
            self.errors.append(InputError("unknown-type", message, at, hint))
        elif axis.role != variable:
            literal = _literal(axis, entity.id)
            self._error("wrong-variable", at, variable=variable, right=axis.role, literal=literal)
        elif entity.id == ANY or entity.id.rpartition(".")[2] == "other":
            self._error("implicit-category", at, category=entity.id)
        elif self.vocabulary.category(axis.id, entity.id) is None:
            self._unknown(axis, entity.id, at)
        else:
            words = tuple(w for w in self.words if (w.axis, w.category) == (axis.id, entity.id))
            return In(axis.id, entity.id, at, words)
        return And(())

    def _unknown(self, axis: Axis, id: str, at: Span) -> None:
        elsewhere = [a for a in self.vocabulary.axes if self.vocabulary.category(a.id, id)]
        near = self.vocabulary.nearest(axis.id, id)
        if elsewhere:
            literal = _literal(elsewhere[0], id)
            hint = say("rules.elsewhere-hint", variable=elsewhere[0].role, literal=literal)
        elif near:
            hint = say("yaml.nearest-hint", nearest=_literal(axis, near))
        else:
            hint = say("rules.unknown-category-hint", axis=axis.id)
        message = say("rules.unknown-category", literal=_literal(axis, id), axis=axis.id)
        self.errors.append(InputError("unknown-category", message, at, hint))

    def _place(self, entity: pst.EntityUid) -> Span | None:
        """Where the literal stands; None when it is not written as it reads, with an escape or in pieces."""
        for i, literal in enumerate(self._left):
            if literal.entity == str(entity.type) and literal.id == entity.id:
                del self._left[i]
                return literal.at
        return None

    def _no_use_is_both(self, condition: Condition) -> None:
        match condition:
            case And(operands):
                seen: dict[str, In] = {}
                for test in operands:
                    if not isinstance(test, In):
                        self._no_use_is_both(test)
                        continue
                    before = seen.setdefault(test.axis, test)
                    masks = (self.vocabulary.mask(t.axis, t.category) for t in (before, test))
                    if next(masks) & next(masks) == 0:
                        self._error(
                            "never-both",
                            test.at,
                            one=before.category,
                            two=test.category,
                            axis=test.axis,
                        )
            case Or(operands):
                for operand in operands:
                    self._no_use_is_both(operand)
            case Not(operand):
                self._no_use_is_both(operand)
            case In():
                return

    def _error(self, code: str, at: Span, **values: str) -> None:
        hint = say(f"rules.{code}-hint", **values)
        self.errors.append(InputError(code, say(f"rules.{code}", **values), at, hint))


def _literal(axis: Axis, id: str) -> str:
    return f'{axis.entity}::"{id}"'


def _written(expr: pst.Expr) -> str:
    """The token by which a reader finds a construct that is outside the profile."""
    match expr:
        case pst.StringLit(value):
            return f'"{value}"'
        case pst.LongLit(value):
            return str(value)
        case pst.EntityLit(entity):
            return f'{entity.type}::"{entity.id}"'
        case pst.Set():
            return "["
        case pst.Record():
            return "{"
        case pst.IfThenElse():
            return "if"
        case pst.Is():
            return "is"
        case pst.Like():
            return "like"
        case pst.BinaryOp(op) | pst.UnaryOp(op):
            # Cedar's tree says `is_empty` for what is written `isEmpty`.
            first, *rest = op.removeprefix("decimal_").split("_")
            return first + "".join(part.replace("ip", "Ip").capitalize() for part in rest)
        case _:
            return type(expr).__name__
