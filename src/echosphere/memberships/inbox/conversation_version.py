"""Whether a version that a client got in an earlier epoch is still one of this database."""

from typing import NamedTuple


class ConversationVersion(NamedTuple):
    """Where a conversation is.

    Attributes:
        epoch: The number of the last epoch in which it changed.
        epoch_base: Its version when that epoch began.
        earlier_epoch: The number of the epoch in which it changed before.
        clear_version: How often the person cleared it, or took that back.
    """

    version: int
    epoch: int
    epoch_base: int
    earlier_epoch: int
    clear_version: int = 0

    def contradicts(self, version: int, received_epoch: int) -> bool:
        """Whether a version lies above what the epoch after the one in which it was got began with.

        Where the conversation changed in several epochs since, the first of their beginnings is
        not known any more: then the answer is yes, which costs a page and leaves nothing wrong.

        Args:
            version: What the client holds.
            received_epoch: The number of that epoch, which is over; 0 for one that nobody knows.
        """
        if received_epoch == 0:
            return True
        if self.epoch <= received_epoch:
            return version > self.version
        return self.earlier_epoch > received_epoch or version > self.epoch_base
