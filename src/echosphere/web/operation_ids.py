"""Names operations for the OpenAPI document, so that generated clients have methods of these names."""

NAMES = {
    "DELETE /administration/people/<user>/suspension": "liftSuspension",
    "DELETE /administration/settings/<setting>": "resetServerSetting",
    "DELETE /blocks/<user>": "unblockUser",
    "DELETE /contacts/sent-requests/<sent>": "withdrawContactRequest",
    "DELETE /conversations/<conversation>/avatar": "deleteGroupAvatar",
    "DELETE /conversations/<conversation>/webhooks/<webhook>/avatar": "deleteWebhookAvatar",
    "DELETE /conversations/<conversation>/banned/<user>": "unbanMember",
    "DELETE /conversations/<conversation>/cleared": "undoClearing",
    "DELETE /conversations/<conversation>/held/<held>": "withdrawHeldMessage",
    "DELETE /conversations/<conversation>/members/<user>": "removeMember",
    "DELETE /conversations/<conversation>/messages/<seq>/pin": "unpinMessage",
    "DELETE /conversations/<conversation>/messages/<seq>/reactions/<emoji>": "removeReaction",
    "DELETE /conversations/<conversation>/messages/<seq>/saved": "unsaveMessage",
    "DELETE /me": "closeAccount",
    "DELETE /me/second-factor/app": "removeAuthenticatorApp",
    "DELETE /me/second-factor/devices": "forgetRememberedDevices",
    "DELETE /me/second-factor/devices/<device>": "forgetRememberedDevice",
    "DELETE /me/sign-in-services/<service>": "unlinkSignInService",
    "DELETE /sessions": "signOutOtherSessions",
    "DELETE /sessions/current": "signOut",
    "GET /administration/announcements": "listAllAnnouncements",
    "GET /administration/audit": "listAuditEntries",
    "GET /administration/audit/export": "exportAuditLog",
    "GET /administration/audit/verification": "verifyAuditLog",
    "GET /administration/conversations": "listLargestConversations",
    "GET /administration/examination": "examineServer",
    "GET /administration/settings": "listServerSettings",
    "GET /blocks": "listBlockedUsers",
    "GET /contacts/sent-requests": "listSentContactRequests",
    "GET /conversations/<conversation>/banned": "listBannedMembers",
    "GET /conversations/<conversation>/bots": "listGroupBots",
    "GET /conversations/<conversation>/filter": "getWordFilter",
    "GET /conversations/<conversation>/held": "listHeldMessages",
    "GET /directory": "searchDirectory",
    "GET /hidden": "listHiddenMessages",
    "GET /me/audit": "listOwnAuditEntries",
    "GET /me/export/<export>": "downloadOwnExport",
    "GET /me/passkey-options": "getPasskeyOptions",
    "GET /notifications/key": "getPushKey",
    "GET /saved": "listSavedMessages",
    "GET /search": "search",
    "GET /server/approvals": "listPendingRegistrations",
    "GET /sessions/current/proof": "getProofOptions",
    "GET /sessions/passkey": "getSignInPasskeyOptions",
    "GET /sync": "syncByQuery",
    "PATCH /conversations/<conversation>/members/<user>": "setMemberRole",
    "PATCH /conversations/<conversation>/messages/<seq>": "editMessage",
    "POST /accounts": "register",
    "POST /administration/jobs": "retryJob",
    "POST /administration/reports/<report>/decision": "decideReport",
    "POST /attachments": "uploadAttachment",
    "POST /bots/<bot>/endpoints/<bot_endpoint>/rotate": "rotateEndpointSecret",
    "POST /contacts": "sendContactRequest",
    "POST /contacts/requests/<request>": "answerContactRequest",
    "POST /conversations/<conversation>/commands": "runCommand",
    "POST /conversations/<conversation>/hidden": "hideMessages",
    "POST /conversations/<conversation>/members": "addMember",
    "POST /conversations/<conversation>/messages": "postMessage",
    "POST /conversations/<conversation>/messages/<seq>/actions": "pressButton",
    "POST /conversations/<conversation>/restored": "restoreMessages",
    "POST /conversations/<conversation>/typing": "setTyping",
    "POST /invites/<token>": "acceptInvite",
    "POST /me/passkeys": "addPasskey",
    "POST /me/second-factor/app": "setUpAuthenticatorApp",
    "POST /me/second-factor/recovery-codes": "createRecoveryCodes",
    "POST /me/sign-in-services/<service>/link": "linkSignInService",
    "POST /notifications/test": "sendTestNotification",
    "POST /respond/<token>": "respond",
    "POST /server/approvals/<registration>": "answerRegistration",
    "POST /server/invites/file": "inviteFromFile",
    "POST /server/invites/people": "invitePeople",
    "POST /server/users/<user>/reset-link": "createResetLink",
    "POST /sessions": "signIn",
    "POST /sessions/passkey": "signInByPasskey",
    "POST /sessions/second-factor": "finishSignIn",
    "POST /sessions/second-factor/passkey": "getSecondFactorPasskeyOptions",
    "POST /users/<user>/reports": "reportUser",
    "PUT /administration/people/<user>/suspension": "suspendPerson",
    "PUT /administration/settings/<setting>": "setServerSetting",
    "PUT /announcements/<announcement>/dismissed": "dismissAnnouncement",
    "PUT /blocks/<user>": "blockUser",
    "PUT /bots/<bot>/commands": "setCommands",
    "PUT /conversations/<conversation>/avatar": "setGroupAvatar",
    "PUT /conversations/<conversation>/webhooks/<webhook>/avatar": "setWebhookAvatar",
    "PUT /conversations/<conversation>/bots/<bot>": "setBotAccess",
    "PUT /conversations/<conversation>/cleared": "clearConversation",
    "PUT /conversations/<conversation>/delivered": "markDelivered",
    "PUT /conversations/<conversation>/filter": "setWordFilter",
    "PUT /conversations/<conversation>/held/<held>/refused": "refuseHeldMessage",
    "PUT /conversations/<conversation>/held/<held>/released": "releaseHeldMessage",
    "PUT /conversations/<conversation>/messages/<seq>/pin": "pinMessage",
    "PUT /conversations/<conversation>/messages/<seq>/reactions/<emoji>": "addReaction",
    "PUT /conversations/<conversation>/messages/<seq>/saved": "saveMessage",
    "PUT /conversations/<conversation>/read": "markRead",
    "PUT /conversations/<conversation>/removed/<user>": "expelMember",
    "PUT /me/email": "changeEmail",
    "PUT /me/export": "createOwnExport",
    "PUT /me/password": "changePassword",
    "PUT /me/second-factor/app": "confirmAuthenticatorApp",
    "PUT /sessions/current/proof": "proveIdentity",
}
"""What reads better than the name that the rule makes of a method and a path."""

