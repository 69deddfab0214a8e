"""The processes of one instance and what they tell each other."""
