"""How often a user may change groups, use invites and sync."""

from echosphere.core.rate_limits import Rate

START_RATE = Rate("conversations", burst=30, every=10)
MEMBERS_RATE = Rate("members", burst=100, every=3)
CHANGE_RATE = Rate("group-changes", burst=30, every=10)
INVITES_RATE = Rate("invites", burst=20, every=60)
JOIN_RATE = Rate("joins", burst=20, every=30)
INVITE_VIEW_RATE = Rate("invites", burst=60, every=2)
"""Views of an invite, for each IP address: most come from people who are not signed in."""
SYNC_RATE = Rate("sync", burst=120, every=0.5)
"""For each user, over HTTP and sockets together: one answer may take hundreds of queries."""
