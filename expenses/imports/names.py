"""Column names of programs and banks, as data: adding a name here is all that a new one needs.

Within a role the first name that a file has wins: the day of the purchase before the day of the booking, and that
before the value date; a category before its subcategory. Case, accents, underscores, the unit behind a name
(`Betrag (EUR)`) and signs around it do not count: `columns.normalise` takes them off both here and there."""

DATE = (
    # The day of the purchase.
    "date", "transaction date", "trans date", "trans. date", "transaction day", "date of transaction",
    "purchase date", "expense date", "spent on", "spent at", "started date", "date operation", "date op",
    "date d'operation", "date de l'operation", "date transaction", "date de transaction", "date achat",
    "date d'achat", "datum", "transaktionsdatum", "kaufdatum", "umsatzdatum", "belegdatum", "transactiedatum",
    "transactie datum", "aankoopdatum", "fecha", "fecha operacion", "fecha de operacion", "fecha de la operacion",
    "f. operacion", "fecha oper.", "fecha transaccion", "fecha de transaccion", "fecha de compra", "data",
    "data operazione", "data dell'operazione", "data transazione", "data acquisto", "data mov.", "data mov",
    "data movimento", "data do movimento", "data da transacao", "data transacao", "data da compra", "data operacji",
    "data transakcji", "data zakupu", "transaktionsdag", "kopdatum", "dato", "transaktionsdato", "kjopsdato",
    "kobsdato", "utfort dato", "paivamaara", "tapahtumapaiva", "ostopaiva", "pvm", "tarih", "islem tarihi",
    "datum transakce", "datum provedeni", "datum platby", "datum operacie", "datum transakcie", "tranzakcio datuma",
    "datum tranzakcio", "tranzakcio idopontja", "data tranzactiei", "data tranzactie", "data operatiunii", "дата",
    "дата операции", "дата и время операции", "дата транзакции", "дата операції", "дата та час операції", "日付",
    "日期", "交易日期", "交易时间", "交易時間", "交易创建时间", "利用日", "ご利用日", "利用年月日", "取引日",
    "使用日", "날짜", "거래일", "거래일시", "이용일", "이용일자", "txn date", "tran date", "transdate", "trade date",
    "date time", "datetime", "date & time", "date and time", "date/time", "timestamp", "date started",
    "date started (utc)", "expense day",
    # The day of the booking.
    "booking date", "booking day", "booked on", "booked at", "date booked", "book date", "posting date",
    "posted date", "post date", "date posted", "posted", "posted on", "process date", "processed date",
    "processing date", "entry date", "completed date", "date completed", "date completed (utc)", "settled date",
    "statement date", "buchungstag", "buchung", "buchungsdatum", "belegtag", "date comptable",
    "date de comptabilisation", "date comptabilisation", "date de comptable", "dateop", "boekdatum", "boekingsdatum",
    "boeking", "datum verwerking", "fecha contable", "fecha de cargo", "f. contable", "data contabile",
    "data contabilizzazione", "data registrazione", "data lancamento", "data de lancamento", "data do lancamento",
    "data lanc.", "data ksiegowania", "data zaksiegowania", "bokforingsdag", "bokforingsdatum", "bokfort",
    "bokfort dato", "bokforingsdato", "bogforingsdato", "bogfort", "bogforingsdag", "reskontradatum", "kirjauspaiva",
    "kirjauspvm", "datum zauctovani", "zauctovano", "datum zauctovania", "konyveles datuma", "konyvelesi datum",
    "data inregistrarii", "дата проводки", "дата платежа", "дата обработки", "记账日期", "入账日期", "入帳日期",
    "记账日",
    # The value date.
    "value date", "value dt", "value dat", "val date", "date val", "dateval", "valuta", "valutadatum", "valuta datum",
    "wertstellung", "wertstellungsdatum", "wertstellungstag", "date valeur", "date de valeur", "rentedatum",
    "fecha valor", "f. valor", "f.valor", "data valuta", "data valor", "data waluty", "valutadag", "rentedato",
    "arvopaiva", "valor tarihi", "datum valuty", "erteknap", "data valutei", "дата валютирования", "起息日",
    # In some files something else, in others all there is.
    "created", "created on", "created at", "created date", "original date", "day", "when", "tag", "jour", "dia",
    "giorno", "dzien", "dag", "time", "zeit", "hora", "heure", "时间", "時間", "시간",
)  # fmt: skip
AMOUNT = (
    "amount", "transaction amount", "txn amount", "trans amount", "trans. amount", "billing amount", "amt",
    "amount spent", "cost", "price", "price paid", "total", "total amount", "sum", "value", "spent", "paid", "gross",
    "gross amount", "charge", "charges", "money", "betrag", "umsatz", "wert", "buchungsbetrag", "summe", "preis",
    "kosten", "gesamt", "gesamtbetrag", "betrag in euro", "brutto", "montant", "somme", "prix", "cout",
    "montant operation", "montant de l'operation", "importe", "cantidad", "monto", "precio", "costo", "coste",
    "gasto", "valor", "quantia", "montante", "preco", "valor da transacao", "importo", "prezzo", "somma",
    "importo operazione", "bedrag", "transactiebedrag", "prijs", "belopp", "pris", "summa", "belob", "belop", "maara",
    "hinta", "kwota", "suma", "kwota transakcji", "kwota operacji", "kwota transakcji (waluta rachunku)",
    "kwota w walucie rachunku", "cena", "castka", "objem", "castka transakce", "suma transakcie", "osszeg", "ar",
    "suma tranzactiei", "valoare", "pret", "tutar", "islem tutari", "miktar", "fiyat", "сумма", "сумма операции",
    "сумма в валюте счета", "сумма платежа", "стоимость", "цена", "сума", "сума в валюті картки", "сума операції",
    "金额", "金額", "价格", "支払金額", "利用金額", "ご利用金額", "交易金额", "交易金額", "금액", "이용금액",
    "거래금액", "jumlah", "nominal", "nilai", "so tien",
)  # fmt: skip
OUTFLOW = (
    "outflow", "money out", "paid out", "debit", "debits", "debit amount", "amount debit", "debited", "debit amt",
    "withdrawal", "withdrawals", "withdrawal amount", "withdrawal amt", "withdrawn", "expense", "expenses",
    "expense amount", "amount out", "out", "outgoing", "outgoings", "spending", "soll", "ausgabe", "ausgaben",
    "ausgang", "lastschrift", "belastung", "belastungen", "abgang", "debit euros", "montant debit",
    "montant au debit", "depense", "depenses", "sortie", "sorties", "retrait", "retraits", "cargo", "cargos", "debe",
    "egreso", "egresos", "gastos", "retiro", "retiros", "salidas", "debito", "debitos", "saida", "saidas", "despesa",
    "despesas", "uscita", "uscite", "addebito", "addebiti", "dare", "spesa", "spese", "af", "uit", "uitgave",
    "uitgaven", "afschrijving", "uttag", "ut", "utgift", "utgifter", "belopp ut", "ut fra konto", "ut af konto", "ud",
    "udgift", "udgifter", "haevet", "otto", "menot", "meno", "obciazenie", "obciazenia", "wydatek", "wydatki",
    "kwota obciazenia", "vydaje", "vydaj", "odchozi", "terheles", "kiadas", "cheltuieli", "cheltuiala", "borc",
    "gider", "cikan", "расход", "расходы", "списание", "списания", "дебет", "витрата", "витрати", "支出", "支出金额",
    "支出金額", "出金", "出金金額", "お支払金額", "出金額", "お引出し", "引出額", "출금", "출금액", "지출",
    "pengeluaran", "keluar",
)  # fmt: skip
INFLOW = (
    "inflow", "money in", "paid in", "credit", "credits", "credit amount", "amount credit", "credited", "credit amt",
    "deposit", "deposits", "deposit amount", "deposit amt", "income", "income amount", "amount in", "in", "received",
    "incoming", "haben", "einnahme", "einnahmen", "eingang", "gutschrift", "gutschriften", "zugang", "credit euros",
    "montant credit", "montant au credit", "recette", "recettes", "entree", "entrees", "depot", "revenu", "revenus",
    "abono", "abonos", "haber", "ingreso", "ingresos", "entradas", "credito", "creditos", "entrada", "receita",
    "receitas", "entrata", "entrate", "accredito", "accrediti", "avere", "bij", "inkomst", "inkomsten",
    "bijschrijving", "insattning", "inkomster", "belopp in", "inn pa konto", "ind pa konto", "inn", "inntekt",
    "inntekter", "ind", "indtaegt", "indtaegter", "indsat", "pano", "tulot", "tulo", "uznanie", "uznania", "przychod",
    "przychody", "wplyw", "wplywy", "kwota uznania", "prijmy", "prijem", "prichozi", "jovairas", "bevetel",
    "venituri", "venit", "alacak", "gelir", "giren", "доход", "доходы", "приход", "поступление", "поступления",
    "зачисление", "кредит", "дохід", "надходження", "收入", "收入金额", "收入金額", "入金", "入金金額", "入金額",
    "お預入れ", "預入額", "입금", "입금액", "수입", "pemasukan", "masuk",
)  # fmt: skip
# What says for each row whether it is spending, by a word in it.
TYPE = (
    "income/expense", "expense/income", "expense or income", "income or expense", "收/支", "收支", "收支类型",
    "收支類型", "debit/credit", "credit/debit", "credit or debit", "debit or credit", "debit/credit flag",
    "debit / credit", "dr/cr", "cr/dr", "d/c", "c/d", "debit credit indicator", "credit debit indicator", "dc",
    "cdtdbtind", "+/-", "sign", "direction", "flow", "s/h", "soll/haben", "af bij", "af/bij", "af / bij", "bij/af",
    "bij / af", "debet/credit", "debit/kredit", "transaction type", "trans type", "trans. type", "txn type",
    "tran type", "transactiontype", "entry type", "record type", "type", "kind", "typ", "art", "transaktionstyp",
    "transaktionsart", "umsatztyp", "umsatzart", "buchungsart", "buchungstyp", "type de transaction",
    "type d'operation", "type operation", "sens", "tipo", "tipo de transaccion", "tipo de movimiento",
    "tipo movimiento", "tipo de operacion", "naturaleza", "tipo de transacao", "tipo de movimento", "tipo movimento",
    "tipo operazione", "tipo transazione", "segno", "soort", "type transactie", "mutatiesoort", "transactietype",
    "typ transakcji", "rodzaj", "rodzaj transakcji", "rodzaj operacji", "typ operacji", "transaktionstype", "laji",
    "tapahtumalaji", "tyyppi", "tur", "islem turu", "typ transakce", "typ pohybu", "smer", "tipus", "irany", "tip",
    "tip tranzactie", "тип", "тип операции", "вид операции", "тип операції", "类型", "類型", "交易类型", "種別",
    "区分", "収支", "구분", "유형", "jenis", "tipe",
)  # fmt: skip
CATEGORY = (
    "category", "category name", "categories", "expense category", "spending category", "budget category",
    "transaction category", "merchant category", "kategorie", "hauptkategorie", "ausgabenkategorie", "kategorien",
    "categorie", "catégories", "categoria", "categorias", "categoria de gasto", "hoofdcategorie", "kategori",
    "kategoria", "luokka", "kategorija", "категория", "категорія", "类别", "類別", "分类", "分類", "交易分类",
    "一级分类", "大項目", "カテゴリ", "カテゴリー", "費目", "카테고리", "분류", "대분류", "danh muc",
    "to account / to category", "category group/category", "main category", "parent category", "category group",
    "master category", "category parent", "sub category", "sub-category", "subcategory", "subcategory name",
    "unterkategorie", "sous-categorie", "sous categorie", "subcategoria", "sottocategoria", "subcategorie",
    "underkategori", "podkategoria", "podkategorie", "中項目", "カテゴリの内訳", "二级分类", "group", "gruppe",
    "rubrik", "envelope", "budget",
)  # fmt: skip
PAYEE = (
    "payee", "payee name", "merchant", "merchant name", "clean merchant name", "vendor", "store", "shop", "supplier",
    "counterparty", "counter party", "counterparty name", "partner name", "partner", "beneficiary", "recipient",
    "recipient name", "target name", "name", "empfanger", "empfaenger", "zahlungsempfanger", "zahlungsempfänger*in",
    "zahlungsempfanger*in", "begunstigter", "beguenstigter/zahlungspflichtiger", "begunstigter/zahlungspflichtiger",
    "auftraggeber/empfanger", "auftraggeber / empfanger", "auftraggeber / begunstigter", "auftraggeber/begunstigter",
    "name zahlungsbeteiligter", "beguenstigter / auftraggeber", "begunstigter / auftraggeber", "handler", "geschaft",
    "beneficiaire", "tiers", "commercant", "marchand", "fournisseur", "supplier found", "supplierfound",
    "beneficiario", "comercio", "comerciante", "establecimiento", "estabelecimento", "esercente", "controparte",
    "negozio", "naam tegenpartij", "tegenpartij", "naam / omschrijving", "naam", "begunstigde", "winkel", "mottagare",
    "mottaker", "modtager", "handlare", "namn", "navn", "saaja/maksaja", "saaja", "nimi", "kauppa", "odbiorca",
    "kontrahent", "dane kontrahenta", "nadawca / odbiorca", "odbiorca/nadawca", "sklep", "nazev protiuctu",
    "protistrana", "obchodnik", "kedvezmenyezett", "partner neve", "beneficiar", "alici", "получатель", "контрагент",
    "магазин", "отримувач", "交易对方", "交易對方", "商户", "お店", "利用店名", "ご利用店名", "ご利用先", "利用先",
    "店名", "가맹점", "가맹점명", "상호", "거래처", "to", "name / description",
)  # fmt: skip
DESCRIPTION = (
    "description", "transaction description", "expense", "title", "expense name", "item", "item name", "details",
    "transaction details", "detail", "narration", "narrative", "particulars", "transaction", "what", "purpose",
    "reason", "text", "subject", "label", "payment reference", "reference", "remittance information", "beschreibung",
    "verwendungszweck", "zweck", "betreff", "buchungstext", "buchungsdetails", "bezeichnung", "titel",
    "avisierungstext", "umsatztext", "artikel", "vorgang/verwendungszweck", "libelle", "libelle operation",
    "libelle de l'operation", "intitule", "designation", "objet", "reference de paiement", "concepto", "descripcion",
    "detalle", "asunto", "movimiento", "descricao", "lancamento", "historico", "detalhe", "descrizione", "causale",
    "dettagli", "operazione", "descrizione operazione", "omschrijving", "omschrijving-1", "mededelingen",
    "mededeling", "beskrivning", "rubrik", "meddelande", "beskrivelse", "tekst", "forklaring", "text/mottagare",
    "selitys", "viesti", "kuvaus", "opis", "opis operacji", "opis transakcji", "tytul", "tytul operacji", "tytulem",
    "szczegoly", "popis", "poznamka", "zprava pro prijemce", "ucel", "leiras", "kozlemeny", "megjegyzes", "descriere",
    "detalii", "detaliile tranzactiei", "aciklama", "описание", "описание операции", "назначение платежа",
    "назначение", "опис", "опис операції", "призначення платежу", "商品说明", "商品說明", "商品", "商品名称", "说明",
    "摘要", "内容", "品目", "적요", "내용", "keterangan", "deskripsi", "mo ta", "vorgang", "original description",
)  # fmt: skip
NOTES = (
    "notes", "note", "memo", "comment", "comments", "remark", "remarks", "notes and #tags", "extended details",
    "observations", "notiz", "notizen", "kommentar", "bemerkung", "bemerkungen", "anmerkung", "commentaire",
    "commentaires", "remarque", "nota", "notas", "observaciones", "comentario", "comentarios", "observacoes",
    "note aggiuntive", "commento", "opmerking", "opmerkingen", "notitie", "anteckning", "notat", "huomautus", "uwagi",
    "notatka", "komentarz", "komentar", "notlar", "комментарий", "комментарии", "заметка", "примечание", "коментар",
    "备注", "備註", "メモ", "備考", "메모", "비고", "catatan", "ghi chu",
)  # fmt: skip
CURRENCY = (
    "currency", "currency code", "account currency", "ccy", "wahrung", "waehrung", "devise", "monnaie", "divisa",
    "moneda", "moeda", "valuta", "munt", "muntsoort", "waluta", "mena", "penznem", "deviza", "moneta", "para birimi",
    "doviz", "валюта", "币种", "幣別", "通貨", "통화", "mata uang", "kontowahrung", "commodity",
)  # fmt: skip
# Any of these, where it says yes, means that the row is none of the person's spending.
TRANSFER = (
    "transfer", "transfers", "is transfer", "is_transfer", "umbuchung", "virement interne", "traspaso", "振替",
    "이체", "is reimbursement", "reimbursement", "erstattung",
)  # fmt: skip
EXCLUDED = (
    "excluded", "exclude", "is excluded", "exclude report", "exclude from report", "excluded from report",
    "exclude from reports", "ignored", "ignored from", "ignore", "hidden", "hide from reports", "deleted", "void",
    "voided", "void reason",
)  # fmt: skip
STATUS = (
    "status", "state", "transaction status", "umsatzstatus", "buchungsstatus", "statut", "etat", "estado", "stato",
    "stav", "durum", "statusz", "статус", "交易状态", "当前状态", "狀態", "상태", "info",
)  # fmt: skip
BALANCE = (
    "balance", "running balance", "running bal", "running bal.", "account balance", "closing balance",
    "available balance", "balance after", "saldo", "kontostand", "saldo nach buchung", "saldo na mutatie",
    "saldo na trn", "solde", "saldo disponible", "disponible", "saldo contabile", "saldo contabilistico",
    "bokfort saldo", "saldo po operacji", "saldo po transakcji", "zustatek", "egyenleg", "sold", "bakiye", "остаток",
    "баланс", "залишок", "余额", "餘額", "残高", "差引残高", "잔액", "accountbalance",
)  # fmt: skip
QUANTITY = (
    "quantity",
    "qty",
    "units",
    "menge",
    "anzahl",
    "quantite",
    "quantita",
    "quantidade",
    "antal",
    "数量",
    "수량",
)

ROLES = {
    "date": DATE,
    "amount": AMOUNT,
    "outflow": OUTFLOW,
    "inflow": INFLOW,
    "type": TYPE,
    "category": CATEGORY,
    "payee": PAYEE,
    "description": DESCRIPTION,
    "notes": NOTES,
    "currency": CURRENCY,
    "transfer": TRANSFER,
    "excluded": EXCLUDED,
    "status": STATUS,
    "balance": BALANCE,
    "quantity": QUANTITY,
}
