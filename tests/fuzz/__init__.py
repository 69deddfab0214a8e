"""What no human thinks of sending, made up by machines: a short form in CI, a long one by `bin/long fuzz`."""
