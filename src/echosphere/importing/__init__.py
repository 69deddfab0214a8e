"""Imports: conversations of other systems and servers, with people who have no account here."""

from echosphere.importing.claim import LinkPlaceholder
from echosphere.importing.exported import exported_conversation, exported_ids, exported_person
from echosphere.importing.files import SourceFiles
from echosphere.importing.format import (
    CONVERSATIONS,
    OWN_SOURCE,
    PEOPLE,
    VERSION,
    ActionRecord,
    ConversationRecord,
    EarlierRecord,
    FileRecord,
    Manifest,
    Membership,
    MentionRecord,
    MessageRecord,
    Person,
    PinRecord,
    ReactionRecord,
    encode,
)
from echosphere.importing.report import Losses, Report
from echosphere.importing.run import Importer, Progress
from echosphere.importing.sources import SOURCES, open_source
from echosphere.importing.store import ImportedPerson, placeholders
from echosphere.importing.wiring import install

__all__ = [
    "CONVERSATIONS",
    "OWN_SOURCE",
    "PEOPLE",
    "SOURCES",
    "VERSION",
    "ActionRecord",
    "ConversationRecord",
    "EarlierRecord",
    "FileRecord",
    "ImportedPerson",
    "Importer",
    "LinkPlaceholder",
    "Losses",
    "Manifest",
    "Membership",
    "MentionRecord",
    "MessageRecord",
    "Person",
    "PinRecord",
    "Progress",
    "ReactionRecord",
    "Report",
    "SourceFiles",
    "encode",
    "exported_conversation",
    "exported_ids",
    "exported_person",
    "install",
    "open_source",
    "placeholders",
]
