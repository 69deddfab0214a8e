"""What all tables share: the metadata object, the naming of constraints, and column types."""

from sqlalchemy import BigInteger, Integer, MetaData, String, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Identifier = String(64)
Milliseconds = BigInteger
"""Times in whole milliseconds since 1970 UTC."""

RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""An automatic row number; SQLite numbers rows only in a column declared as INTEGER."""

__all__ = ["Identifier", "Milliseconds", "RowNumber", "Text", "metadata"]