VERBS = {"GET": "get", "POST": "create", "PUT": "set", "PATCH": "update", "DELETE": "delete"}
IRREGULAR = {"people": "person", "me": "own"}
"""Singular forms, and what stands for one's own."""

IN_A_CONVERSATION = ["conversations", "<conversation>"]
UNNAMED = "administration"
"""Says who may, not what it is."""


def operation_id(method: str, path: str) -> str:
    """Return the name of an operation: a verb and what it is about, as in `listMessages`.

    It follows from the method and the path alone, so that a new operation renames no other.

    Args:
        method: The HTTP method.
        path: As declared, with its parameters in `<>`.
    """
    return NAMES.get(f"{method} {path}") or _named_by_rule(method, path.strip("/").split("/"))


def _named_by_rule(method: str, segments: list[str]) -> str:
    if segments[:2] == IN_A_CONVERSATION and len(segments) > 2:
        segments = segments[2:]
    *before, last = [one for one in segments if not one.startswith("<") and one != UNNAMED]
    noun = "".join(_pascal(_singular(one)) for one in before)
    if segments[-1].startswith("<"):
        return VERBS[method] + noun + _pascal(_singular(last))
    if method == "GET":
        return ("list" if _is_plural(last) else "get") + noun + _pascal(last)
    if method == "POST" and not _is_plural(last):
        return _camel(last) + noun  # `/messages/<seq>/forward`
    return VERBS[method] + noun + _pascal(_singular(last) if method == "POST" else last)


def _is_plural(word: str) -> bool:
    return word == "people" or (word.endswith("s") and not word.endswith("ss"))


def _singular(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s") if _is_plural(word) else word


def _pascal(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("-"))


def _camel(word: str) -> str:
    pascal = _pascal(word)
    return pascal[:1].lower() + pascal[1:]
