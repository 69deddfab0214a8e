"""Checks in the product that are disabled one at a time, and the attacks that must then succeed.

`bin/long mutations` runs each against a copy of the source: `python -m tests.attacks mutations`.
"""

from typing import NamedTuple


class Mutation(NamedTuple):
    """One check that is switched off.

    Attributes:
        name: What the product does then.
        file: Below the root of the project.
        old: What stands there, exactly once.
        new: What stands there instead.
        attacks: Tests of which at least one must fail then, by their names in this folder.
    """

    name: str
    file: str
    old: str
    new: str
    attacks: tuple[str, ...]


S = "src/echosphere"
SITES, SIGN_IN, REQUESTS = "test_other_sites.py", "test_signing_in.py", "test_requests.py"
SOCKETS, HAVE, FILES = "test_sockets.py", "test_what_others_have.py", "test_files.py"
WAYS, ROOM, GROUPS = "test_ways_in.py", "test_administration.py", "test_groups.py"
FACTORS, SERVICES, LINKS = "test_second_factors.py", "test_sign_in_services.py", "test_links.py"
SCRIPTS, BOTS = "test_scripts.py", "test_bots.py"
ENDPOINTS, KEYS = "test_endpoints.py", "test_keys.py"
TOOLS = "../mcp/test_mcp.py"
HOOKS = "../webhooks/test_files.py"
ENDS = "../product/test_ends_everywhere.py::test_all_access_ends"

