"""Tells whether a version that a client got in an earlier epoch is still valid.

Each start of the server begins an epoch. In a restored backup, versions from after it do not exist.
"""

from typing import NamedTuple


class ConversationVersion(NamedTuple):
    """A conversation's version and epochs, as read for one user.

    Attributes:
        epoch: The number of the last epoch in which it changed.
        epoch_base: Its version when that epoch began.
        earlier_epoch: The number of the epoch of the change before that epoch.
        clear_version: How often the user cleared it or undid that.
    """

    version: int
    epoch: int
    epoch_base: int
    earlier_epoch: int
    clear_version: int = 0

    def contradicts(self, version: int, received_epoch: int) -> bool:
        """Whether a version may exceed the conversation's version at the start of the next epoch.

        If the conversation changed in several epochs since, the first of their base versions is
        not stored any more. Then the answer is True, which costs one page and is never wrong.

        Args:
            version: The version that the client holds.
            received_epoch: The number of the past epoch in which it got it; 0 if unknown.
        """
        if received_epoch == 0:
            return True
        if self.epoch <= received_epoch:
            return version > self.version
        return self.earlier_epoch > received_epoch or version > self.epoch_base
