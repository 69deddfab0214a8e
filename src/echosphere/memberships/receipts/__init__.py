"""How far members have received and read messages, and who is told."""
