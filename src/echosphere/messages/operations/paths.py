"""Where the messages of a conversation are over HTTP."""

HERE = "/conversations/<conversation>"
PATH = f"{HERE}/messages"
ONE = f"{PATH}/<seq>"
