"""Expenses from files of other programs, of spreadsheets and of our own: right, or not at all.

`reading` makes a table of the bytes, `deciding` says for the whole file what its cells mean, and `storing` writes what
is new. None of them knows of HTTP; what cannot be done is an exception of `errors`."""
