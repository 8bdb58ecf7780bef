"""What files cost that are made to be expensive: seconds of a process, and no more than it can give."""

import time
from contextlib import suppress

import pytest

from expenses.imports.errors import ImportRefused
from expenses.imports.files import read_file
from expenses.imports.options import Options

# A hundredth of the largest file: what takes its length squared takes minutes.
LENGTH = 100_000
LONG_LINES = (b"," * 50_000 + b"\n") * (LENGTH // 50_000)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"date,amount\n" + LONG_LINES, id="lines as long as may be"),
        pytest.param(b"date,amount\r\n" + LONG_LINES.replace(b"\n", b"\r\n"), id="the same with CR LF"),
        pytest.param(b"[" + b"," * 51_000 + rb"\"" * LENGTH, id="quotes that are opened and not closed"),
        pytest.param(b"[" + b"," * 51_000 + b'"' + rb"\"" * LENGTH + b"\\", id="a backslash at the end"),
        pytest.param(b"[" + b'{"":0},' * 51_000 + b"{}]", id="many small objects"),
    ],
)
def test_a_file_is_read_or_refused_in_the_time_of_its_length(content: bytes) -> None:
    began = time.process_time()

    with suppress(ImportRefused):
        read_file(content, Options())

    assert time.process_time() - began < 2


def test_a_line_that_is_too_long_is_named() -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        content = end.join([b"date,amount", b"2026-01-01,1", b"," * 70_000, b""])

        with pytest.raises(ImportRefused, match=r"^Line 3 is longer than 65536 characters\.$"):
            read_file(content, Options())


def test_commas_and_brackets_within_texts_are_not_counted() -> None:
    text = r"[{,\"" * 30
    content = "[" + ",".join(f'{{"amount": 1, "category": "{text}"}}' for _ in range(2000)) + "]"

    assert len(read_file(content.encode(), Options()).rows) == 2000
