"""What binds: parties, signatures, quorum, and which text is in force when."""

from avenant.consent.attest import (
    AboutCall,
    AboutConnection,
    AboutDeployment,
    Attestation,
    attest,
    attested,
    require_officer,
)
from avenant.consent.sign import sign
from avenant.consent.status import (
    next_change,
    require_agreed,
    require_number,
    status,
    text_at,
    text_in_force,
    texts_beside,
    trying,
)
from avenant.consent.types import State, Status

__all__ = [
    "AboutCall",
    "AboutConnection",
    "AboutDeployment",
    "Attestation",
    "State",
    "Status",
    "attest",
    "attested",
    "next_change",
    "require_agreed",
    "require_number",
    "require_officer",
    "sign",
    "status",
    "text_at",
    "text_in_force",
    "texts_beside",
    "trying",
]
