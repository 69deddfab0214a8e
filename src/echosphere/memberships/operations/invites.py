"""The operations on invites: to a group, and personal ones, which make contacts."""

from functools import partial

from echosphere.accounts import Action, permission
from echosphere.api import Empty, Existing, Operation, delete, get, post
from echosphere.conversations import ConversationCall
from echosphere.core.caller import Caller
from echosphere.core.errors import Gone
from echosphere.core.ids import derive_token, new_id, token_hash
from echosphere.database import Creation, Database
from echosphere.memberships.inbox.list import get_conversation
from echosphere.memberships.invites.group_invites import (
    CreateGroupInvite,
    RevokeGroupInvite,
    list_group_invites,
)
from echosphere.memberships.invites.invite import INVITE_NOT_VALID, Invite, InviteTerms, NewInvite
from echosphere.memberships.invites.join import get_invite_card
from echosphere.memberships.invites.personal_invites import (
    CreatePersonalInvite,
    RevokePersonalInvite,
)
from echosphere.memberships.invites.use_invite import avatar_url, use_invite
from echosphere.memberships.limits import INVITES_RATE, JOIN_RATE
from echosphere.memberships.store.invites import personal_invites_of
from echosphere.memberships.wire.conversations import OneConversation, conversation_shape
from echosphere.memberships.wire.invites import (
    InviteCall,
    Invites,
    InviteShape,
    MakeInvite,
    OneInvite,
    OneInviteCard,
    RevokeCall,
    RevokeOwnCall,
    TokenCall,
    invite_card_shape,
    invite_shape,
)

TO_GROUP = "/conversations/<conversation>/invites"
OWN = "/me/invites"
ONE = "/invites/<token>"


class InvitesOperations:
    """Serves creating, showing, accepting and revoking invites.

    Args:
        database: Where invites are stored.
        base_url: The base of the links.
        secret: Derives the tokens, so that links can be shown to their inviters again.
    """

    def __init__(self, database: Database, *, base_url: str, secret: str) -> None:
        self._database = database
        self._base_url = base_url.rstrip("/")
        self._token_of = partial(_token_of, secret)

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.invites, get(TO_GROUP)),
            Operation(self.invite, post(TO_GROUP), rate=INVITES_RATE, status=201),
            Operation(self.revoke, delete(f"{TO_GROUP}/<invite>")),
            Operation(self.own_invites, get(OWN)),
            Operation(
                self.invite_personally,
                post(OWN),
                rate=INVITES_RATE,
                status=201,
                permission=permission(Action.ADD_CONTACTS),
            ),
            Operation(self.revoke_own, delete(f"{OWN}/<own_invite>")),
            Operation(self.invite_card, get(ONE)),
            Operation(self.join, post(ONE), rate=JOIN_RATE, status=201),
        ]

    async def invites(self, caller: Caller, call: ConversationCall) -> Invites:
        """List a group's valid invitations, newest first."""
        found = await self._database.read(list_group_invites, caller.user_id, call.conversation)
        return Invites([self._shape(caller, invite) for invite in found])

    async def invite(self, caller: Caller, call: InviteCall) -> OneInvite | Existing:
        """Create a group invitation; its creator can see the link while it is valid."""
        command = CreateGroupInvite(
            Creation(caller.user_id, f"invites {call.conversation}", call.key),
            inviter=caller.user_id,
            conversation=call.conversation,
            terms=InviteTerms(call.expires_in, call.max_uses),
            new=self._new(),
        )
        created = await self._database.write(command)
        valid = await self._database.read(list_group_invites, caller.user_id, call.conversation)
        one = self._one_of(caller, valid, created.id)
        return one if created.new else Existing(one)

    async def revoke(self, caller: Caller, call: RevokeCall) -> None:
        """Revoke a group invitation."""
        await self._database.write(
            RevokeGroupInvite(caller.user_id, call.conversation, call.invite)
        )

    async def own_invites(self, caller: Caller, _: Empty) -> Invites:
        """List the caller's valid personal invitations, newest first."""
        found = await self._database.read(personal_invites_of, caller.user_id)
        return Invites([self._shape(caller, invite) for invite in found])

    async def invite_personally(self, caller: Caller, call: MakeInvite) -> OneInvite | Existing:
        """Create a personal invitation: anyone who accepts it becomes the caller's contact."""
        command = CreatePersonalInvite(
            Creation(caller.user_id, "own invites", call.key),
            inviter=caller.user_id,
            terms=InviteTerms(call.expires_in, call.max_uses),
            new=self._new(),
        )
        created = await self._database.write(command)
        valid = await self._database.read(personal_invites_of, caller.user_id)
        one = self._one_of(caller, valid, created.id)
        return one if created.new else Existing(one)

    async def revoke_own(self, caller: Caller, call: RevokeOwnCall) -> None:
        """Revoke one of the caller's personal invitations."""
        await self._database.write(RevokePersonalInvite(caller.user_id, call.own_invite))

    async def invite_card(self, caller: Caller, call: TokenCall) -> OneInviteCard:
        """Show which group or person an invitation leads to."""
        found = await self._database.read(get_invite_card, call.token, caller.user_id)
        avatar = None if found.conversation is None else found.conversation.avatar
        return OneInviteCard(invite_card_shape(found, avatar_url(call.token, avatar)))

    async def join(self, caller: Caller, call: TokenCall) -> OneConversation | Existing:
        """Accept a group or personal invitation; 200 instead of 201 if already accepted."""
        conversation, new = await use_invite(self._database, caller.user_id, call.token)
        found = await self._database.read(get_conversation, caller.user_id, conversation)
        one = OneConversation(conversation_shape(found))
        return one if new else Existing(one)

    def _new(self) -> NewInvite:
        invite = new_id()
        return NewInvite(invite, token_hash(self._token_of(invite)))

    def _one_of(self, caller: Caller, valid: list[Invite], created: str) -> OneInvite:
        invite = next((one for one in valid if one.id == created), None)
        if invite is None:  # a repeated call, after it was revoked or used up
            raise Gone(INVITE_NOT_VALID)
        return OneInvite(self._shape(caller, invite))

    def _shape(self, caller: Caller, invite: Invite) -> InviteShape:
        """Return the shape of an invite, with its link for its inviter."""
        token = self._token_of(invite.id)
        # Old invites have random tokens; after a change of the secret, tokens cannot be derived.
        known = invite.created_by == caller.user_id and token_hash(token) == invite.token_hash
        if not known:
            return invite_shape(invite)
        return invite_shape(invite, token, f"{self._base_url}/join/{token}")


def _token_of(secret: str, invite: str) -> str:
    return derive_token(secret, "invite", invite, "")
