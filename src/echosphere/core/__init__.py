"""Building blocks of all features, from the standard library alone."""
