"""Reminds people: `/remind 10m tea`.

Reminders are in a database, so they survive a restart. Each is posted once, whatever happens between
posting it and noting that: its key is that of the reminder.
"""

import os
import re
import sqlite3
import time

from echosphere_bot import Bot, CommandCall

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

bot = Bot.from_env()
path = os.environ.get("REMINDERS", "reminders.db")
# Tests run the bot in another thread than the one that loads it.
database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
database.execute(
    "CREATE TABLE IF NOT EXISTS reminders"
    " (id TEXT PRIMARY KEY, due REAL, conversation TEXT, name TEXT, text TEXT, done INTEGER DEFAULT 0)"
)


@bot.command("remind", about="Reminds you later", usage="<10m> <what>")
async def remind(call: CommandCall, after: str, *, text: str) -> None:
    """Note a reminder."""
    match = re.fullmatch(r"(\d{1,4})([smhd])", after)
    if match is None:
        await call.reply("Say when like `10m`, `2h` or `1d`.", only="user")
        return
    due = time.time() + int(match[1]) * SECONDS[match[2]]
    # The id of the event: if it is handled again after a crash, there is still one reminder.
    database.execute(
        "INSERT OR IGNORE INTO reminders (id, due, conversation, name, text) VALUES (?, ?, ?, ?, ?)",
        (call.event, due, call.conversation, call.user.name, text),
    )
    await call.reply(f"I shall remind you in {after}: {text}", only="user")


@bot.every(1)
async def remind_due() -> None:
    """Post what is due."""
    due = database.execute(
        "SELECT id, conversation, name, text FROM reminders WHERE NOT done AND due <= ?",
        (time.time(),),
    ).fetchall()
    for reminder, conversation, name, text in due:
        await bot.post(conversation, f"@{name} {text}", key=f"reminder-{reminder}")
        database.execute("UPDATE reminders SET done = 1 WHERE id = ?", (reminder,))


if __name__ == "__main__":
    bot.run()
