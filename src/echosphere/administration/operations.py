"""The operations for administrators, and what everybody may know of what was done to them."""

import asyncio
from dataclasses import replace

from echosphere import audit
from echosphere.accounts import Action, actor_of, hash_password, new_account, permission
from echosphere.administration import people, wire
from echosphere.administration.audit_pages import show_log, show_own
from echosphere.administration.checklist import checklist_of
from echosphere.administration.overview import health_of, list_conversations
from echosphere.api import Declaration, Empty, Operation, delete, get, post, put
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Command, Creation, Transaction
from echosphere.jobs import retry_job
from echosphere.platform import Platform

PERSON = "/administration/people/<user>"


class AdministrationOperations:
    """Serves the administration room; each operation declares which roles may use it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._database = platform.database
        self._settings = platform.settings

    def all(self) -> list[Declaration]:
        """Return the operations."""
        view, manage = permission(Action.VIEW_ADMINISTRATION), permission(Action.MANAGE_USERS)
        role, log = permission(Action.CHANGE_ROLE), permission(Action.READ_AUDIT_LOG)
        reset, out = permission(Action.RESET_ACCESS), f"{PERSON}/suspension"
        return [
            Operation(self.checklist, get("/server/checklist"), permission=view),
            Operation(self.people, get("/administration/people"), permission=view),
            Operation(self.create, post("/administration/people"), permission=manage, status=201),
            Operation(self.person, get(PERSON), permission=view),
            Operation(self.deactivate, put(out), permission=manage),
            Operation(self.reactivate, delete(out), permission=manage),
            Operation(self.sign_out, delete(f"{PERSON}/sessions"), permission=manage),
            Operation(self.remove_factors, delete(f"{PERSON}/second-factor"), permission=reset),
            Operation(self.change_role, put(f"{PERSON}/role"), permission=role),
            Operation(self.conversations, get("/administration/conversations"), permission=view),
            Operation(self.health, get("/administration/health"), permission=view),
            Operation(self.retry, post("/administration/jobs"), permission=view),
            Operation(self.audit_log, get("/administration/audit"), permission=log),
            Operation(self.own_audit, get("/me/audit")),
        ]

    async def checklist(self, _caller: Caller, _: Empty) -> wire.ChecklistAnswer:
        """List which settings of the server are complete; for administrators only."""
        return wire.ChecklistAnswer(checklist_of(self._settings))

    async def people(self, caller: Caller, call: wire.PeopleCall) -> wire.PeopleAnswer:
        """Find accounts by a part of their name or address."""
        return await self._database.read(people.list_people, caller, call)

    async def person(self, caller: Caller, call: wire.AccountIdCall) -> wire.PersonAnswer:
        """Show an account to administrators."""
        return await self._database.read(people.show_person, caller, call.user)

    async def create(self, caller: Caller, call: wire.CreatePerson) -> wire.PersonAnswer:
        """Create an account for somebody."""
        account = new_account(email=call.email, name=call.name, password=call.password)
        method = self._settings.password_method
        hashed = await asyncio.to_thread(hash_password, method, account.password)
        creation = Creation(caller.user_id, "administration people", call.key)
        created = await self._database.write(
            people.CreatePerson(creation, caller, replace(account, password=""), hashed, call.role)
        )
        return await self._database.read(people.show_person, caller, created.id)

    async def deactivate(self, caller: Caller, call: wire.DeactivateCall) -> None:
        """Keep somebody out, for a while or until it is lifted; their sessions end at once."""
        await self._database.write(people.DeactivateAccount(caller, call))

    async def reactivate(self, caller: Caller, call: wire.AccountIdCall) -> None:
        """Let somebody in again."""
        await self._database.write(people.ReactivateAccount(caller, call.user))

    async def sign_out(self, caller: Caller, call: wire.AccountIdCall) -> None:
        """Sign somebody out on all devices."""
        await self._database.write(people.SignOutAccount(caller, call.user))

    async def remove_factors(self, caller: Caller, call: wire.AccountIdCall) -> None:
        """Remove the second factors that somebody lost; their sessions end."""
        await self._database.write(people.RemoveFactors(caller, call.user))

    async def change_role(self, caller: Caller, call: wire.ChangeRole) -> None:
        """Give somebody another role; their sessions end."""
        await self._database.write(people.AssignRole(caller, call))

    async def conversations(self, _caller: Caller, _: Empty) -> wire.ConversationsAnswer:
        """List the largest conversations, without what they are about."""
        return await self._database.read(list_conversations)

    async def health(self, _caller: Caller, _: Empty) -> wire.HealthAnswer:
        """Show how the server is doing, and which jobs failed."""
        return await health_of(self._platform)

    async def retry(self, caller: Caller, call: wire.RetryJob) -> None:
        """Try a failed job again now."""
        await self._database.write(RetryFailedJob(caller, call.job))
        self._platform.jobs.wake()

    async def audit_log(self, _caller: Caller, call: wire.AuditCall) -> wire.AuditAnswer:
        """Show the audit log, the newest entries first."""
        return await self._database.read(show_log, call)

    async def own_audit(self, caller: Caller, _: Empty) -> wire.OwnAuditAnswer:
        """List what others did to the caller's account, and who it was."""
        return await self._database.read(show_own, caller.user_id)


class RetryFailedJob(Command[None]):
    """Try a failed job again now.

    Raises:
        NotFound: No failed job has this number.
    """

    caller: Caller
    job: int

    def run(self, transaction: Transaction) -> None:
        """Make it due."""
        if not retry_job(transaction, self.job):
            raise NotFound("There is no such job.")
        audit.record(transaction, actor_of(self.caller), "job.retried", None, job=self.job)
