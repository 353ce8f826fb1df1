"""Which organisation of one text is which of another: stated, or one by its id, and never guessed.

A reseller's text names the bodies that it serves by names of its own. What each of them is to the supplier is stated:
in the reseller's text, where it is signed, or on the command line; and the answer shows it.

    ```facts
    inside: {acme: {shop: partner}}          # to `acme`, our shop is a partner
    ```

    stated, bodies = counterparts(supplier, reseller, [("shop", "partner")], inside=True)

Enforced: both names are known, each in its own text; a body is stated once; and where it is asked whether the one text
stays inside the other, every body that the other does not know is stated, itself or with one above it. A kind of a body
that both know needs it only where the other lists kinds there that it could be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from avenant.agreement.types import InForce
from avenant.analyse.types import Body
from avenant.errors import InputError, Span, raise_all
from avenant.languages import say
from avenant.source.nodes import did_you_mean
from avenant.vocabulary.mapped import counterpart
from avenant.vocabulary.types import ANY, OTHER, Category, Vocabulary


def counterparts(
    before: InForce, after: InForce, given: Sequence[tuple[str, str]], *, inside: bool
) -> tuple[Mapping[str, str], tuple[Body, ...]]:
    """What is stated, body of `after` -> body of `before`, and what the answer shows.

    `given` is what the command line states; `inside` asks for every body. Raises InputError, or all of them at once.
    """
    axis = next(a.id for a in after.vocabulary.axes if a.role == "principal")
    errors: list[InputError] = []
    stated: dict[str, str] = {}
    for body, counts_as, at in _stated(before, after, given):
        if not after.vocabulary.known(axis, body):
            errors.append(_unknown_body(body, after, axis, at))
        if not before.vocabulary.known(axis, counts_as):
            errors.append(_unknown_counterpart(counts_as, before, axis, at))
        if stated.setdefault(body, counts_as) != counts_as:
            errors.append(_twice(body, stated[body], counts_as, at))
    if inside and not errors:
        errors += _unstated(before, after, axis, stated)
    raise_all(errors)
    return stated, tuple(_shown(before, after, axis, stated))


def _stated(
    before: InForce, after: InForce, given: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str, Span | None]]:
    for one in after.facts.inside.get(before.agreement, ()):
        yield one.body, one.counts_as, one.at
    for body, counts_as in given:
        yield body, counts_as, None


def _unknown_body(name: str, text: InForce, axis: str, at: Span | None) -> InputError:
    message = say("compare.unknown-body", name=name, text=text.id)
    return InputError("unknown-body", message, at, _nearest(name, text, axis))


def _unknown_counterpart(name: str, text: InForce, axis: str, at: Span | None) -> InputError:
    message = say("compare.unknown-counterpart", name=name, text=text.id)
    return InputError("unknown-counterpart", message, at, _nearest(name, text, axis))


def _nearest(name: str, text: InForce, axis: str) -> str:
    return did_you_mean(name, [c.id for c in text.vocabulary.categories if c.axis == axis])


def _twice(body: str, one: str, other: str, at: Span | None) -> InputError:
    message = say("compare.body-twice", body=body, one=one, other=other)
    return InputError("body-twice", message, at, say("compare.body-twice-hint"))


def _unstated(
    before: InForce, after: InForce, axis: str, stated: Mapping[str, str]
) -> Iterator[InputError]:
    """One error for all the bodies of the text after that the text before neither knows nor is told about."""
    if after.agreement in before.facts.inside and before.agreement not in after.facts.inside:
        yield _wrong_way_round(before.agreement, after.agreement)
        return
    lacking = [
        body.id
        for body in after.vocabulary.categories
        if body.axis == axis
        and before.vocabulary.category(axis, body.id) is None
        and counterpart(after.vocabulary, axis, body.id, stated) is None
        and _could_be_listed(before.vocabulary, after.vocabulary, body, stated)
    ]
    if lacking:
        known = [c.id for c in before.vocabulary.categories if c.axis == axis]
        message = say("compare.unstated", bodies=_quoted(lacking), text=before.id)
        hint = say("compare.unstated-hint", body=lacking[0], known=_quoted([*known, OTHER]))
        yield InputError("unstated-bodies", message, None, hint)


def _could_be_listed(
    before: Vocabulary, after: Vocabulary, body: Category, stated: Mapping[str, str]
) -> bool:
    """Whether a body that the text before does not know could be one that it lists: a top one always; a kind of a body
    that both know, where the text before lists a kind of that which is none of the text after's by its id.
    """
    if body.parent == ANY:
        return True
    kinds = before.children(
        body.axis, body.parent
    )  # none, where it does not know the parent either
    return any(
        after.category(body.axis, kind.id) is None
        or counterpart(after, body.axis, kind.id, stated) is not None
        for kind in kinds
    )


def _wrong_way_round(before: str, after: str) -> InputError:
    message = say("compare.wrong-way-round", before=before, after=after)
    hint = say("compare.wrong-way-round-hint", before=before, after=after)
    return InputError("wrong-way-round", message, None, hint)


def _quoted(ids: Iterable[str]) -> str:
    return ", ".join(f"`{id}`" for id in ids)


def _shown(before: InForce, after: InForce, axis: str, stated: Mapping[str, str]) -> Iterator[Body]:
    for body, counts_as in stated.items():
        yield Body(body, counts_as, True)
    if before.agreement == after.agreement:
        return
    for category in after.vocabulary.categories:
        if (
            category.axis == axis
            and category.at is not None
            and before.vocabulary.category(axis, category.id) is not None
            and counterpart(after.vocabulary, axis, category.id, stated) is None
        ):
            yield Body(category.id, category.id, False)
