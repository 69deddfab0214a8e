"""Installs imports: the claims of placeholders."""

from echosphere.accounts import EmailConfirmed
from echosphere.attachments import UploadLimits
from echosphere.importing.claim import Claims
from echosphere.importing.files import SourceFiles
from echosphere.importing.people import claim_by_email
from echosphere.media import SandboxPool, Storage
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, sandbox: SandboxPool) -> SourceFiles:
    """Install the feature; return what takes in the files of an import."""
    Claims(platform.database).register(platform.jobs)
    platform.database.in_same_transaction(EmailConfirmed, claim_by_email)
    live = platform.live_settings
    return SourceFiles(
        storage, sandbox, platform.settings.data, lambda: UploadLimits.of(live.current)
    )
