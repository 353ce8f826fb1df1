"""The words of a text beside its tests, and what they leave open: `prose` reads them, and proves nothing."""

from __future__ import annotations

from avenant.analyse.check import Check
from avenant.prose import wording
from avenant.prose.findings import KINDS
from avenant.prose.links import DECLARATORY, TEST_ALONE, WORD_ALONE

CHECK = Check(
    (DECLARATORY, WORD_ALONE, TEST_ALONE, *KINDS.values()),
    lambda inquiry, _: wording(inquiry.text.text, inquiry.found),
)
