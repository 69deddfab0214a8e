"""Names that were replaced by the field's standard terms do not come back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.repository import PACKAGE

RETIRED = {
    "Admission": "HandshakeChecker",
    "AskContact": "SendRequestCall",
    "AskPerson": "SendRequestToUser",
    "Asked": "SearchRequest",
    "Attendance": "PresenceTracker",
    "Awaited": "PendingBinaryPacket",
    "BrokenRuleError": "InvalidValueError",
    "Circumstances": "NotificationContext",
    "Concerned": "in_same_transaction",
    "Cursors": "CursorCodec",
    "Deadlines": "DeadlineQueue",
    "DirectoryKeeper": "DirectoryIndexer",
    "Draft": "PostMessage",
    "Entrance": "Authentication",
    "Failures": "FailureCount",
    "ForbiddenPlaceError": "ForbiddenAddressError",
    "KnownUser": "ContactUser",
    "Limits": "RateLimiter",
    "Living": "ActiveSessions",
    "Looker": "PreviewFetcher",
    "Looking": "SearchScan",
    "LostAddress": "UnnormalizedEmail",
    "Onlookers": "ProfileVisibility",
    "Outside": "SafeHttpClient",
    "OutsideError": "HttpClientError",
    "OverUnixSocket": "UnixSocketTransport",
    "OwnFields": "MemberSettings",
    "Passwords": "PasswordHasher",
    "Pauses": "TypingThrottle",
    "PeopleLive": "ProfilesLive",
    "PeopleOperations": "ProfilesOperations",
    "PersonCall": "ProfileCall",
    "PersonChanged": "VisibleProfileChanged",
    "PersonPresence": "UserPresence",
    "PersonSettings": "UserSettings",
    "Pusher": "PushSender",
    "Recognised": "FoundSession",
    "Recognition": "SessionCache",
    "Sealing": "webpush",
    "Silence": "EndpointBackoff",
    "ToPeople": "ToUsers",
    "ToPerson": "ToUser",
    "TooMuchError": "ResponseTooLargeError",
    "TryAgainLater": "RetryLater",
    "Turns": "FairQueue",
    "UnsentEvent": "SentRequestClosedEvent",
    "Unsubscribing": "UnsubscribeLinks",
    "accepted_body": "validate_body",
    "accepted_email": "normalize_email",
    "accepted_name": "validate_name",
    "accepted_words": "validate_post",
    "access_person": "access_profile",
    "access_to_change": "access_for_update",
    "announce_departure": "call_disconnect_handler",
    "anybody_listens": "has_any_subscription",
    "anywhere": "unrestricted",
    "are_around": "are_connected",
    "ask_fellow_member": "send_request_to_visible_user",
    "ask_person": "send_request_to_user",
    "ask_seen_person": "send_request_to_visible_user",
    "asked_by": "receiver_of",
    "audience_of_change": "presence_audience",
    "audience_of_person": "presence_receivers",
    "authors_meant": "resolve_authors",
    "begin_proof": "begin_reauthentication",
    "blocks_among": "blocked_pairs",
    "circumstances_of": "context_of_message",
    "clear_deserted": "purge_orphaned",
    "close_to_others": "restrict_to_owner",
    "concern_of": "decision_input",
    "contacts_among": "filter_contacts",
    "conversation_to_enter": "get_conversation_for_update",
    "count_present": "count_members",
    "end_kindly": "close_gracefully",
    "errands": "push_jobs",
    "expel": "disconnect",
    "face_of": "limited_profile",
    "fill_some": "fill_batch",
    "find_heir": "find_successor",
    "find_own_request": "find_sent_request",
    "finds_nobody": "no_directory",
    "first_that_fit": "fit_to_size",
    "folded_with_places": "fold_with_offsets",
    "forget_kept_messages": "purge_personal_data",
    "forget_why_not": "delete_unsent_notices",
    "frame_of_json": "json_event_frame",
    "gone_at": "offline_at",
    "has_asked": "has_pending_request_from",
    "have_met": "were_ever_connected",
    "hold_person": "lock_user",
    "how_known": "acquaintance_of",
    "in_time_of": "is_visible_to_member",
    "index_some": "index_batch",
    "inner_addresses": "allow_private_addresses",
    "is_blatant": "is_abusive",
    "is_deserted": "has_no_members",
    "is_enough": "is_searchable",
    "is_outside": "is_public_address",
    "joined_before": "members_at_message",
    "keep_entry": "update_entry",
    "known_to": "load_visible_names",
    "lets_through": "allows",
    "line_of": "summarize",
    "living_sessions": "active_sessions",
    "look_for": "presence_of",
    "look_later": "retry_later",
    "lost_addresses": "unnormalized_emails",
    "message_to_look_at": "find_pending",
    "most_of_a_person": "max_sockets_per_user",
    "move_sessions": "shift_sessions",
    "names_meant": "match_names",
    "newest_rows": "coalesce_updates",
    "note_last_seen": "save_last_seen",
    "one_less": "release",
    "onlookers_of": "profile_visibility",
    "open_accounts_among": "filter_open_accounts",
    "pair_of": "pair_key",
    "people_named": "find_people",
    "people_with_unread": "users_with_unread",
    "person_of": "find_recipient",
    "place_of": "parse_url",
    "places_meant": "resolve_conversations",
    "places_of": "find_spans",
    "present_with": "filter_fellow_members",
    "put_request": "upsert_request",
    "read_or_make": "read_or_create",
    "read_question": "parse_query",
    "readers_language": "request_language",
    "reconnect_all": "disconnect_all",
    "refusal_in": "translate_error",
    "repeatable_token": "derive_token",
    "require_living": "require_not_deleted",
    "require_turn": "require_not_throttled",
    "said_of": "message_context",
    "say_to_reader": "gettext",
    "sealing": "webpush",
    "sent_shape": "sent_request_shape",
    "sentence_for": "operator_message",
    "set_own_fields": "set_member_settings",
    "set_shared": "set_conversation_fields",
    "shares_with": "allows_cors",
    "show_new_profile": "announce_changed_profile",
    "somebody_listens": "has_subscribed_member",
    "take_back": "clear_failures",
    "take_leave": "pop_last_seen",
    "take_seq": "allocate_seq",
    "tell_own_devices": "announce_own_account",
    "tell_those_around": "announce_profile",
    "those_seen_by": "filter_visible_users",
    "those_who_watch": "typing_audience",
    "to_be_indexed": "messages_to_index",
    "too_often": "too_many_requests",
    "unsighted": "members_without_sight",
    "views_of": "reverse_contacts_of",
    "visible_line": "strip_invisible",
    "visits": "preview_jobs",
    "waiting_of": "waiting_for",
    "watch_sessions": "revoke_ended_sessions",
    "words_of": "index_words",
}
"""Each old name, and the one that is used instead; sorted."""


def identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=path, asname=alias):
                yield from (alias or path).split(".")


def modules() -> list[Path]:
    return sorted(file for file in PACKAGE.rglob("*.py") if "versions" not in file.parts)


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_retired_name_comes_back(file: Path) -> None:
    used = {*identifiers(ast.parse(file.read_text(encoding="utf-8"))), file.stem}
    found = {name: RETIRED[name] for name in used & RETIRED.keys()}
    assert not found, "use the name on the right"


def test_the_retired_names_are_sorted() -> None:
    assert list(RETIRED) == sorted(RETIRED)
