"""Shapes of downloads of one's own data."""

from echosphere.data_export.export import DataExport, State
from echosphere.wire import Shape


class ExportShape(Shape, frozen=True):
    """A download of the caller's own data; `url` is there once it is ready."""

    id: str
    state: str
    problem: str | None
    requested_at: int
    expires_at: int | None
    size: int | None
    url: str | None


class ExportAnswer(Shape, frozen=True):
    """The caller's download, or null."""

    export: ExportShape | None


def export_answer(export: DataExport | None) -> ExportAnswer:
    """Return a download as it crosses the wire."""
    if export is None:
        return ExportAnswer(None)
    url = f"/api/v1/me/export/{export.id}" if export.state is State.READY else None
    return ExportAnswer(
        ExportShape(
            export.id,
            export.state.value,
            None if export.problem is None else export.problem.value,
            export.requested_at,
            export.expires_at,
            export.size,
            url,
        )
    )
