"""Who may come in: the modes of registration, invites to the server and approvals."""

from echosphere.admission.admission import ServerAdmission
from echosphere.admission.approvals import approve, refuse
from echosphere.admission.emails import AdmissionEmails
from echosphere.admission.invite import InviteTerms, ServerInvite, link_to, token_of
from echosphere.admission.invites import create_server_invites, list_invites, revoke_invite
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
    "InviteTerms",
    "InvitedPeople",
    "RegistrationShape",
    "ServerAdmission",
    "ServerInvite",
    "ServerInviteShape",
    "ServerInvites",
    "WaitingRegistration",
    "approve",
    "create_server_invites",
    "install",
    "invite_shape",
    "link_to",
    "list_invites",
    "list_waiting",
    "owner_link",
    "refuse",
    "revoke_invite",
    "token_of",
]
