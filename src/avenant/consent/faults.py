"""The errors of consent: each code has its sentence `consent.<code>` and its remedy `consent.<code>-hint`.

raise fault("unknown-key", at, key="SHA256:…", file="1-amendment.md")     # what was written cannot be read as meant
raise refusal("not-your-key", key="SHA256:…", party="supplier")           # a rule of change forbids the step
"""

from __future__ import annotations

from avenant.errors import InputError, Refused, Span
from avenant.languages import say


def fault(code: str, at: Span | None = None, /, **values: object) -> InputError:
    """The InputError `code`, with its values in sentence and remedy."""
    return InputError(code, *_words(code, values, at))


def refusal(code: str, at: Span | None = None, /, **values: object) -> Refused:
    """The Refused `code`, with its values in sentence and remedy."""
    return Refused(code, *_words(code, values, at))


def _words(code: str, values: dict[str, object], at: Span | None) -> tuple[str, Span | None, str]:
    return (
        say(f"consent.{code}", lang=None, **values),
        at,
        say(f"consent.{code}-hint", lang=None, **values),
    )
