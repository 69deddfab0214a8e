"""The operations for administrators, and what users can learn about actions on their account."""

import asyncio
from dataclasses import replace

from echosphere import audit
from echosphere.accounts import Action, PasswordHasher, actor_of, new_account, permission
from echosphere.administration import people, wire
from echosphere.administration.audit_pages import show_log, show_own
from echosphere.administration.checklist import RegistrationMode, checklist_of
from echosphere.administration.examination import examine
from echosphere.administration.live import FiguresWatch
from echosphere.administration.overview import free_bytes, health_of, list_conversations
from echosphere.administration.storage import SetQuota, show_storage
from echosphere.api import Declaration, Empty, Operation, delete, get, post, put
from echosphere.attachments import quota_of
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.core.rate_limits import Rate
from echosphere.database import Command, Creation, Transaction
from echosphere.jobs import discard_job, retry_job
from echosphere.platform import Platform

AUDIT = "/administration/audit"
EXAMINATION_RATE = Rate("examinations", burst=6, every=10)
PERSON = "/administration/people/<user>"


class AdministrationOperations:
    """Serves Administration; each operation declares which roles may use it."""

    def __init__(
        self,
        platform: Platform,
        watch: FiguresWatch,
        password_hasher: PasswordHasher,
        registration: RegistrationMode,
        online: people.OnlineUsers,
    ) -> None:
        self._registration = registration
        self._platform = platform
        self._password_hasher = password_hasher
        self._watch = watch
        self._online = online
        self._database = platform.database
        self._settings = platform.settings

    def all(self) -> list[Declaration]:
        """Return the operations."""
        view, manage = permission(Action.VIEW_ADMINISTRATION), permission(Action.MANAGE_USERS)
        role, log = permission(Action.CHANGE_ROLE), permission(Action.READ_AUDIT_LOG)
        reset, out = permission(Action.RESET_ACCESS), f"{PERSON}/suspension"
        quota = permission(Action.SET_QUOTA)
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
            Operation(self.storage, get("/administration/storage"), permission=view),
            Operation(self.set_quota, put(f"{PERSON}/quota"), permission=quota),
            Operation(self.health, get("/administration/health"), permission=view),
            Operation(self.retry, post("/administration/jobs"), permission=view),
            Operation(self.audit_log, get(AUDIT), permission=log),
            Operation(
                self.examination,
                get("/administration/examination"),
                permission=view,
                rate=EXAMINATION_RATE,
            ),
            Operation(
                self.verify, get(f"{AUDIT}/verification"), permission=log, rate=EXAMINATION_RATE
            ),
            Operation(self.own_audit, get("/me/audit")),
        ]

    async def checklist(self, _caller: Caller, _: Empty) -> wire.ChecklistAnswer:
        """List which settings of the server are complete; for administrators only."""
        settings = self._platform.live_settings.current
        mode = await self._database.read(self._registration, settings)
        return wire.ChecklistAnswer(checklist_of(settings, mode))

    async def people(self, caller: Caller, call: wire.PeopleCall) -> wire.PeopleAnswer:
        """Find accounts by a part of their name or address."""
        self._watch.look("people", caller.user_id)
        return await self._database.read(people.list_people, caller, call, self._online)

    async def person(self, caller: Caller, call: wire.AccountIdCall) -> wire.PersonAnswer:
        """Show an account to administrators."""
        return await self._database.read(people.show_person, caller, call.user, self._online)

    async def create(self, caller: Caller, call: wire.CreatePerson) -> wire.PersonAnswer:
        """Create an account for someone."""
        known = {"name": call.name, "email": call.email}
        guessable = await self._password_hasher.is_guessable(call.password, **known)
        account = new_account(password=call.password, **known, guessable=guessable)
        hashed = await self._password_hasher.hash(account.password)
        creation = Creation(caller.user_id, "administration people", call.key)
        unhashed = replace(account, password="")
        created = await self._database.write(
            people.CreatePerson(creation, caller, unhashed, hashed, call.role, call.contact)
        )
        return await self._database.read(people.show_person, caller, created.id, self._online)

    async def deactivate(self, caller: Caller, call: wire.DeactivateCall) -> None:
        """Suspend or deactivate an account; its sessions end immediately."""
        await self._database.write(people.DeactivateAccount(caller, call))

    async def reactivate(self, caller: Caller, call: wire.AccountIdCall) -> None:
        """Reactivate an account."""
        await self._database.write(people.ReactivateAccount(caller, call.user))

    async def sign_out(self, caller: Caller, call: wire.AccountIdCall) -> None:
        """Sign someone out on all devices."""
        await self._database.write(people.SignOutAccount(caller, call.user))

    async def remove_factors(self, caller: Caller, call: wire.AccountIdCall) -> None:
        """Remove all sign-in methods of an account except the password; its sessions end."""
        await self._database.write(people.RemoveFactors(caller, call.user))

    async def change_role(self, caller: Caller, call: wire.ChangeAccountRole) -> None:
        """Change the role of an account; its sessions end."""
        await self._database.write(people.AssignRole(caller, call))

    async def conversations(self, _caller: Caller, _: Empty) -> wire.ConversationsAnswer:
        """List the largest conversations, without titles or contents."""
        return await self._database.read(list_conversations)

    async def storage(self, caller: Caller, call: wire.StorageCall) -> wire.StorageOverview:
        """Show how much storage files use, in total and per person."""
        quota = quota_of(self._platform.live_settings.current)
        free = free_bytes(self._settings.data)
        return await self._database.read(show_storage, caller, call, quota, free)

    async def set_quota(self, caller: Caller, call: wire.SetQuotaCall) -> None:
        """Set the storage limit for one person's files."""
        await self._database.write(SetQuota(caller, call.user, call.quota))

    async def health(self, caller: Caller, _: Empty) -> wire.HealthAnswer:
        """Show how the server is doing, and which jobs failed."""
        self._watch.look("health", caller.user_id)
        return await health_of(self._platform)

    async def retry(self, caller: Caller, call: wire.RetryJob) -> None:
        """Retry a failed job now, or discard it."""
        await self._database.write(SettleFailedJob(caller, call))

    async def audit_log(self, _caller: Caller, call: wire.AuditCall) -> wire.AuditAnswer:
        """Show the audit log, the newest entries first."""
        return await self._database.read(show_log, call)

    async def examination(self, _caller: Caller, _: Empty) -> wire.ExaminationAnswer:
        """Examine the parts of the instance, as the command `doctor` does."""
        found = await asyncio.to_thread(
            examine, self._settings, self._platform.client_manifest, thorough=False
        )
        return wire.ExaminationAnswer([wire.ExaminedPart(*one) for one in found])

    async def verify(self, _caller: Caller, _: Empty) -> wire.VerificationAnswer:
        """Verify the audit log."""
        head = str(await self._database.read(audit.find_head))
        try:
            return wire.VerificationAnswer(str(await audit.verify_log(self._database)), None)
        except audit.TamperedError as error:
            return wire.VerificationAnswer(head, str(error))

    async def own_audit(self, caller: Caller, _: Empty) -> wire.OwnAuditAnswer:
        """List actions of others on the caller's account."""
        return await self._database.read(show_own, caller.user_id)


class SettleFailedJob(Command[None]):
    """Try a failed job again now, or discard it for good.

    Raises:
        NotFound: No failed job has this number, or it recurs and is to be discarded.
    """

    caller: Caller
    call: wire.RetryJob

    def run(self, transaction: Transaction) -> None:
        """Make it due, or delete it."""
        job, discard = self.call.job, self.call.discard
        if not (discard_job if discard else retry_job)(transaction, job):
            raise NotFound("Job not found.")
        action = "job.discarded" if discard else "job.retried"
        audit.record(transaction, actor_of(self.caller), action, None, job=job)
