"""Cleans films, sounds and containers of pictures in place, and reads what they consist of."""
