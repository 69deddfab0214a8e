"""The SDKs against the real product, to which their fake servers are held."""
