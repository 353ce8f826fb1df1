"""The sample decides as its conformance file says through the gateway too, called by the official SDK.

A gateway a text, all before one real model. A case's established facts are signed for its connection by the
department's officer, its claims go into the caller's header. The days of the file become minutes around now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openai
import pytest

import avenant
from demo.model import NAME
from demo.model import serving as serving_model
from tests.conformance import Case, cases
from tests.gateway_world import MINUTE, GatewayWorld, Served

CASES = tuple(cases())
Day = tuple[int, str]  # the last instrument, and the day that the file asks about

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("conformance-gateway")]


@pytest.fixture(scope="module")
def gateways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[Day, Served]]:
    """A gateway for each text of the file."""
    texts = {(case.number, case.on): case for case in CASES}
    with ExitStack() as stack:
        model = stack.enter_context(serving_model())
        yield {
            day: stack.enter_context(world(tmp_path_factory.mktemp("text"), case).serving(model))
            for day, case in texts.items()
        }


def world(path: Path, of: Case) -> GatewayWorld:
    """A dossier in which the text of a case is in force now, with the connections of all cases."""
    made = GatewayWorld(path, agreed=min(of.number, 1))
    if of.number == 2:
        # The admission's period holds now as the sample's own does on the day that the file asks about.
        in_its_period = bool(avenant.load(of.text, on=of.on).in_force.admissions)
        end = 60 * MINUTE if in_its_period else -MINUTE
        made.admit_nsa(made.since, datetime.now(UTC).replace(microsecond=0) + end)
        made.sign(2, made.since)
    for case in {case.connection: case for case in CASES}.values():
        facts: dict[str, list[str]] = {}
        for axis, _, category in (fact.partition("=") for fact in case.established):
            facts.setdefault(axis, []).append(category)
        made.connect(case.connection, facts, tuple(facts.pop("organisation")))
    return made


def called(gateway: Served, case: Case) -> dict[str, object]:
    """What the SDK is told of the case's call, with what only the ledger tells of it."""
    headers = {"Avenant_Facts": ", ".join(case.claimed)} if case.claimed else {}
    client = gateway.client(case.connection, **headers)
    told: dict[str, object] = {}
    try:
        raw = client.chat.completions.with_raw_response.create(
            model=NAME, messages=[{"role": "user", "content": "Say something."}], max_tokens=4
        )
        answer, told["outcome"] = raw.headers, "permitted"
    except openai.PermissionDeniedError as error:
        body: Any = error.body
        answer, told["outcome"] = error.response.headers, error.code
        told["missing"] = [missing["axis"] for missing in body["avenant"]["missing"]]
        told["nobody"] = [m["axis"] for m in body["avenant"]["missing"] if not m["may_establish"]]
        told["cited"] = [cited["clause"] for cited in body["avenant"]["cited"]]
    assert told["outcome"] == answer["avenant-decision"]
    record = next(r for r in gateway.records("decision") if str(r.id) == answer["x-request-id"])
    recorded = list(dict.fromkeys(cited["clause"] for cited in record.body["cited"]))
    assert recorded == told.setdefault("cited", recorded)
    told["against"] = record.body["against"]
    told["past"] = [
        {"clause": past["rule"].partition("/")[0], "admission": str(past["admission"])}
        for past in record.body["past"]
    ]
    return told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_gateway_decides_as_the_table_says(case: Case, gateways: Mapping[Day, Served]) -> None:
    """Outcome, clauses, what is missing, principles met and admissions used, for each call under each text."""
    told = called(gateways[case.number, case.on], case)
    assert case.expected == {key: told.get(key) for key in case.expected}


def test_each_gateway_serves_its_own_text(gateways: Mapping[Day, Served]) -> None:
    """Three texts, the last of them twice: in the admission's period and after it."""
    served = [number for number, _ in gateways]
    assert [0, 1, 2, 2] == sorted(served)
    for (number, _), gateway in gateways.items():
        (serving,) = (line for line in gateway.told if line.startswith("serving "))
        assert serving.startswith(f"serving openai-dow@{number},")
