"""The administrators' view of the server."""

from echosphere.administration.audit_pages import show_log
from echosphere.administration.examination import examine
from echosphere.administration.people import (
    AssignRole,
    DeactivateAccount,
    ReactivateAccount,
    SignOutAccount,
    list_people,
    show_person,
)
from echosphere.administration.storage import SetQuota
from echosphere.administration.wire import (
    Account,
    AuditAnswer,
    AuditCall,
    AuditEntry,
    ChangeAccountRole,
    DeactivateCall,
    PeopleAnswer,
    PeopleCall,
    PersonAnswer,
)
from echosphere.administration.wiring import install

__all__ = [
    "Account",
    "AssignRole",
    "AuditAnswer",
    "AuditCall",
    "AuditEntry",
    "ChangeAccountRole",
    "DeactivateAccount",
    "DeactivateCall",
    "PeopleAnswer",
    "PeopleCall",
    "PersonAnswer",
    "ReactivateAccount",
    "SetQuota",
    "SignOutAccount",
    "examine",
    "install",
    "list_people",
    "show_log",
    "show_person",
]
