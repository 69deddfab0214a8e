"""Deploys a branch once somebody has confirmed: `/deploy main staging`.

It runs the program that `DEPLOY` names with the branch and the place, such as `./deploy.sh`. A press is
noted before that, so that no deployment is begun twice: not by two people, and not after a crash.
"""

import asyncio
import os
import re
import sqlite3
from typing import Literal

from echosphere_bot import Action, Bot, CommandCall, GoneError

bot = Bot.from_env()
running: set[asyncio.Task[None]] = set()
path = os.environ.get("DEPLOYMENTS", "deployments.db")
# Tests run the bot in another thread than the one that loads it.
database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
database.execute("CREATE TABLE IF NOT EXISTS pressed (card TEXT PRIMARY KEY, event TEXT)")


@bot.command("deploy", about="Deploys a branch")
async def deploy(
    call: CommandCall, branch: str = "main", to: Literal["staging", "production"] = "staging"
) -> None:
    """Ask before anything happens."""
    if not re.fullmatch(r"[\w./-]{1,80}", branch) or branch.startswith("-"):
        await call.reply("That is not the name of a branch.", only="user")
        return
    is_live = to == "production"
    go = bot.button(
        "Deploy",
        id="go",
        value=f"{branch} {to}",
        style="danger" if is_live else "primary",
        confirm=f"Deploy {branch} for all users?" if is_live else None,
    )
    await call.reply(f"Deploy **{branch}** to {to}?", actions=[go, bot.button("Cancel", id="no")])


@bot.on_action("no")
async def cancel(action: Action) -> None:
    """Take the buttons away."""
    if is_first(action):
        await action.update(f"{action.message.body}\nCancelled by {action.user.name}.", actions=[])
    else:
        await action.notice("This was decided already.")


@bot.on_action("go")
async def go(action: Action) -> None:
    """Begin to deploy."""
    branch, to = (action.value or "").split(" ")
    if not is_first(action):
        await action.notice("This was decided already.")
        return
    await action.update(f"{action.user.name} is deploying **{branch}** to {to} …", actions=[])
    # As a task: what happens in the group meanwhile does not wait for it.
    task = asyncio.create_task(run(action, branch, to))
    running.add(task)
    task.add_done_callback(running.discard)


async def run(action: Action, branch: str, to: str) -> None:
    """Run the program, and show how it ended."""
    process = await asyncio.create_subprocess_exec(
        os.environ.get("DEPLOY", "true"), branch, to, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode == 0:
        await tell(action, f"Deployed **{branch}** to {to} ({action.user.name}).")
    else:
        end = said.decode(errors="replace").strip()[-1000:]
        await tell(action, f"**{branch}** could not be deployed to {to}:\n```\n{end}\n```")


async def tell(action: Action, text: str) -> None:
    """Show it on the card, or below it once the half hour is over in which a press can be answered."""
    try:
        await action.update(text)
    except GoneError:
        await bot.post(action.conversation, text, reply_to=action.message.seq)


def is_first(action: Action) -> bool:
    """Note that a card was decided; return whether this press was the first."""
    card = f"{action.conversation} {action.message.seq}"
    done = database.execute("INSERT OR IGNORE INTO pressed VALUES (?, ?)", (card, action.event))
    return done.rowcount == 1


if __name__ == "__main__":
    bot.run()
