"""The administrators' view of the server."""

from echosphere.administration.audit_pages import show_log
from echosphere.administration.people import (
    assign_role,
    deactivate,
    list_people,
    reactivate,
    show_person,
    sign_out,
)
from echosphere.administration.wire import (
    Account,
    AuditAnswer,
    AuditCall,
    AuditEntry,
    ChangeRole,
    DeactivateCall,
    PeopleAnswer,
    PeopleCall,
    PersonAnswer,
)
from echosphere.administration.wiring import install

__all__ = [
    "Account",
    "AuditAnswer",
    "AuditCall",
    "AuditEntry",
    "ChangeRole",
    "DeactivateCall",
    "PeopleAnswer",
    "PeopleCall",
    "PersonAnswer",
    "assign_role",
    "deactivate",
    "install",
    "list_people",
    "reactivate",
    "show_log",
    "show_person",
    "sign_out",
]
