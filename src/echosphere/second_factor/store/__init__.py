"""The tables of second factors and their queries."""

from echosphere.second_factor.store.all_of_a_user import delete_all

__all__ = ["delete_all"]
