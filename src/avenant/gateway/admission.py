"""Who calls, and what is thereby known: a key, its connection, the connection's standing facts, the caller's claims.

- A bearer key is looked up by its SHA-256, in the same time whatever the key; the key itself is kept nowhere.
- A connection's attestation establishes what the text lets a connection establish, while it is valid; the rest of
  it, and all of it when it does not verify, only claims. A caller's header only claims.
- Nothing that a caller says about a call is passed over: an axis, a category or an `Avenant-*` header
  that is not known is an error, with the nearest spelling.
- What the gateway sees and cannot read adds `any`, which nothing silences: a model or a tool that the text does not
  name, and an image, a sound or a document, on the axes of content.

    connection = admit(connections, b"Bearer av-army-…")       # None: nobody we know
    claims(headers, text.vocabulary)                            # [("intent", "incidental")]
    facts_of_call(standing, text, claims, asked)                # what `decide` is asked
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from avenant.agreement.types import InForce
from avenant.decide.facts import GATEWAY, facts_of_names, parse_fact, stated
from avenant.decide.types import Fact, Standing
from avenant.errors import InputError, Span, raise_all
from avenant.gateway import standing as known
from avenant.gateway.limits import LIMITS, cut
from avenant.gateway.standing import Connection
from avenant.gateway.wire.types import ChatRequest
from avenant.languages import say
from avenant.source.nodes import did_you_mean
from avenant.vocabulary.types import ANY, Vocabulary

FACTS = "avenant-facts"
_OURS = "avenant-"
_HEADER = Span(FACTS, 1)
# What a picture, a sound or a document may be or show, whatever is stated of the rest of the call.
_OF_CONTENT = (
    *("data", "provenance", "sensitivity", "secrecy", "population", "subject", "age", "scale"),
    *("content", "likeness"),
)


def admit(connections: Iterable[Connection], authorization: str | None) -> Connection | None:
    """The connection whose key `Authorization: Bearer` carries; None for any other request."""
    scheme, _, key = (authorization or "").partition(" ")
    digest = sha256(key.strip().encode("utf-8", "surrogatepass")).digest()
    found: Connection | None = None
    for connection in connections:
        # Every one is compared, so that the time tells nothing.
        if hmac.compare_digest(connection.key_sha256, digest):
            found = connection
    return found if scheme.lower() == "bearer" else None


def claims(headers: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The facts of `Avenant-Facts: axis=category, axis=category`; an axis may be repeated, a fact counts once."""
    pairs: dict[tuple[str, str], None] = {}
    errors: list[InputError] = []
    for name, value in headers:
        if not name.startswith(_OURS):
            continue
        if name != FACTS:
            errors.append(_unknown_header(name))
            continue
        for part in value.split(","):
            try:
                pairs[parse_fact(cut(part.strip()), _HEADER)] = None
            except InputError as error:
                errors.append(error)
    if len(pairs) > LIMITS.claims:
        message = say("gateway.too-many", name=FACTS, size=len(pairs), most=LIMITS.claims)
        raise InputError("too_many", message, _HEADER)
    errors += _not_known(pairs, vocabulary)
    raise_all(errors[: LIMITS.problems])
    return list(pairs)


def _not_known(pairs: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> Iterator[InputError]:
    """The facts that the vocabulary does not know; the nearest spelling is looked for twice, as it costs time."""
    axes = [axis.id for axis in vocabulary.axes]
    left = 2
    for axis, category in pairs:
        if axis not in axes:
            message, known = say("decide.unknown-axis", axis=axis), axes
            wrong = axis
        elif not vocabulary.known(axis, category):
            message = say("decide.unknown-category", axis=axis, category=category)
            wrong, known = category, [id for id, _ in vocabulary.subtrees(axis)]
        else:
            continue
        hint = did_you_mean(wrong, known) if left > 0 else None
        left -= 1
        yield InputError(
            f"unknown-{'axis' if known is axes else 'category'}", message, _HEADER, hint
        )


def _unknown_header(name: str) -> InputError:
    if name == "avenant-token":
        message, hint = say("gateway.no-tokens"), say("gateway.no-tokens-hint")
        return InputError("unsupported-header", message, Span(name, 1), hint)
    message = say("gateway.unknown-header", name=name)
    return InputError("unknown-header", message, Span(name, 1), did_you_mean(name, (FACTS,)))


def facts_of_call(
    standing: known.Standing, text: InForce, claimed: Sequence[tuple[str, str]], asked: ChatRequest
) -> tuple[Fact, ...]:
    """All that is known of a call: its connection's standing, what the gateway sees, what the caller claims."""
    facts = list(standing.facts)
    rules = text.facts
    # A name beyond the limit is none of the text's; it is cut here, as it is recorded and told.
    model, *tools = map(cut, (asked.model, *asked.tools))
    facts += facts_of_names(model, tools, rules, text.vocabulary)
    if asked.unread:
        facts += _of_content(text.vocabulary)
    facts += [stated(axis, category, None, "caller", rules) for axis, category in claimed]
    return tuple(dict.fromkeys(facts))


def _of_content(vocabulary: Vocabulary) -> Iterator[Fact]:
    """`any` on each axis that content which cannot be read could touch."""
    for axis in vocabulary.axes:
        if axis.id in _OF_CONTENT:
            yield Fact(axis.id, ANY, GATEWAY, Standing.CLAIMED)
