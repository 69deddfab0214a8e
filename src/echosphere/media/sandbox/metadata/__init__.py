"""Removes personal metadata from images, audio and video, and reads what they consist of."""
