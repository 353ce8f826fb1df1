"""Stock Cedar asked about complete uses: the reference that Avenant's own decisions are held against.

    cedar = Reference(export(rules, vocabulary))
    cedar.decide(uses)          # [("permit", frozenset({"all-lawful/1"})), …]

Only `Allow` and `Deny` are answers: Cedar's third value and any evaluation error are failures of the check itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cedarpy

from avenant.errors import InputError, Unavailable
from avenant.languages import say
from avenant.rules.export import Exported, request, resource
from avenant.vocabulary.types import Vocabulary


class Reference:
    """An exported text inside stock Cedar. Raises InputError `cedar-export` when Cedar cannot read it."""

    def __init__(self, exported: Exported, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        try:
            self._entities: list[dict[str, Any]] = list(json.loads(exported.entities))
            self._policies = cedarpy.PolicySet.from_str(exported.policies)
            self._schema = cedarpy.Schema.from_str(exported.schema)
            validation = cedarpy.validate_policies(exported.policies, exported.schema)
            read = cedarpy.policies_to_pst(exported.policies).static_policies
            cedarpy.Entities.from_json_str(exported.entities, schema=self._schema)
        except (ValueError, TypeError) as error:
            raise InputError("cedar-export", say("rules.cedar-export", problem=error)) from None
        if not validation.validation_passed:
            problem = "; ".join(str(e.error) for e in validation.errors)
            raise InputError("cedar-export", say("rules.cedar-export", problem=problem))
        # What no policy names changes no answer, and a use has a parent on every axis: requests go without the rest.
        words = set(re.findall(r"\w+", exported.policies))
        resources = [axis for axis in vocabulary.axes if axis.role == "resource"]
        self._axes = [axis for axis in resources if axis.entity in words]
        left_out = {axis.entity for axis in resources} - words
        self._entities = [e for e in self._entities if e.get("uid", {}).get("type") not in left_out]
        # cedarpy names policies by their order, `policy0`, `policy1`, …; ours are in their annotations.
        self._ids = {name: p.annotations.get("id") or name for name, p in read.items()}

    def decide(self, uses: Sequence[Mapping[str, str]]) -> list[tuple[str, frozenset[str]]]:
        """Per complete use: `permit` or `forbid`, and the ids of the determining rules."""
        return [self._answer(result) for result in self.batch(uses)()]

    def batch(
        self, uses: Sequence[Mapping[str, str]]
    ) -> Callable[[], Sequence[cedarpy.AuthzResult]]:
        """The batch of requests, made and parsed; calling it asks Cedar, which is all that a bench should time."""
        names = [f"use-{i}" for i in range(len(uses))]
        placed = [resource(u, self._axes, n) for u, n in zip(uses, names, strict=True)]
        # INVARIANT: entities are always parsed with the schema, or action groups are empty and forbids vanish.
        entities = cedarpy.Entities.from_json_str(
            json.dumps([*self._entities, *placed]), schema=self._schema
        )
        requests = [request(u, self._vocabulary, n) for u, n in zip(uses, names, strict=True)]
        return lambda: cedarpy.is_authorized_batch(
            requests, self._policies, entities, schema=self._schema
        )

    def _answer(self, result: cedarpy.AuthzResult) -> tuple[str, frozenset[str]]:
        if result.diagnostics.errors or result.decision not in (
            cedarpy.Decision.Allow,
            cedarpy.Decision.Deny,
        ):
            problem = "; ".join(map(str, result.diagnostics.errors)) or str(result.decision)
            raise Unavailable("cedar-failed", say("rules.cedar-failed", problem=problem))
        effect = "permit" if result.decision == cedarpy.Decision.Allow else "forbid"
        return effect, frozenset(self._ids[name] for name in result.diagnostics.reasons)
