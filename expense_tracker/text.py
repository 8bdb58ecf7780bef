"""What text may hold. Everything that people type passes through `clean_text` before it is stored or compared."""

import re
import unicodedata

# A joiner is what makes 👩‍🚀 one picture; anywhere else it is invisible. So are the tags that spell
# the flag of England.
EMOJI = r"[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
VISIBLE_SEQUENCES = re.compile(
    rf"(?:(?<={EMOJI})|(?<={EMOJI}\ufe0f))\u200d(?={EMOJI})"
    r"|(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
)
# Controls (but line feed), line and paragraph separators, bidirectional marks, embeddings, overrides and isolates,
# zero-width and filler characters, tags, and the code points that are no characters.
FORBIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f"
    r"\u2028\u2029"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    r"\ud800-\udfff\ufdd0-\ufdef\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def clean_text(value: str, *, multiline: bool = False) -> str:
    """`value` as it is stored: in NFC, with line feeds for line ends, and without white space around it.

    Raises ValueError, with a sentence for people, where it holds a character that cannot be seen, that changes the
    direction of its surroundings or that is none, or a line end in text of one line."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if not multiline and "\n" in text:
        raise ValueError("This must be one line.")
    found = FORBIDDEN.search(text if text.isascii() else VISIBLE_SEQUENCES.sub("", text))
    if found:
        raise ValueError(f"The character U+{ord(found[0]):04X} is not allowed.")
    return text


def fold(value: str) -> str:
    """`value` for comparisons without regard to case, the same in every script and on every database."""
    return unicodedata.normalize("NFC", value.casefold())
