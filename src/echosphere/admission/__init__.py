"""Registration: its modes, invitations to the server, and approvals."""

from echosphere.admission.admission import ServerAdmission
from echosphere.admission.approvals import ApproveRegistration, RefuseRegistration
from echosphere.admission.emails import AdmissionEmails
from echosphere.admission.invite import InviteTerms, ServerInvite, link_to, new_invite, token_of
from echosphere.admission.invite_file import check_file
from echosphere.admission.invites import CreateServerInvites, RevokeServerInvite, list_invites
from echosphere.admission.mode import current_mode
from echosphere.admission.owner_invite import owner_link
from echosphere.admission.registration import WaitingRegistration
from echosphere.admission.store import list_waiting
from echosphere.admission.wire import (
    Approvals,
    InvitedPeople,
    RegistrationShape,
    ServerInvites,
    ServerInviteShape,
    invite_shape,
)
from echosphere.admission.wiring import install

__all__ = [
    "AdmissionEmails",
    "Approvals",
    "ApproveRegistration",
    "CreateServerInvites",
    "InviteTerms",
    "InvitedPeople",
    "RefuseRegistration",
    "RegistrationShape",
    "RevokeServerInvite",
    "ServerAdmission",
    "ServerInvite",
    "ServerInviteShape",
    "ServerInvites",
    "WaitingRegistration",
    "check_file",
    "current_mode",
    "install",
    "invite_shape",
    "link_to",
    "list_invites",
    "list_waiting",
    "new_invite",
    "owner_link",
    "token_of",
]
