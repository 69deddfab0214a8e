"""Messages that disappear, and those that are kept no longer than someone decided."""
