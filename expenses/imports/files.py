"""A file, whatever it is, as rows."""

from expenses.imports.options import Options
from expenses.imports.own_json import looks_like_json, read_json
from expenses.imports.reading import read_csv, refuse_other_kinds
from expenses.imports.row_reader import read_rows
from expenses.imports.rows import Progress, Reading, no_progress
from expenses.imports.workbooks import SIGNATURE, read_workbook

MAX_FILE_BYTES = 10 * 1024 * 1024


def read_file(content: bytes, options: Options, progress: Progress = no_progress) -> Reading:
    """Return what the file says, each row valid, skipped or refused. Raise ImportRefused."""
    if content.startswith(SIGNATURE):
        return read_rows(read_workbook(content, options), options, progress)
    refuse_other_kinds(content)
    if looks_like_json(content):
        return read_json(content, options)
    return read_rows(read_csv(content, options), options, progress)
