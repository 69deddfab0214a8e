"""Groups: creating, changing and leaving them, their members and roles."""
