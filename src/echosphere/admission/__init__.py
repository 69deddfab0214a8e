"""Who may come in: the modes of registration, invites to the server and approvals."""

from echosphere.admission.admission import ServerAdmission
from echosphere.admission.owner_invite import owner_link
from echosphere.admission.wiring import install

__all__ = ["ServerAdmission", "install", "owner_link"]