MUTATIONS = (
    Mutation(
        "takes requests of every origin",
        f"{S}/web/origin.py",
        "        if origin == self.base_url:",
        "        if origin:",
        (f"{SITES}::test_a_page_of_another_origin_changes_nothing",),
    ),
    Mutation(
        "takes the cookie without an origin",
        f"{S}/web/api.py",
        "self.require_same_origin(from_request, needed=True)",
        "self.require_same_origin(from_request, needed=False)",
        (f"{SITES}::test_a_cookie_without_an_origin_changes_nothing",),
    ),
    Mutation(
        "does not ask of what site a page is",
        f"{S}/web/api.py",
        "if needed or origin is not None or site is not None:",
        "if needed or origin is not None:",
        (f"{SITES}::test_forms_of_other_sites_do_not_sign_in_over_rest",),
    ),
    Mutation(
        "takes a session's token at /mcp",
        f"{S}/web/api.py",
        "if not has_key(from_request):",
        "if not bearer_token(from_request.headers):",
        (f"{TOOLS}::test_a_revoked_key_and_a_missing_one_are_refused",),
    ),
    Mutation(
        "lets pages of other sites ask at /mcp",
        f"{S}/web/api.py",
        "        self.require_same_origin(from_request, needed=False)\n        if not has_key(",
        "        if not has_key(",
        (f"{TOOLS}::test_pages_of_other_sites_are_refused",),
    ),
    Mutation(
        "lets tools do what the key may not",
        f"{S}/api/registry.py",
        "        require_scopes(caller, operation.scopes)\n",
        "",
        (f"{TOOLS}::test_a_key_is_offered_what_it_may_and_refused_the_rest",),
    ),
    Mutation(
        "takes every body for JSON",
        f"{S}/web/api.py",
        'if from_request.mimetype != "application/json":',
        'if from_request.mimetype == "application/nothing":',
        (f"{SITES}::test_what_forms_can_send_is_no_json",),
    ),
    Mutation(
        "reads bodies of any length",
        f"{S}/web/body.py",
        "                    if len(content) > limit:",
        "                    if len(content) > 2**40:",
        (f"{REQUESTS}::test_a_body_that_is_too_long_is_refused_before_it_came",),
    ),
    Mutation(
        "lets scripts in a page run",
        f"{S}/web/headers.py",
        "\"script-src 'self'\",",
        "\"script-src 'self' 'unsafe-inline'\",",
        (f"{SITES}::test_every_answer_closes_the_page_to_scripts_frames_and_guesses",),
    ),
    Mutation(
        "lets pages be framed",
        f"{S}/web/headers.py",
        "        \"frame-ancestors 'none'\",\n",
        "",
        (f"{SITES}::test_every_answer_closes_the_page_to_scripts_frames_and_guesses",),
    ),
    Mutation(
        "lets answers be cached",
        f"{S}/web/headers.py",
        '        "cache-control": "no-store",\n',
        "",
        (f"{SITES}::test_private_answers_are_kept_by_no_cache",),
    ),
    Mutation(
        "shows the session to scripts",
        f"{S}/accounts/web/cookie.py",
        '            httponly=True,\n            samesite="Lax",\n        )\n\n    @property\n    def remembered_name',
        '            samesite="Lax",\n        )\n\n    @property\n    def remembered_name',
        (f"{SITES}::test_the_cookie_is_shut_to_scripts_and_other_sites",),
    ),
    Mutation(
        "leads anywhere after signing in",
        f"{S}/web/pages.py",
        "    if given and len(given) <= MAX_PATH and _LOCAL_PATH.match(given):",
        "    if given and len(given) <= MAX_PATH:",
        (f"{SITES}::test_signing_in_leads_nowhere_else",),
    ),
    Mutation(
        "believes every forwarded address",
        f"{S}/web/proxies.py",
        "            if not _is_within(peer, self._proxies):",
        "            self._proxies = [__import__('ipaddress').ip_network('0.0.0.0/0')]\n            if not _is_within(peer, self._proxies):",
        (f"{SIGN_IN}::test_a_header_does_not_make_another_address_where_no_proxy_is_trusted",),
    ),
    Mutation(
        "says which address has no account",
        f"{S}/accounts/authentication.py",
        "        if not matches or stored is None:\n            raise Unauthorized(WRONG)",
        "        if not matches or stored is None:\n            raise Unauthorized(WRONG if stored else 'Unknown.')",
        (f"{SIGN_IN}::test_a_wrong_password_tells_no_more_than_an_unknown_address",),
    ),
    Mutation(
        "takes every password",
        f"{S}/accounts/authentication.py",
        "        if not matches or stored is None:\n            raise Unauthorized(WRONG)",
        "        if stored is None:\n            raise Unauthorized(WRONG)",
        (f"{SIGN_IN}::test_a_stolen_session_does_not_close_the_account",),
    ),
    Mutation(
        "does not wait after wrong passwords",
        f"{S}/accounts/authentication.py",
        "        attempt.require_not_throttled()\n        secret = attempt.secret",
        "        secret = attempt.secret",
        (f"{SIGN_IN}::test_a_password_is_not_guessed_by_trying",),
    ),
    Mutation(
        "takes official names",
        f"{S}/accounts/name.py",
        "    if looks_official(name):",
        '    if name == "":',
        (f"{SIGN_IN}::test_no_one_passes_for_an_official",),
    ),
    Mutation(
        "keeps invisible characters in names of files",
        f"{S}/core/text.py",
        "        if character.isspace() or unicodedata.category(character) not in _INVISIBLE\n",
        "",
        (f"{FILES}::test_a_name_reaches_neither_the_disk_nor_the_headers",),
    ),
    Mutation(
        "takes fields that it did not ask for",
        f"{S}/wire.py",
        "class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):",
        "class Request(msgspec.Struct, frozen=True):",
        (f"{SIGN_IN}::test_no_one_registers_with_more_than_is_asked",),
    ),
    Mutation(
        "keeps other devices after a new password",
        f"{S}/accounts/change_password.py",
        "        end_sessions(",
        "        (lambda *_, **__: None)(",
        (f"{ENDS}[sqlite-the password changed]",),
    ),
    Mutation(
        "keeps the sessions of who is suspended",
        f"{S}/accounts/suspension.py",
        '    end_sessions(transaction, user_id, reason="suspended")',
        "    _ = end_sessions",
        (f"{ENDS}[sqlite-the account suspended]",),
    ),
    Mutation(
        "keeps the sessions of who has another role",
        f"{S}/accounts/change_role.py",
        '        end_sessions(transaction, user_id, reason="role")',
        "        _ = end_sessions",
        (f"{ENDS}[sqlite-the role taken]",),
    ),
    Mutation(
        "keeps the sockets of ended sessions",
        f"{S}/platform.py",
        "            self.devices.sign_out(session, reason)",
        "            _ = session, reason",
        (f"{ENDS}[sqlite-signed out by an administrator]",),
    ),
    Mutation(
        "shows conversations to everybody",
        f"{S}/conversations/store/access.py",
        '    .where(conversations.c.id == bindparam("conversation"), OF_VIEWER)\n)\n_other',
        '    .where(conversations.c.id == bindparam("conversation"))\n)\n_other',
        (f"{HAVE}::test_what_others_have_answers_like_what_is_not_there",),
    ),
    Mutation(
        "shows files to everybody",
        f"{S}/attachments/access.py",
        "    if file is None or not _may_see(snapshot, viewer, file):",
        "    if file is None:",
        (f"{HAVE}::test_a_file_before_its_message_is_its_uploaders_alone",),
    ),
    Mutation(
        "shows pictures of groups to everybody",
        f"{S}/avatars/access.py",
        "    if found is None or not _may_see(snapshot, viewer, found):",
        "    if found is None:",
        (f"{HAVE}::test_what_others_have_answers_like_what_is_not_there",),
    ),
    Mutation(
        "shows pictures of previews to everybody",
        f"{S}/link_previews/access.py",
        "            access_message(snapshot, viewer, message.conversation, message.seq)\n",
        "",
        (f"{LINKS}::test_a_picture_of_a_preview_is_for_who_sees_its_message",),
    ),
    Mutation(
        "finds what others have said",
        f"{S}/search/store/messages.py",
        "        members.c.user_id == scope.viewer,\n",
        "",
        (f"{HAVE}::test_a_search_finds_nothing_of_others",),
    ),
    Mutation(
        "lets everybody edit",
        f"{S}/messages/edit.py",
        "    require_author(message, editor)\n",
        "",
        (f"{HAVE}::test_no_one_changes_what_another_said",),
    ),
    Mutation(
        "lets everybody delete",
        f"{S}/messages/delete.py",
        "    return message.author == access.viewer or access.role in (Role.OWNER, Role.ADMIN)",
        "    return True",
        (f"{HAVE}::test_no_one_changes_what_another_said",),
    ),
    Mutation(
        "keeps the words of a deleted message",
        f"{S}/messages/delete.py",
        '    fields = DELETED_FIELDS | {"expires_at": expires_at}',
        '    fields = DELETED_FIELDS | {"expires_at": expires_at, "body": message.body}',
        (f"{HAVE}::test_deleted_words_are_nowhere",),
    ),
    Mutation(
        "lets through what comes across a block",
        f"{S}/messages/post.py",
        "    require_not_blocked(transaction, access)\n    require_may_post",
        "    require_may_post",
        (f"{HAVE}::test_across_a_block_nothing_gets_through",),
    ),
    Mutation(
        "takes a socket of every site",
        f"{S}/platform.py",
        '        return origin is None or origins.allows(origin, request.headers.get("host"))',
        "        return True",
        (f"{SOCKETS}::test_a_page_of_another_site_gets_no_socket",),
    ),
    Mutation(
        "takes a polling session by its id alone",
        f"{S}/platform.py",
        "        binding=lambda request: request.cookie(cookie),\n",
        "",
        (f"{SOCKETS}::test_the_id_of_a_polling_session_is_worth_nothing",),
    ),
    Mutation(
        "takes frames of any length",
        f"{S}/realtime/engineio/options.py",
        "    max_payload: int = 100_000",
        "    max_payload: int = 100_000_000",
        (f"{SOCKETS}::test_a_frame_out_of_order_closes_its_connection",),
    ),
    Mutation(
        "waits for attachments for ever",
        f"{S}/realtime/socketio/connection.py",
        "        return self._pending_binary is not None and self._pending_binary.until == when",
        "        return False",
        (f"{SOCKETS}::test_a_binary_event_that_is_half_sent_is_given_up",),
    ),
    Mutation(
        "keeps all for who does not read",
        f"{S}/realtime/engineio/options.py",
        "    max_buffer: int = MEBIBYTE",
        "    max_buffer: int = 1024 * MEBIBYTE",
        (f"{SOCKETS}::test_who_reads_nothing_is_cut_off",),
    ),
    Mutation(
        "opens any number of sockets of a person",
        f"{S}/platform.py",
        "            max_sockets_per_user=MAX_SOCKETS_PER_USER if rates else None,\n",
        "",
        (f"{SOCKETS}::test_a_person_has_ten_sockets_and_no_more",),
    ),
    Mutation(
        "answers calls before signing in",
        f"{S}/realtime/delivery/connected_devices.py",
        "        if caller is None or not self._matches_page_user(caller, auth):",
        "        if caller is None:",
        (f"{SOCKETS}::test_a_socket_of_a_page_of_one_person_is_not_given_to_another",),
    ),
    Mutation(
        "shows every file in place",
        f"{S}/media/headers.py",
        '    how = "inline" if content_type in INLINE_TYPES else "attachment"',
        '    how = "inline"',
        (f"{FILES}::test_no_file_runs_in_a_page_of_ours",),
    ),
    Mutation(
        "sends files without a sandbox",
        f"{S}/media/headers.py",
        '    "Content-Security-Policy": "sandbox; default-src \'none\'",\n',
        "",
        (f"{FILES}::test_no_file_runs_in_a_page_of_ours",),
    ),
    Mutation(
        "keeps folders in names of files",
        f"{S}/media/file_name.py",
        '    last = unicodedata.normalize("NFC", last).rpartition("/")[2]',
        "    last = given",
        (f"{FILES}::test_a_name_reaches_neither_the_disk_nor_the_headers",),
    ),
    Mutation(
        "reaches this machine for everybody",
        f"{S}/http_client/client.py",
        "        return cls.unrestricted() if private else cls()",
        "        return cls.unrestricted()",
        (f"{LINKS}::test_no_link_reaches_this_machine",),
    ),
    Mutation(
        "takes every push service",
        f"{S}/notifications/subscribe.py",
        "    if url is None or not (allow_private or _is_public_https(url)):",
        "    if url is None:",
        (f"{LINKS}::test_no_push_service_is_inside",),
    ),
    Mutation(
        "takes a code again",
        f"{S}/second_factor/check_code.py",
        "    if step is None or not store.advance_step(transaction, user_id, step):",
        "    if step is None:",
        (f"{FACTORS}::test_a_code_that_is_used_fifty_times_at_once_counts_once",),
    ),
    Mutation(
        "takes a recovery code again",
        f"{S}/second_factor/store/totp.py",
        "    this = (codes.user_id == user_id, codes.code_hash == hashed, codes.used_at.is_(None))",
        "    this = (codes.user_id == user_id, codes.code_hash == hashed)",
        (f"{FACTORS}::test_a_recovery_code_that_is_used_fifty_times_at_once_counts_once",),
    ),
    Mutation(
        "goes on with a sign-in that is over",
        f"{S}/second_factor/finish_sign_in.py",
        "        if not store.use_pending(transaction, self.step.token_hash):\n            raise Unauthorized(EXPIRED)\n",
        "",
        (f"{FACTORS}::test_a_sign_in_under_way_goes_on_once",),
    ),
    Mutation(
        "asks nobody for a second factor",
        f"{S}/accounts/caller_cache.py",
        "        return not caller.has_second_factor and asks_for_factor(asked, caller.role)",
        "        return False",
        (f"{FACTORS}::test_who_must_have_a_factor_gets_in_nowhere_without",),
    ),
    Mutation(
        "asks nobody to confirm an address",
        f"{S}/accounts/caller_cache.py",
        "        return self._settings.current.confirm_email and not caller.has_confirmed_email",
        "        return False",
        (f"{WAYS}::test_who_has_not_confirmed_their_address_gets_in_nowhere",),
    ),
    Mutation(
        "takes passkeys of who was not verified",
        f"{S}/second_factor/passkey_checks.py",
        '            user_verified=purpose != "factor",',
        "            user_verified=False,",
        (f"{FACTORS}::test_a_passkey_that_is_wrong_signs_no_one_in",),
    ),
    Mutation(
        "takes passkeys in frames of other sites",
        f"{S}/second_factor/signatures.py",
        '    return "" if read.cross_origin else read.challenge',
        "    return read.challenge",
        (f"{FACTORS}::test_a_passkey_that_is_wrong_signs_no_one_in",),
    ),
    Mutation(
        "takes challenges for every purpose",
        f"{S}/second_factor/challenges.py",
        '        text = b"\\0".join((b"passkey challenge", purpose.encode(), subject.encode(), head))',
        '        text = b"\\0".join((b"passkey challenge", head))',
        (f"{FACTORS}::test_a_challenge_is_for_one_purpose",),
    ),
    Mutation(
        "asks for no fresh proof",
        f"{S}/accounts/fresh_proof.py",
        "    if not 0 <= age < FRESH_FOR:",
        "    if age is None:",
        (f"{ROOM}::test_a_stolen_session_of_an_administrator_changes_no_account",),
    ),
    Mutation(
        "opens the administration room to everybody",
        f"{S}/accounts/permissions.py",
        "    if own not in rule.roles:\n        return False",
        "    if own not in rule.roles:\n        return True",
        (f"{ROOM}::test_the_room_is_not_there_for_others",),
    ),
    Mutation(
        "lets administrators act on those above",
        f"{S}/accounts/permissions.py",
        "    if target_role is None or not rule.only_below or own is OWNER:",
        "    if True:",
        (f"{ROOM}::test_an_administrator_does_nothing_to_those_above_or_beside",),
    ),
    Mutation(
        "lets the last owner go",
        f"{S}/accounts/change_role.py",
        "    if store.lock_owners(transaction) == {user_id}:",
        "    if store.lock_owners(transaction) == set():",
        (f"{ROOM}::test_the_last_owner_stays",),
    ),
    Mutation(
        "does not compare the audit log",
        f"{S}/audit/verify.py",
        "    if entry.hash != entry.expected_hash(last.hash):",
        '    if entry.hash == "":',
        (f"{ROOM}::test_a_changed_audit_log_is_noticed",),
    ),
    Mutation(
        "opens the control socket to everybody",
        f"{S}/control/endpoint.py",
        "        path.chmod(OWNER_ONLY)",
        "        path.chmod(0o666)",
        (f"{ROOM}::test_only_the_operator_may_speak_on_the_control_socket",),
    ),
    Mutation(
        "takes links from before a new password",
        f"{S}/recovery/issue.py",
        "    if credentials_digest(snapshot, link.user_id) != link.credentials:",
        "    if link.credentials is None:",
        (f"{WAYS}::test_a_later_link_and_a_new_password_void_the_earlier",),
    ),
    Mutation(
        "takes invites for other addresses",
        f"{S}/admission/admission.py",
        "        if invite.email not in (None, email):",
        '        if email == "":',
        (f"{WAYS}::test_an_invite_to_one_address_lets_no_other_in",),
    ),
    Mutation(
        "takes an invite again",
        f"{S}/admission/admission.py",
        "        if owned or not store.use_invite(transaction, invite.id):",
        "        if owned:",
        (f"{WAYS}::test_an_invite_raced_fifty_times_lets_one_in",),
    ),
    Mutation(
        "takes domains that end alike",
        f"{S}/admission/mode.py",
        'email.rpartition("@")[2] not in settings.registration_domains:',
        "not email.endswith(settings.registration_domains):",
        (f"{WAYS}::test_an_address_only_resembles_the_domain",),
    ),
    Mutation(
        "lets members run a group",
        f"{S}/memberships/groups/permissions.py",
        "    if access.role is Role.MEMBER:",
        "    if access.role is None:",
        (f"{GROUPS}::test_a_member_runs_nothing",),
    ),
    Mutation(
        "lets admins remove the owner",
        f"{S}/memberships/groups/permissions.py",
        "    if access.role is not Role.OWNER and member.role is not Role.MEMBER:",
        "    if access.role is None:",
        (f"{GROUPS}::test_an_admin_does_nothing_to_the_owner",),
    ),
    Mutation(
        "lets everybody post",
        f"{S}/messages/posting_rules.py",
        "    if group.posting is MemberScope.ADMINS:",
        "    if group.posting is None:",
        (f"{GROUPS}::test_where_only_admins_post_a_member_says_nothing",),
    ),
    Mutation(
        "has no slow mode",
        f"{S}/messages/posting_rules.py",
        "    seconds = _seconds_to_wait(access, now) if group.slow_seconds else 0",
        "    seconds = 0",
        (f"{GROUPS}::test_slow_mode_has_no_way_around",),
    ),
    Mutation(
        "filters no edits",
        f"{S}/messages/edit.py",
        "        if is_held(access, body):",
        "        if body is None:",
        (f"{GROUPS}::test_the_filter_is_not_passed_by_editing_forwarding_or_a_socket",),
    ),
    Mutation(
        "lets the removed come back by an invite",
        f"{S}/memberships/invites/join.py",
        "    if removals.was_removed(transaction, group.id, user_id):",
        '    if user_id == "":',
        (f"{GROUPS}::test_who_was_removed_does_not_come_back_by_an_invite",),
    ),
    Mutation(
        "adds people who are no contacts",
        f"{S}/memberships/groups/add.py",
        "        if are_contacts(transaction, self.actor, self.user_id):",
        '        if self.user_id != "":',
        (f"{GROUPS}::test_no_one_is_added_who_is_no_contact",),
    ),
    Mutation(
        "takes tokens of another question",
        f"{S}/openid_connect/tokens.py",
        "    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):",
        "    if given == 1 and hmac:",
        (f"{SERVICES}::test_odd_tokens_let_no_one_in",),
    ),
    Mutation(
        "takes tokens for somebody else",
        f"{S}/openid_connect/tokens.py",
        "    if expected.client_id not in audiences:",
        '    if expected.client_id == "":',
        (f"{SERVICES}::test_odd_tokens_let_no_one_in",),
    ),
    Mutation(
        "takes tokens of another issuer",
        f"{S}/openid_connect/tokens.py",
        '    if claims.get("iss") != expected.issuer:',
        '    if expected.issuer == "":',
        (f"{SERVICES}::test_odd_tokens_let_no_one_in",),
    ),
    Mutation(
        "takes addresses that are not confirmed",
        f"{S}/openid_connect/claims.py",
        '    return claims.get("email_verified") is True',
        "    return True",
        (f"{SERVICES}::test_an_address_that_the_service_has_not_confirmed_opens_no_account",),
    ),
    Mutation(
        "writes lines of strangers into the log",
        f"{S}/monitoring/logs.py",
        "    return _CONTROL.sub(_escaped, redact(truncate(value)))",
        "    return redact(truncate(value))",
        (f"{REQUESTS}::test_lines_in_a_request_make_no_lines_in_the_log",),
    ),
    Mutation(
        "takes text for markup",
        "client/src/richtext/InlineText.svelte",
        "{#if node.kind === 'text'}{node.text}{:else if",
        "{#if node.kind === 'text'}{@html node.text}{:else if",
        (f"{SCRIPTS}::test_a_message_is_text",),
    ),
    Mutation(
        "takes any number of answers by one address",
        f"{S}/bots/respond.py",
        "        if asked.answers >= MAX_ANSWERS:",
        "        if False:",
        (f"{BOTS}::test_an_address_is_worth_five_answers",),
    ),
    Mutation(
        "takes answers for ever",
        f"{S}/bots/interaction.py",
        "        return now - self.at <= OPEN_FOR",
        "        return True",
        (f"{BOTS}::test_an_address_ends",),
    ),
    Mutation(
        "lets bots answer that were switched off",
        f"{S}/bots/respond.py",
        '    if find_bot_caller(transaction, asked.bot, "") is None:',
        "    if False:",
        (f"{BOTS}::test_a_bot_that_was_switched_off_answers_nothing",),
    ),
    Mutation(
        "lets keys press buttons",
        f"{S}/bots/operations.py",
        "rate=PRESS_RATE, status=202)",
        "rate=PRESS_RATE, status=202, scopes=HEARS)",
        (f"{BOTS}::test_bots_do_not_ask_bots",),
    ),
    Mutation(
        "lets people put buttons under their messages",
        f"{S}/messages/operations/buttons.py",
        "    if not caller.is_bot:",
        "    if False:",
        (f"{BOTS}::test_no_one_but_a_bot_has_buttons_under_a_message",),
    ),
    Mutation(
        "takes any address for a button",
        f"{S}/messages/parts/actions.py",
        "        if not _is_https(sent.url):",
        "        if False:",
        (f"{BOTS}::test_no_button_leads_to_a_script_or_in_disguise",),
    ),
    Mutation(
        "keeps characters in labels that turn the text around",
        f"{S}/messages/parts/actions.py",
        "    label = strip_invisible(sent.label)",
        "    label = sent.label",
        (f"{BOTS}::test_no_label_turns_what_one_reads",),
    ),
    Mutation(
        "reads what is sent to a webhook that does not exist",
        f"{S}/webhooks/web.py",
        "        webhook = await self._database.read(get_webhook, token_hash(token))\n",
        "        await read_body(request, 2**30)\n"
        "        webhook = await self._database.read(get_webhook, token_hash(token))\n",
        (f"{HOOKS}::test_nothing_is_read_of_what_is_refused_anyway",),
    ),
    Mutation(
        "has no quota for files of webhooks",
        f"{S}/attachments/add.py",
        "    require_quota(transaction, payer, size, quota, by_program=True)\n",
        "",
        (f"{HOOKS}::test_files_take_the_storage_of_whoever_made_the_webhook",),
    ),
    Mutation(
        "keeps files of a webhook whose message is refused",
        f"{S}/webhooks/web.py",
        "            await self._forms.discard(files)\n            raise\n",
        "            raise\n",
        (f"{HOOKS}::test_what_cannot_be_posted_leaves_nothing",),
    ),
    Mutation(
        "sets endpoints up that lead inside",
        f"{S}/endpoints/targets.py",
        "        if _is_address(target.host) and not allowed(target.host):",
        "        if not allowed:",
        (f"{ENDPOINTS}::test_no_endpoint_is_set_up_that_leads_inside",),
    ),
    Mutation(
        "sets endpoints up without HTTPS",
        f"{S}/endpoints/targets.py",
        '        if target.scheme == "http" and not (self._networks or self._private):',
        "        if False:",
        (f"{ENDPOINTS}::test_no_endpoint_is_set_up_that_leads_inside",),
    ),
    Mutation(
        "sends events to where a name leads inside",
        f"{S}/endpoints/targets.py",
        "        self._secure = SafeHttpClient(self._may_encrypted, ports=None)",
        "        self._secure = SafeHttpClient.unrestricted()",
        (f"{ENDPOINTS}::test_no_event_goes_where_a_name_leads_inside",),
    ),
    Mutation(
        "follows redirects with events",
        f"{S}/http_client/client.py",
        "            return await self._request(\n"
        '                "POST", parse_url(url), headers, body, max_bytes, truncate=True, unpack=True\n'
        "            )",
        "            at = parse_url(url)\n"
        "            for _ in range(2):\n"
        "                found = await self._request(\n"
        '                    "POST", at, headers, body, max_bytes, truncate=True, unpack=True\n'
        "                )\n"
        '                if "location" in found.headers:\n'
        '                    at = resolve_reference(at, found.headers["location"])\n'
        "            return found",
        (f"{ENDPOINTS}::test_no_event_follows_a_redirect",),
    ),
    Mutation(
        "signs events with what everybody knows",
        f"{S}/endpoints/deliver.py",
        "        return [self._sealer.open(endpoint.id, one)[0] for one in endpoint.secrets_at(now)]",
        '        return ["whsec_AAAA" for _ in endpoint.secrets_at(now)]',
        (f"{ENDPOINTS}::test_an_event_is_signed_with_the_secret_that_only_the_owner_knows",),
    ),
    Mutation(
        "shows bots all that is said",
        f"{S}/memberships/groups/members.py",
        "        set_bot_sight(transaction, conversation.id, user_id, sees_all=False)",
        "        set_bot_sight(transaction, conversation.id, user_id, sees_all=True)",
        (f"{ENDPOINTS}::test_no_event_tells_what_is_not_for_the_bot",),
    ),
    Mutation(
        "tells bots of the end of what was not meant for them",
        f"{S}/bots/hear.py",
        "    return [one.id for one in hearers if one.sees_all or one.id in addressed]",
        "    return [one.id for one in hearers if addressed is not None]",
        (f"{ENDPOINTS}::test_no_event_tells_what_is_not_for_the_bot",),
    ),
    Mutation(
        "tells bots of conversations that they left",
        f"{S}/bots/read.py",
        "        found = get_message(snapshot, event.bot, event.conversation, seq)",
        '        found = get_message(snapshot, event.user_id or "", event.conversation, seq)',
        (f"{ENDPOINTS}::test_nothing_is_sent_again_after_the_bot_left",),
    ),
    Mutation(
        "sends deleted messages again",
        f"{S}/bots/read.py",
        "    if found.message.deleted:\n        return None\n",
        "",
        (f"{ENDPOINTS}::test_what_was_deleted_is_not_sent_again",),
    ),
    Mutation(
        "takes any conversation for one of the bot",
        f"{S}/endpoints/manage.py",
        "    if wanted and not set(wanted) <= set(conversations_of_bot(transaction, bot)):",
        "    if False:",
        (f"{ENDPOINTS}::test_no_event_tells_what_is_not_for_the_bot",),
    ),
    Mutation(
        "shows bots and their endpoints to everybody",
        f"{S}/bots/manage.py",
        "    if found is None or found.owner != owner:\n"
        "        raise NotFound(UNKNOWN)\n"
        "    return _own(snapshot, [found])[0]",
        "    if found is None:\n"
        "        raise NotFound(UNKNOWN)\n"
        "    return _own(snapshot, [found])[0]",
        (f"{ENDPOINTS}::test_an_endpoint_is_its_owners_alone",),
    ),
    Mutation(
        "reaches the endpoints of others by a bot of one's own",
        f"{S}/endpoints/manage.py",
        "    if found is None or found.bot != bot:",
        "    if found is None:",
        (f"{ENDPOINTS}::test_an_endpoint_is_its_owners_alone",),
    ),
    Mutation(
        "shows deliveries to keys",
        f"{S}/endpoints/operations.py",
        "            Operation(self.deliveries, get(DELIVERIES)),",
        "            Operation(self.deliveries, get(DELIVERIES), scopes=frozenset()),",
        (f"{ENDPOINTS}::test_a_stolen_key_turns_no_events_to_another_address",),
    ),
    Mutation(
        "lets keys send events again",
        f"{S}/endpoints/operations.py",
        '/<delivery>/redeliver"), rate=TEST_RATE),',
        '/<delivery>/redeliver"), rate=TEST_RATE, scopes=frozenset()),',
        (f"{ENDPOINTS}::test_a_stolen_key_turns_no_events_to_another_address",),
    ),
    Mutation(
        "takes no notice of the scopes of keys",
        f"{S}/web/api.py",
        "    missing = sorted(scopes - caller.scopes)",
        "    missing = sorted(scopes - scopes)",
        (
            f"{KEYS}::test_a_key_that_reads_only_reads",
            f"{KEYS}::test_a_key_that_writes_reads_nothing",
        ),
    ),
    Mutation(
        "lets keys do what only people may",
        f"{S}/web/api.py",
        "    if scopes is None:\n        raise Forbidden(NOT_BY_KEY)",
        "    if scopes is None:\n        return",
        (f"{KEYS}::test_a_stolen_key_takes_over_nothing",),
    ),
    Mutation(
        "takes a key for a session",
        f"{S}/api_keys/authenticate.py",
        "    return FoundCaller(replace(caller, scopes=key.scopes), key.needs_touch(snapshot.now))",
        "    return FoundCaller(replace(caller), key.needs_touch(snapshot.now))",
        (f"{KEYS}::test_a_stolen_key_takes_over_nothing",),
    ),
    Mutation(
        "takes keys after their end",
        f"{S}/api_keys/store.py",
        'api_keys.c.key_hash == bindparam("key_hash"), _current))',
        'api_keys.c.key_hash == bindparam("key_hash")))',
        (f"{KEYS}::test_a_key_is_worth_nothing_after_its_end",),
    ),
    Mutation(
        "gives people keys that listen like bots",
        f"{S}/api_keys/manage.py",
        "        if Scope.EVENTS in self.scopes:",
        "        if False:",
        (f"{KEYS}::test_a_key_of_a_person_does_not_listen_like_a_bot",),
    ),
    Mutation(
        "asks on sockets for no scopes",
        f"{S}/realtime/delivery/call_dispatcher.py",
        "                if caller.scopes is not None:\n",
        "                if caller.scopes is None:\n",
        (f"{KEYS}::test_a_bots_key_does_not_write_by_a_socket_what_it_may_not",),
    ),
    Mutation(
        "pushes events to keys that may not read",
        f"{S}/bots/live.py",
        "        if caller.scopes is not None and caller.scopes >= HEARS:",
        "        if caller.scopes is not None:",
        (f"{KEYS}::test_a_bots_key_that_only_writes_hears_nothing",),
    ),
    Mutation(
        "lets everybody press buttons",
        f"{S}/bots/ask.py",
        "        _, message = access_message_for_update(transaction, self.actor, self.conversation, self.seq)",
        "        from echosphere.messages import find_message\n\n"
        "        message = find_message(transaction, self.conversation, self.seq)",
        (
            f"{BOTS}::test_no_one_presses_or_asks_where_they_are_no_member",
            f"{BOTS}::test_who_was_removed_presses_and_asks_nothing",
        ),
    ),
    Mutation(
        "takes commands of who is no member",
        f"{S}/bots/ask.py",
        "        access = access_for_update(transaction, self.actor, self.conversation)",
        "        access = access_for_update(transaction, self.bot, self.conversation)",
        (f"{BOTS}::test_who_was_removed_presses_and_asks_nothing",),
    ),
    Mutation(
        "takes presses of links",
        f"{S}/bots/ask.py",
        "    if buttons[0].url is not None:",
        "    if False:",
        (f"{BOTS}::test_nothing_is_pressed_that_is_not_there",),
    ),
    Mutation(
        "tells all what is for one",
        f"{S}/bots/respond.py",
        "        return not (self.only or self.update) and self.notice is None",
        "        return not self.update and self.notice is None",
        (f"{BOTS}::test_an_answer_for_one_reaches_no_one_else",),
    ),
    Mutation(
        "pushes answers to everybody",
        f"{S}/bots/live.py",
        '    return (ToUser(event.user_id, "answer", answered_shape(event)),)',
        "    from echosphere.realtime.delivery.deliveries import ToEverybody\n\n"
        '    return (ToEverybody("answer", answered_shape(event)),)',
        (f"{BOTS}::test_an_answer_for_one_reaches_no_one_else",),
    ),
    Mutation(
        "changes any message of a bot by a press",
        f"{S}/bots/respond.py",
        "    _, message = access_message(transaction, asked.bot, asked.conversation, asked.seq)\n"
        "    return update_card",
        "    _, message = access_message(transaction, asked.bot, asked.conversation, asked.seq - 1)\n"
        "    return update_card",
        (f"{BOTS}::test_an_answer_changes_no_message_but_the_one_that_was_pressed",),
    ),
)
