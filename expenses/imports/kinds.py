"""The words by which a row says what it is: spending, or money on another way. Data: add a word where it belongs."""

# What budgeting apps write.
EXPENSE = (
    "expense", "expenses", "exp", "exp.", "spending", "spend", "outcome", "outgo", "outflow", "withdrawal", "out",
    "outgoing", "money out", "ausgabe", "ausgaben", "ausgang", "depense", "depenses", "gasto", "gastos", "egreso",
    "egresos", "despesa", "despesas", "spesa", "spese", "uscita", "uscite", "uitgave", "uitgaven", "utgift",
    "utgifter", "udgift", "udgifter", "meno", "menot", "wydatek", "wydatki", "vydaj", "vydaje", "kiadas",
    "cheltuiala", "cheltuieli", "gider", "расход", "расходы", "витрата", "витрати", "支出", "지출", "出金",
    "pengeluaran", "chi", "expense(s)",
)  # fmt: skip
INCOME = (
    "income", "incomes", "inc", "earning", "earnings", "inflow", "deposit", "in", "incoming", "money in", "salary",
    "refund", "refunds", "einnahme", "einnahmen", "eingang", "revenu", "revenus", "recette", "recettes", "ingreso",
    "ingresos", "receita", "receitas", "entrata", "entrate", "inkomst", "inkomsten", "inkomster", "inntekt",
    "inntekter", "indtaegt", "indtaegter", "tulo", "tulot", "przychod", "przychody", "dochod", "dochody", "prijem",
    "prijmy", "bevetel", "venit", "venituri", "gelir", "доход", "доходы", "дохід", "доходи", "收入", "수입", "入金",
    "pemasukan", "thu", "erstattung", "remboursement", "reimbursement", "income (refund)",
)  # fmt: skip
TRANSFER = (
    "transfer", "transfers", "transfer-out", "transfer-in", "transfer out", "transfer in", "internal transfer",
    "account transfer", "umbuchung", "ubertrag", "virement", "transferencia", "transferencias", "trasferimento",
    "giroconto", "overboeking", "overforing", "przelew", "prevod", "atvezetes", "перевод", "переказ", "转账", "轉帳",
    "振替", "이체", "不计收支", "不計收支", "neutral", "opening balance", "new account", "starting balance",
    "adjustment", "balance adjustment", "modify bal.", "balance",
)  # fmt: skip
# What banks write, of the account that the file is of.
DEBIT = (
    "debit", "debits", "dr", "dr.", "dbit", "db", "deb", "debet", "debito", "d", "soll", "s", "af", "a", "cargo",
    "dare", "charge", "debit (-)", "-", "obciazenie", "odchozi", "debe", "terheles", "borc", "дебет", "списание",
    "lastschrift", "belastung", "debited", "uit",
)  # fmt: skip
CREDIT = (
    "credit", "credits", "cr", "cr.", "crdt", "cred", "kredit", "credito", "c", "k", "haben", "h", "bij", "b",
    "abono", "avere", "credit (+)", "+", "uznanie", "prichozi", "haber", "jovairas", "alacak", "кредит", "зачисление",
    "gutschrift", "credited",
)  # fmt: skip
# Where the others are no such words, these still are what they say.
SURELY_NO_SPENDING = (
    "internal transfer", "account transfer", "transfer between accounts", "own account transfer", "income",
    "einnahme", "revenu", "ingreso", "entrata",
)  # fmt: skip

# States in which no money has gone, or not yet.
NOT_HAPPENED = (
    "reverted", "reversed", "declined", "failed", "cancelled", "canceled", "denied", "rejected", "expired", "refused",
    "voided", "void", "removed", "deleted", "refunded", "returned", "pending", "abgelehnt", "storniert",
    "fehlgeschlagen", "vorgemerkt", "umsatz vorgemerkt", "annule", "refuse", "en attente", "rechazado", "rechazada",
    "cancelado", "cancelada", "pendiente", "pendente", "annullato", "rifiutato", "in attesa", "geweigerd",
    "geannuleerd", "交易关闭", "交易關閉", "退款成功", "已全额退款", "отменено", "неуспешно", "unsuccessful",
    "authorised (not settled)", "upcoming", "scheduled",
)  # fmt: skip
YES = frozenset("true yes y ja oui si sim 1 x wahr vrai verdadero vero tak да 是 on".split())
NO = frozenset(
    (
        "false",
        "no",
        "n",
        "nein",
        "non",
        "0",
        "falsch",
        "faux",
        "falso",
        "nie",
        "нет",
        "否",
        "off",
        "null",
        "none",
        "",
        "-",
    )
)
# The first words of a row of totals or balances, or of the last line of a report.
TOTALS = (
    "total", "totals", "grand total", "sub total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "saldo",
    "totaal", "totale", "totali", "somme", "suma", "razem", "summa", "celkem", "osszesen", "toplam", "итого", "всего",
    "разом", "合计", "合計", "总计", "總計", "합계", "opening balance", "closing balance", "beginning balance",
    "ending balance", "balance", "starting balance", "balance brought forward", "balance carried forward",
    "total balance", "kontostand", "anfangssaldo", "endsaldo", "alter kontostand", "neuer kontostand", "solde",
    "saldo inicial", "saldo final", "saldo iniziale", "saldo finale", "ingaende saldo", "utgaende saldo",
    "saldo poczatkowe", "saldo koncowe",
)  # fmt: skip

# In headers that no role knows: with one of these, amounts without a sign may be of both ways.
DIRECTIONS = frozenset(
    (
        "income expense expenses inflow outflow direction debit credit dr cr einnahme ausgabe einnahmen ausgaben"
        " soll haben sens ingreso egreso gasto receita despesa entrata uscita dare avere inkomsten uitgaven"
        " inkomst utgift wplyw wydatek przychod доход расход 支出 收入 withdrawal deposit incoming outgoing"
    ).split()
)
