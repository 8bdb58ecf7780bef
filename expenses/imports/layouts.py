"""Layouts of which the sign, and of some the order of day and month, is known. A layout is told by its columns."""

from typing import NamedTuple

from expenses.imports.columns import normalise


class Layout(NamedTuple):
    """A program's or bank's file. `spending` says which amounts are spending: `negative` or `positive`."""

    name: str
    columns: frozenset[str]
    spending: str
    date_format: str | None = None


def layout(name: str, columns: str, spending: str, date_format: str | None = None) -> Layout:
    return Layout(name, frozenset(normalise(column) for column in columns.split(";")), spending, date_format)


LAYOUTS = (
    layout("Actual Budget", "account;date;payee;notes;category;amount;split_amount;cleared", "negative"),
    layout("Chase card", "transaction date;post date;description;category;type;amount;memo", "negative", "MM/DD/YYYY"),
    layout("Copilot Money", "date;name;amount;status;category;parent category;excluded;account mask", "positive"),
    layout(
        "DKB",
        "buchungsdatum;wertstellung;status;zahlungspflichtige*r;zahlungsempfänger*in;betrag",
        "negative",
        "DD.MM.YY",
    ),
    layout(
        "ING-DiBa",
        "buchung;auftraggeber/empfänger;buchungstext;verwendungszweck;betrag",
        "negative",
        "DD.MM.YYYY",
    ),
    layout("Monarch", "date;merchant;category;account;original statement;notes;amount;tags", "negative"),
    layout(
        "Monzo", "transaction id;date;time;type;name;emoji;category;amount;notes and #tags", "negative", "DD/MM/YYYY"
    ),
    layout("N26", "datum;empfänger;kontonummer;transaktionstyp;verwendungszweck;betrag", "negative"),
    layout("N26", "date;payee;account number;transaction type;payment reference;amount", "negative"),
    layout(
        "N26",
        "booking date;value date;partner name;partner iban;type;payment reference;account name;amount",
        "negative",
    ),
    layout("Revolut", "type;product;started date;completed date;description;amount;fee;currency;state", "negative"),
    layout("Rocket Money", "date;original date;account type;institution name;name;amount;ignored from", "positive"),
    layout(
        "Sparkasse",
        "auftragskonto;buchungstag;valutadatum;buchungstext;verwendungszweck;betrag",
        "negative",
        "DD.MM.YY",
    ),
    layout("Starling", "date;counter party;reference;type;amount;balance", "negative", "DD/MM/YYYY"),
    layout("Wise", "transferwise id;date;amount;currency;running balance", "negative"),
)


def find_layout(header: list[str]) -> Layout | None:
    """Return the layout that has all its columns in the header, or None."""
    names = {normalise(name) for name in header}
    return next((known for known in LAYOUTS if known.columns <= names), None)
