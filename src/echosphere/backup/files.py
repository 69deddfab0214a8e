"""The stored files of an instance, by the folders that rows refer to."""

from echosphere.media import Storage
from echosphere.settings import Settings

FOLDERS = ("avatars", "previews", "exports")


def storages(settings: Settings, url: str | None = None) -> dict[str, Storage]:
    """Return the storages of an instance by folder; that of attachments is the empty one.

    Args:
        settings: Of the instance.
        url: Another storage than that of the settings.
    """
    main = Storage.from_url(url or settings.storage_url, settings.data)
    return {"": main, **{folder: main.subfolder(folder) for folder in FOLDERS}}


async def has_files(storages: dict[str, Storage]) -> bool:
    """Return whether anything is stored."""
    for storage in storages.values():
        async for listed in storage.listing():
            if listed:
                return True
    return False
