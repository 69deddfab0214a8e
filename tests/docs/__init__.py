"""The documents say what the product does; these tests hold them to it."""
