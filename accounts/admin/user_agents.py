"""What a session was opened with, in two words."""

import re

# By the word that tells it from the others; most browsers name those whose pages they want too (RFC 9110, 10.1.5), so
# the first that is found counts.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
# The name of a product, as in `okhttp/4.12.0`.
PRODUCT = re.compile(r"[^\s/(]+")


def shorten(user_agent: str) -> str:
    """Return browser and system, `Chrome on Linux`, or else the name of the first product, `curl`."""
    browser, system = (
        next((name for word, name in names.items() if word in user_agent), None) for names in (BROWSERS, SYSTEMS)
    )
    if browser and system:
        return f"{browser} on {system}"
    product = PRODUCT.match(user_agent)
    return browser or (product[0] if product else user_agent)
