"""The HTTP paths of messages."""

HERE = "/conversations/<conversation>"
PATH = f"{HERE}/messages"
ONE = f"{PATH}/<seq>"
