"""Lets a group vote: `/poll "Lunch?" pizza sushi`.

Everybody has one vote and can change it; pressing the same button again takes it back.
"""

import os
import sqlite3

from echosphere_bot import Action, Bot, Button, CommandCall

bot = Bot.from_env()
path = os.environ.get("POLLS", "polls.db")
# Tests run the bot in another thread than the one that loads it.
database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
database.executescript(
    """
    CREATE TABLE IF NOT EXISTS polls (id TEXT PRIMARY KEY, question TEXT, choices TEXT);
    CREATE TABLE IF NOT EXISTS votes
        (poll TEXT, user TEXT, choice INTEGER, event TEXT, PRIMARY KEY (poll, user));
    """
)


@bot.command("poll", about="Lets the group vote", usage='"question" choice choice…')
async def poll(call: CommandCall, question: str, *choices: str) -> None:
    """Post a question with a button for each choice."""
    if not 2 <= len(choices) <= 10:
        await call.reply("Give 2 to 10 choices; put quotes around several words.", only="user")
        return
    database.execute(
        "INSERT OR IGNORE INTO polls VALUES (?, ?, ?)", (call.event, question, "\n".join(choices))
    )
    text, buttons = shown(call.event)
    await call.reply(text, actions=buttons)


@bot.on_action
async def vote(action: Action) -> None:
    """Count a vote, and show how it stands."""
    name, _, number = (action.value or "").partition(":")
    choice = int(number)
    before = database.execute(
        "SELECT choice, event FROM votes WHERE poll = ? AND user = ?", (name, action.user.id)
    ).fetchone()
    # A press that is handled again after a crash must not take back what it did.
    if before is None or before[1] != action.event:
        chosen = None if before is not None and before[0] == choice else choice
        database.execute(
            "INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?)",
            (name, action.user.id, chosen, action.event),
        )
    text, buttons = shown(name)
    await action.update(text, actions=buttons)


def shown(name: str) -> tuple[str, list[Button]]:
    """Return what a poll says, and its buttons."""
    question, stored = database.execute(
        "SELECT question, choices FROM polls WHERE id = ?", (name,)
    ).fetchone()
    choices = stored.split("\n")
    counts = dict(
        database.execute(
            "SELECT choice, count(*) FROM votes WHERE poll = ? GROUP BY choice", (name,)
        ).fetchall()
    )
    lines = [f"- {choice}: **{counts.get(number, 0)}**" for number, choice in enumerate(choices)]
    buttons = [
        bot.button(choice[:60], id=f"choice-{number}", value=f"{name}:{number}")
        for number, choice in enumerate(choices)
    ]
    return "\n".join([f"**{question}**", *lines]), buttons


if __name__ == "__main__":
    bot.run()
