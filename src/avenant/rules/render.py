"""A rule in plain words, made of the vocabulary's phrases.

    render(rule, vocabulary)      # "Forbidden to the department: monitoring, for surveillance, of U.S. persons"

Who comes first, then the operation, then the other tests in vocabulary order; what is taken out comes last.
The words follow the condition as written, so that a reader can hold the two against each other. A comma binds as `&&`
does, "or" binds closer; where that would mislead, the part is in brackets, so no sentence stands for two conditions.
"""

from __future__ import annotations

from avenant.languages import FALLBACK, language, say
from avenant.rules.types import And, Condition, In, Not, Or, Rule, tests
from avenant.vocabulary.types import Text, Vocabulary


def render(rule: Rule, vocabulary: Vocabulary, lang: str | None = None) -> str:
    """The rule as one sentence without a full stop."""
    return _Renderer(vocabulary, lang or language()).rule(rule)


def spoken(text: Text, lang: str | None = None) -> str:
    """A text in the language wanted, else in the one there is."""
    return text.get(lang or language()) or text.get(FALLBACK) or next(iter(text.values()), "")


def linked(rule: Rule, vocabulary: Vocabulary, lang: str | None = None) -> str:
    """The rule as a sentence of Markdown, each phrase linked to its category: prose that says what the rule tests."""
    return _Renderer(vocabulary, lang or language(), link=True).rule(rule)


def titled(rule: Rule, vocabulary: Vocabulary, lang: str | None = None) -> str:
    """A forbid as the title of a clause: "No monitoring for surveillance of U.S. persons"."""
    return _Renderer(vocabulary, lang or language()).title(rule)


class _Renderer:
    def __init__(
        self,
        vocabulary: Vocabulary,
        lang: str,
        *,
        form: str | None = None,
        link: bool = False,
    ) -> None:
        self.vocabulary = vocabulary
        self.lang = lang
        self.form = (
            form  # what each phrase is put in: `to`, of somebody to whom something is forbidden
        )
        self.link = link

    def rule(self, rule: Rule) -> str:
        who, what, rest = self._sorted(rule, self._in("to"), self)
        subject = self._say(f"{rule.effect}-to", who=self._say("and").join(who)) if who else ""
        lead = self._say("and").join(what) or self._say("any-use")
        sentence = f"{subject or self._say(rule.effect)}{', '.join((lead, *rest))}"
        return sentence + self._exceptions(rule)

    def title(self, rule: Rule) -> str:
        who, what, rest = self._sorted(rule, self._in("title-by"), self._in("title-what"))
        lead = self._say("and").join(what) or self._say("title-any")
        title = self._say("title", what=" ".join((lead, *rest, *who)))
        return title + self._exceptions(rule)

    def _in(self, form: str) -> _Renderer:
        return _Renderer(self.vocabulary, self.lang, form=form, link=self.link)

    def _sorted(
        self, rule: Rule, whose: _Renderer, which: _Renderer
    ) -> tuple[list[str], list[str], list[str]]:
        """The phrases of a rule, exceptions apart: who, what, and the others in vocabulary order."""
        who: list[str] = []
        what: list[str] = []
        rest: list[tuple[int, str]] = []
        for part in _parts(rule.condition):
            if isinstance(part, Not):
                continue
            role, position = self._about(part)
            if role == "principal":
                who.append(whose.condition(part))
            elif role == "action":
                what.append(which.condition(part))
            else:
                rest.append((position, self.condition(part)))
        return who, what, [text for _, text in sorted(rest, key=lambda r: r[0])]

    def _exceptions(self, rule: Rule) -> str:
        but = [part.operand for part in _parts(rule.condition) if isinstance(part, Not)]
        # One exception needs no brackets: it is the last thing said.
        alone = len(but) + len(rule.passes) == 1
        excepted = [self.condition(b) if alone else self._part(b) for b in but]
        excepted += [
            self._say("let-past", number=p.admission, what=self._part(p.condition))
            for p in rule.passes
        ]
        return self._say("except", what=self._say("or").join(excepted)) if excepted else ""

    def condition(self, condition: Condition) -> str:
        """A condition as a phrase."""
        match condition:
            case In(axis, category):
                return self._phrase(axis, category)
            case Not(operand):
                return self._say("not", what=self._part(operand, Or))
            case And(operands):
                return ", ".join(map(self.condition, operands)) or self._say("any-use")
            case Or(operands):
                return self._say("or").join(map(self._part, operands))

    def _part(self, condition: Condition, *others: type[Condition]) -> str:
        """A condition as a part of a larger one, in brackets where it would run into it."""
        text = self.condition(condition)
        return f"({text})" if isinstance(condition, (And, *others)) else text

    def _phrase(self, axis: str, id: str) -> str:
        category = self.vocabulary.category(axis, id)
        assert category is not None  # rules were read against this vocabulary
        phrase = spoken(category.phrase, self.lang) or spoken(category.title, self.lang)
        phrase = self._contracted(self._say(self.form, who=phrase)) if self.form else phrase
        return f"[{phrase}](#{axis}.{id})" if self.link else phrase

    def _contracted(self, phrase: str) -> str:
        """French: « à le département » is « au département »."""
        for pair in self._say("contractions").split("|"):
            long, _, short = pair.partition("=")
            if long and phrase.startswith(long):
                return short + phrase.removeprefix(long)
        return phrase

    def _about(self, condition: Condition) -> tuple[str, int]:
        """The role and position of the one axis that a condition is about; several: like a resource, last."""
        axes = {test.axis for test in tests(condition)}
        if len(axes) == 1 and (axis := self.vocabulary.axis(axes.pop())):
            return axis.role, self.vocabulary.position[axis.id]
        return "resource", len(self.vocabulary.axes)

    def _say(self, key: str, **values: object) -> str:
        return say(f"rule.{key}", lang=self.lang, **values)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.operands if isinstance(condition, And) else (condition,)
