"""The text of a file's bytes."""

import re

from charset_normalizer import from_bytes

from expenses.imports.columns import KNOWN, normalise
from expenses.imports.errors import Question, Undecided, UnreadableFile

BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What banks and spreadsheets write where they do not write Unicode.
LIKELY = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1257",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "cp932",
    "cp949",
]
# Enough to tell by, and not more than a moment's work.
SAMPLE_BYTES = 16 * 1024
CELLS = re.compile(r"[^\r\n,;\t|\"]{1,60}")


def decode(content: bytes, encoding: str | None) -> tuple[str, str]:
    """Return the text, without byte order marks, and the name of its encoding.

    Raise Undecided where it is not in the encoding that the person names, or where that must be named, and
    UnreadableFile for what is no text."""
    name = encoding or marked(content)
    try:
        if name is None:
            name = "utf-8"
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                name = detect(content)
        return content.decode(name).lstrip("\ufeff"), name
    except UnicodeDecodeError:
        if encoding is None and name is not None:
            raise UnreadableFile(f"The file begins as {name.upper()}, but is not.") from None
        raise Undecided(Question("encoding", f"The file is not in the encoding {name}. Name another one.")) from None


def marked(content: bytes) -> str | None:
    """Return the Unicode encoding that the first bytes tell, or None."""
    for mark, name in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    # Text of which each second byte is NUL: UTF-16 without a mark.
    head = content[:512]
    half = len(head) // 2
    if half > 4:  # noqa: PLR2004
        if head[1::2].count(0) > half * 0.7 and 0 not in head[::2]:
            return "utf-16-le"
        if head[::2].count(0) > half * 0.7 and 0 not in head[1::2]:
            return "utf-16-be"
    return None


def detect(content: bytes) -> str:
    """Return the encoding in which the text makes most sense: names of columns that are known count first, then what
    charset-normalizer finds likely. Raise Undecided where none does."""
    if b"\0" in content:
        raise UnreadableFile("The file is no text.")
    sample = content if len(content) <= SAMPLE_BYTES else sample_of(content)
    fitting = [name for name in LIKELY if fits(content, name)]
    found = [match.encoding for match in from_bytes(sample, cp_isolation=fitting)] if fitting else []
    if not found:
        raise Undecided(Question("encoding", "The encoding of the file cannot be told. Name it."))
    ranked = [*found, *(name for name in fitting if name not in found)]
    best = max(ranked, key=lambda name: (known_names(sample.decode(name, "replace")), -ranked.index(name)))
    # Most encodings of Latin letters agree on most of them.
    return "cp1252" if "cp1252" in fitting and content.decode("cp1252") == content.decode(best) else best


def sample_of(content: bytes) -> bytes:
    """Return the beginning and the lines that are not ASCII, which tell most."""
    head = content[:4096].rpartition(b"\n")[0]
    others = [line for line in content.split(b"\n", 20_000)[:20_000] if not line.isascii()]
    return (head + b"\n" + b"\n".join(others))[:SAMPLE_BYTES].rpartition(b"\n")[0]


def fits(content: bytes, name: str) -> bool:
    try:
        content.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def known_names(text: str) -> int:
    """Return how many names of columns, not of ASCII alone, the text begins with."""
    return sum(not cell.isascii() and normalise(cell) in KNOWN for cell in CELLS.findall(text[:4096]))
