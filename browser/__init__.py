"""The pages as people meet them: a headless Chromium against the server as it runs in production. `make browser`."""
