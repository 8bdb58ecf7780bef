"""Files as banks and programs lay them out, with rows made up: what must be read of each, or which option is asked for.

In each the purchase at the bakery is spending, and so is what `also` names; pay, refunds and transfers are not."""

from typing import NamedTuple

BAKERY = ("2026-03-07", 1480)


class Case(NamedTuple):
    """`asks` names the options that must be sent, where the file cannot be read without."""

    name: str
    text: str
    options: dict[str, str] = {}
    also: tuple[tuple[str, int], ...] = ()
    asks: tuple[str, ...] = ()
    encoding: str = "utf-8"


NEGATIVE, POSITIVE = {"spending": "negative"}, {"spending": "positive"}
DMY_SLASH, MDY_SLASH = {"date_format": "DD/MM/YYYY"}, {"date_format": "MM/DD/YYYY"}
DMY_DOT, DMY_DASH = {"date_format": "DD.MM.YYYY"}, {"date_format": "DD-MM-YYYY"}

GERMAN = [
    Case(
        "DKB since 2023",
        '"Girokonto";"DE02500105170137075030"\n"Zeitraum:";"01.03.2026 - 31.03.2026"\n"Kontostand vom 31.03.2026:";"1.234,56 €"\n""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";'
        '"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"07.03.26";"08.03.26";"Gebucht";"Kim";"Hafenbäckerei";"Brötchen";"Ausgang";"DE00";"-14,80";"";"";""\n'
        '"15.03.26";"15.03.26";"Gebucht";"Nordwind GmbH";"Kim";"Gehalt";"Eingang";"DE00";"2.950,00";"";"";""\n'
        '"16.03.26";"";"Vorgemerkt";"Kim";"Tankstelle";"";"Ausgang";"DE00";"-50,00";"";"";""\n',
    ),
    Case(
        "DKB card before 2023",
        '"Kreditkarte:";"4998********1234";\n\n"Umsatz abgerechnet und nicht im Saldo enthalten";"Wertstellung";"Belegdatum";"Beschreibung";'
        '"Betrag (EUR)";"Ursprünglicher Betrag";\n"Ja";"09.03.2026";"07.03.2026";"HAFENBAECKEREI";"-14,80";"";\n'
        '"Ja";"23.03.2026";"23.03.2026";"Einzahlung";"410,00";"";\n',
        NEGATIVE,
        encoding="cp1252",
    ),
    Case(
        "comdirect",
        ';\n"Umsätze Girokonto";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"1.234,56 EUR";\n\n'
        '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
        '"07.03.2026";"07.03.2026";"Lastschrift / Belastung";"Auftraggeber: HAFENBAECKEREI";"-14,80";\n'
        '"16.03.2026";"16.03.2026";"Übertrag / Überweisung";"Auftraggeber: NORDWIND";"2.950,00";\n"Alter Kontostand";"0,00 EUR";\n',
        NEGATIVE,
        encoding="cp1252",
    ),
    Case(
        "Volksbank",
        "Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;Valutadatum;"
        "Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;"
        "Waehrung;Saldo nach Buchung;Bemerkung;Kategorie;Steuerrelevant;Glaeubiger ID;Mandatsreferenz\n"
        "Girokonto;DE0;GEN;Volksbank;07.03.2026;07.03.2026;Hafenbäckerei;DE1;GEN;Basislastschrift;Brötchen;-14,80;EUR;985,20;;;;;\n"
        "Girokonto;DE0;GEN;Volksbank;16.03.2026;16.03.2026;Nordwind;DE1;GEN;Gutschrift;Gehalt;2950,00;EUR;3935,20;;;;;\n",
        NEGATIVE,
    ),
    Case(
        "Soll and Haben",
        "Buchungstag;Wertstellung;Buchungstext;Soll;Haben;Währung\n16.03.2026;16.03.2026;Gehalt;;2.950,00;EUR\n07.03.2026;07.03.2026;Bäckerei;14,80;;EUR\n",
    ),
    Case(
        "Deutsche Bank",
        "Umsätze girokonto;;;;Kundennummer: 1\n01.03.2026 - 31.03.2026\nLetzter Kontostand;;;;1.234,56;EUR\n"
        "Vorgemerkte und noch nicht gebuchte Umsätze sind nicht Bestandteil dieser Übersicht.\n"
        "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;BIC;Kundenreferenz;Mandatsreferenz ;"
        "Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;Anzahl der Aufträge;Anzahl der Schecks;Soll;Haben;Währung\n"
        "7.3.2026;7.3.2026;SEPA-Lastschrift;Hafenbäckerei;Brötchen;DE1;;;;;;-14,80;;;;-14,80;;EUR\n"
        "16.3.2026;16.3.2026;Gehalt;Nordwind;;DE1;;;;;;2.950,00;;;;;2.950,00;EUR\nKontostand;31.3.2026;;;1.234,56;EUR\n",
        encoding="cp1252",
    ),
    Case("S and H", "Datum;Text;Betrag;S/H\n16.03.2026;Gehalt;2.950,00;H\n07.03.2026;Bäckerei;14,80;S\n"),
    Case(
        "PostFinance",
        "Datum von:;2026-03-01\nKonto:;CH00\nWährung:;CHF\n\nDatum;Bewegungstyp;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF;Label;Kategorie\n"
        "16.03.2026;Gutschrift;NORDWIND;2950;;;\n07.03.2026;Lastschrift;BAECKEREI;;-14.80;;Essen\n\nDisclaimer:\nDies ist kein Dokument.\n",
    ),
    Case(
        "UBS",
        "Kontonummer:;0000 00000000.00;\nSaldo:;1'234.56;\nBewertet in:;CHF;\n\nAbschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;"
        "Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten;\n"
        '2026-03-07;;2026-03-07;2026-03-07;CHF;-14.80;;;985.20;1;"Bäckerei";"Zahlung";;;\n'
        '2026-03-16;;2026-03-16;2026-03-16;CHF;;2950.00;;3935.20;2;"Nordwind";"Gehalt";;;\n',
    ),
    Case(
        "Raiffeisen Switzerland",
        "IBAN;Booked At;Text;Credit/Debit Amount;Balance;Valuta Date\nCH0;2026-03-07 00:00:00.0;Bäckerei;-14.8;985.2;2026-03-07 00:00:00.0\n",
        {"columns": '{"date": "Booked At", "amount": "Credit/Debit Amount", "description": "Text"}'},
    ),
    Case(
        "Outbank",
        "#;Account;Date;Value Date;Amount;Currency;Name;Number;Bank;Reason;Category;Subcategory;Tags;Note\n1;DE;16.03.26;16.03.26;2.950,00;EUR;Nordwind;;;Gehalt;Einkommen;;;\n2;DE;07.03.26;07.03.26;-14,80;EUR;Bäckerei;;;Rolls;Essen;;;\n",
        NEGATIVE | {"date_format": "DD.MM.YY"},
    ),
]
ROMANCE = [
    Case(
        "BBVA",
        "Últimos movimientos\n\nF.Valor;Fecha;Concepto;Movimiento;Importe;Divisa;Disponible;Divisa;Observaciones\n16/03/2026;16/03/2026;Nómina;Abono;2.950,00;EUR;3.935,20;EUR;\n07/03/2026;07/03/2026;Panadería;Pago;-14,80;EUR;985,20;EUR;\n",
        NEGATIVE,
        encoding="cp1252",
    ),
    Case(
        "Santander Spain",
        "FECHA OPERACIÓN;FECHA VALOR;CONCEPTO;IMPORTE EUR;SALDO\n16/03/2026;16/03/2026;NOMINA;2.950,00;3.935,20\n07/03/2026;07/03/2026;PANADERIA;-14,80;985,20\n",
        NEGATIVE,
    ),
    Case(
        "debe and haber",
        "Fecha;Concepto;Debe;Haber;Saldo\n16/03/2026;Nómina;;2.950,00;3.935,20\n07/03/2026;Pan;14,80;;985,20\n",
    ),
    Case(
        "Credit Agricole",
        'Téléchargement du 31/03/2026;\n\nCompte n° 1;\nSolde au 31/03/2026 1 234,56 €\n\nDate;Libellé;Débit euros;Crédit euros;\n16/03/2026;"VIREMENT EN VOTRE FAVEUR\nNORDWIND";;2 950,00;\n07/03/2026;"PAIEMENT PAR CARTE\nBOULANGERIE";14,80;;\n',
        encoding="cp1252",
    ),
    Case(
        "Boursorama",
        'dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n2026-03-07;2026-03-07;"CARTE BOULANGERIE";"Alimentation";"Vie quotidienne";"boulangerie";-14,80;;1;BoursoBank;985.20\n2026-03-16;2026-03-16;"VIR NORDWIND";"Salaire";"Revenus";"nordwind";"2 950,00";;1;BoursoBank;3935.20\n',
        NEGATIVE,
    ),
    Case(
        "La Banque Postale",
        "Numéro Compte   ;1\nType         ;CCP\nSolde (EUROS)   ;1234,56\n\nDate;Libellé;Montant(EUROS);Montant(FRANCS)\n16/03/2026;VIREMENT;2950,00;19350,73\n07/03/2026;ACHAT CB BOULANGERIE;-14,80;-97,08\n",
        NEGATIVE,
        asks=(),
        encoding="cp1252",
    ),
    Case(
        "N26 French",
        '"Date","Bénéficiaire","Numéro de compte","Type de transaction","Référence de paiement","Montant (EUR)","Montant (Devise étrangère)","Sélectionnez la devise étrangère","Taux de conversion"\n"2026-03-07","Boulangerie","","Paiement MasterCard","","-14.8","-14.8","EUR","1.0"\n',
    ),
    Case(
        "Intesa",
        "Data;Operazione;Dettagli;Conto o carta;Contabilizzazione;Categoria ;Valuta;Importo\n16/03/2026;Stipendio;;Conto;SI;Stipendi;EUR;2.950,00\n07/03/2026;Panetteria;;Conto;SI;Generi alimentari;EUR;-14,80\n",
        NEGATIVE,
    ),
    Case(
        "Unicredit",
        "Data Registrazione;Data valuta;Descrizione;Importo (EUR);\n16.03.2026;16.03.2026;STIPENDIO;2.950,00;\n07.03.2026;07.03.2026;PANE;-14,80;\n",
        NEGATIVE,
    ),
    Case("dare and avere", "Data;Causale;Dare;Avere\n16/03/2026;Stipendio;;2.950,00\n07/03/2026;Pane;14,80;\n"),
    Case(
        "Caixa Geral",
        "Consultar saldos\n\nData mov. ;Data valor ;Descrição ;Débito ;Crédito ;Saldo contabilístico ;\n16-03-2026 ;16-03-2026 ;SALARIO ; ;2.950,00 ;3.935,20 ;\n07-03-2026 ;07-03-2026 ;PADARIA ;14,80 ; ;985,20 ;\n",
        encoding="cp1252",
    ),
    Case(
        "Nubank account",
        "Data,Valor,Identificador,Descrição\n16/03/2026,2950.00,a,Salário\n07/03/2026,-14.80,b,Padaria\n",
        NEGATIVE,
    ),
    Case(
        "Nubank card",
        "date,category,title,amount\n2026-03-07,restaurante,Padaria,14.80\n2026-03-10,payment,Pagamento recebido,-410.00\n",
        POSITIVE,
    ),
    Case(
        "Brazilian sheet",
        "Data;Descrição;Categoria;Valor\n07/03/2026;Padaria;Comida;R$ 14,80\n16/03/2026;Aluguel;Casa;R$ 1.250,00\n",
        also=(("2026-03-16", 125000),),
    ),
]
BENELUX_NORDIC = [
    Case(
        "ING NL",
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"\n"20260316","Noordwind","NL0","NL1","OV","Bij","2950,00","Overschrijving","Salaris"\n"20260307","Bakker","NL0","","BA","Af","14,80","Betaalautomaat","Pas 1"\n',
    ),
    Case(
        "ING NL since 2020",
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"\n"20260307";"Bakker";"NL0";"";"BA";"Af";"14,80";"Betaalautomaat";"Pas 1";"985,20";""\n',
    ),
    Case(
        "Rabobank",
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Naam uiteindelijke partij","Omschrijving-1","Omschrijving-2"\n"NL0","EUR","RABO","1","2026-03-07","2026-03-07","-14,80","+985,20","","Bakker","","Pas 1",""\n"NL0","EUR","RABO","2","2026-03-16","2026-03-16","+2950,00","+3935,20","NL1","Noordwind","","Salaris",""\n',
        NEGATIVE,
    ),
    Case(
        "KBC",
        "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet\nBE0;;Kim;EUR;1;16/03/2026;LOON;16/03/2026;2950,00;3935,20;2950,00;\nBE0;;Kim;EUR;1;07/03/2026;BAKKER;07/03/2026;-14,80;985,20;;-14,80\n",
        NEGATIVE,
    ),
    Case(
        "Swedbank",
        "* Transaktioner Period 2026-03-01 – 2026-03-31\nRadnummer,Clearingnummer,Kontonummer,Produkt,Valuta,Bokföringsdag,Transaktionsdag,Valutadag,Referens,Beskrivning,Belopp,Bokfört saldo\n1,8000,1,Privatkonto,SEK,2026-03-09,2026-03-07,2026-03-09,Bageri,Bageri,-14.80,985.20\n2,8000,1,Privatkonto,SEK,2026-03-16,2026-03-16,2026-03-16,Lön,Lön,2950.00,3935.20\n",
        NEGATIVE,
        encoding="cp1252",
    ),
    Case(
        "SEB",
        "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text/mottagare;Belopp;Saldo\n2026-03-07;2026-03-07;1;BAGERI;-14,80;985,20\n2026-03-16;2026-03-16;2;LÖN;2950,00;3935,20\n",
        NEGATIVE,
    ),
    Case(
        "Nordea",
        "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta;\n2026/03/07;-14,80;1;;;Kortköp Bageri;985,20;SEK;\n2026/03/16;2950,00;;1;;Lön;3935,20;SEK;\n",
        NEGATIVE,
    ),
    Case(
        "Handelsbanken",
        "Reskontradatum;Transaktionsdatum;Text;Belopp;Saldo\n2026-03-09;2026-03-07;Bageri;-14,80;985,20\n",
    ),
    Case(
        "Danske Bank",
        '"Dato";"Kategori";"Tekst";"Beløb";"Saldo";"Status";"Afstemt"\n"07.03.2026";"Mad";"Bager";"-14,80";"985,20";"Udført";"Nej"\n"16.03.2026";"Løn";"Nordvind";"2.950,00";"3.935,20";"Udført";"Nej"\n',
        NEGATIVE,
        encoding="cp1252",
    ),
    Case(
        "DNB",
        '"Dato";"Forklaring";"Rentedato";"Ut fra konto";"Inn på konto"\n"16.03.2026";"Lønn";"16.03.2026";"";"2950,00"\n"07.03.2026";"Baker";"07.03.2026";"14,80";""\n',
    ),
    Case(
        "OP Finland",
        "Kirjauspäivä;Arvopäivä;Määrä EUROA;Laji;Selitys;Saaja/Maksaja;Saajan tilinumero;Viite;Viesti;Arkistointitunnus\n2026-03-07;2026-03-07;-14,80;162;PKORTTIMAKSU;LEIPOMO;;;;1\n2026-03-16;2026-03-16;2950,00;506;TILISIIRTO;POHJATUULI;;;;2\n",
        NEGATIVE,
    ),
]
EASTERN = [
    Case(
        "mBank",
        'mBank S.A. Bankowość Detaliczna;\n#Klient;\nKIM;\n\n#Lista operacji;\n\n#Data operacji;#Opis operacji;#Rachunek;#Kategoria;#Kwota;\n2026-03-07;"PIEKARNIA";"eKonto";"Żywność";-14,80 PLN;;\n2026-03-16;"WYNAGRODZENIE";"eKonto";"Wpływy";2 950,00 PLN;;\n',
        NEGATIVE,
        encoding="cp1250",
    ),
    Case(
        "PKO BP",
        '"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji","Opis transakcji","","",""\n"2026-03-07","2026-03-06","Płatność kartą","-14.80","PLN","+985.20","Tytuł: 1","Lokalizacja: Piekarnia","",""\n"2026-03-16","2026-03-16","Przelew na konto","+2950.00","PLN","+3935.20","Nadawca","","",""\n',
        NEGATIVE,
    ),
    Case(
        "Fio",
        '"ID operace";"Datum";"Objem";"Měna";"Protiúčet";"Název protiúčtu";"Kód banky";"Zpráva pro příjemce";"Typ"\n"1";"16.03.2026";"2950,00";"CZK";"";"Severák";"";"Mzda";"Bezhotovostní příjem"\n"2";"07.03.2026";"-14,80";"CZK";"";"Pekárna";"";"";"Platba kartou"\n',
        NEGATIVE,
    ),
    Case(
        "Tinkoff",
        '"Дата операции";"Дата платежа";"Номер карты";"Статус";"Сумма операции";"Валюта операции";"Сумма платежа";"Валюта платежа";"Категория";"MCC";"Описание"\n"16.03.2026 09:00:00";"16.03.2026";"";"OK";"2950,00";"RUB";"2950,00";"RUB";"Зарплата";"";"Работа"\n"07.03.2026 08:12:00";"07.03.2026";"*1";"OK";"-14,80";"RUB";"-14,80";"RUB";"Еда";"5462";"Пекарня"\n',
        NEGATIVE,
        encoding="cp1251",
    ),
    Case(
        "Monobank",
        '"Дата i час операції","Деталі операції",MCC,"Сума в валюті картки (UAH)","Сума в валюті операції","Валюта","Курс","Залишок після операції"\n"16.03.2026 09:00:00","Зарплата",4829,2950.0,2950.0,UAH,—,3935.2\n"07.03.2026 08:12:00","Пекарня",5462,-14.8,-14.8,UAH,—,985.2\n',
        {
            **NEGATIVE,
            "columns": '{"date": "Дата i час операції", "amount": "Сума в валюті картки (UAH)", "description": "Деталі операції"}',
        },
    ),
    Case(
        "Alipay",
        "支付宝交易记录明细查询\n账号:[kim]\n起始日期:[2026-03-01 00:00:00]    终止日期:[2026-03-31 23:59:59]\n---------------------------------交易记录明细列表------------------------------------\n交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,\n2026-03-07 08:12:00,餐饮美食,面包店,a,面包,支出,14.80,余额,交易成功,1\t,2\t,,\n2026-03-15 09:00:00,工资,公司,b,工资,收入,2950.00,余额,交易成功,3\t,4\t,,\n2026-03-18 09:00:00,转账,自己,c,转账,不计收支,250.00,余额,交易成功,5\t,6\t,,\n2026-03-19 09:00:00,日用,店,d,杯子,支出,30.00,余额,交易关闭,7\t,8\t,,\n",
        encoding="gb18030",
    ),
    Case(
        "WeChat",
        "微信支付账单明细,,,,,,,,\n微信昵称：[kim],,,,,,,,\n,,,,,,,,\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n2026-03-07 08:12:00,商户消费,面包店,面包,支出,¥14.80,零钱,支付成功,1,2,/\n2026-03-15 09:00:00,转账,公司,工资,收入,¥2950.00,/,已收钱,3,4,/\n",
    ),
    Case(
        "MoneyForward",
        '"計算対象","日付","内容","金額（円）","保有金融機関","大項目","中項目","メモ","振替","ID"\n"1","2026/03/07","パン屋","-1480","カード","食費","パン","","0","a"\n"1","2026/03/15","給料","295000","銀行","収入","給与","","0","b"\n"0","2026/03/18","振替","-25000","銀行","未分類","","","1","c"\n',
        NEGATIVE,
        also=(("2026-03-07", 148000),),
        encoding="cp932",
    ),
    Case(
        "Zaim",
        "日付,方法,カテゴリ,カテゴリの内訳,支払元,入金先,品目,メモ,お店,通貨,収入,支出,振替,残高調整,通貨変換前の金額,集計の設定\n2026-03-07,payment,食費,パン,現金,-,パン,,パン屋,JPY,0,1480,0,0,,常に集計に含める\n2026-03-15,income,給与,-,-,銀行,,,,JPY,295000,0,0,0,,常に集計に含める\n2026-03-18,transfer,-,-,銀行,現金,,,,JPY,0,0,25000,0,,常に集計に含める\n",
        also=(("2026-03-07", 148000),),
    ),
    Case(
        "Turkish",
        "Tarih;Açıklama;İşlem Tutarı;Bakiye\n16.03.2026;Maaş;2.950,00;3.935,20\n07.03.2026;Fırın;-14,80;985,20\n",
        NEGATIVE,
        encoding="cp1254",
    ),
]
ENGLISH_BANKS = [
    Case(
        "Barclays",
        'Number,Date,Account,Amount,Subcategory,Memo\n ,07/03/2026,20-00-00 1,-14.80,Debit,"BAKERY       ON 06 MAR BCC"\n ,16/03/2026,20-00-00 1,2950.00,Direct Credit,"NORTHWIND"\n',
        NEGATIVE,
    ),
    Case(
        "Nationwide",
        '"Account Name:","FlexAccount ****1"\n"Account Balance:","£1234.56"\n"Available Balance: ","£1234.56"\n\n"Date","Transaction type","Description","Paid out","Paid in","Balance"\n"07 Mar 2026","Visa purchase","BAKERY","£14.80","","£985.20"\n"16 Mar 2026","Bank credit","NORTHWIND","","£2950.00","£3935.20"\n',
        encoding="cp1252",
    ),
    Case(
        "Lloyds",
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n16/03/2026,FPI,'30-00-00,1,NORTHWIND,,2950.00,3935.20\n07/03/2026,DEB,'30-00-00,1,BAKERY,14.80,,985.20\n",
    ),
    Case(
        "Starling",
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n07/03/2026,Bakery,BAKERY,CONTACTLESS,-14.80,985.20,EATING_OUT,\n16/03/2026,Northwind,PAY,FASTER PAYMENT,2950.00,3935.20,INCOME,\n",
    ),
    Case(
        "Tesco Bank",
        "Transaction Date,Posting Date,Billing Amount,Merchant,Merchant City,Merchant State,Merchant Zip,Reference Number,Debit/Credit Flag,SICMCC Code\n07/03/2026,09/03/2026,£14.80,BAKERY,PORT,,AB1,1,D,5462\n16/03/2026,16/03/2026,£410.00,PAYMENT RECEIVED,,,,2,C,0\n",
    ),
    Case(
        "Revolut",
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\nCARD_PAYMENT,Current,2026-03-07 08:12:00,2026-03-08 10:00:00,Bakery,-14.80,0.00,EUR,COMPLETED,985.20\nTOPUP,Current,2026-03-15 09:00:00,2026-03-15 09:00:00,Top-Up,2950.00,0.00,EUR,COMPLETED,3935.20\nCARD_PAYMENT,Current,2026-03-16 08:12:00,,Bakery,-33.00,0.00,EUR,REVERTED,\n",
    ),
    Case(
        "Capital One",
        "Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit\n2026-03-07,2026-03-09,1234,BAKERY,Dining,14.80,\n2026-03-15,2026-03-15,1234,CAPITAL ONE AUTOPAY PYMT,Payment/Credit,,410.00\n",
    ),
    Case(
        "Bank of America",
        'Description,,Summary Amt.\nBeginning balance as of 03/01/2026,,"1,000.00"\nTotal credits,,"2,950.00"\nTotal debits,,"-14.80"\nEnding balance as of 03/31/2026,,"3,935.20"\n\nDate,Description,Amount,Running Bal.\n03/01/2026,Beginning balance as of 03/01/2026,,"1,000.00"\n03/07/2026,"BAKERY","-14.80","985.20"\n03/16/2026,"NORTHWIND DES:PAYROLL","2,950.00","3,935.20"\n',
        NEGATIVE,
    ),
    Case(
        "Citi",
        'Status,Date,Description,Debit,Credit,Member Name\nCleared,03/07/2026,"BAKERY",14.80,,KIM\nCleared,03/16/2026,"ONLINE PAYMENT, THANK YOU",,-410.00,KIM\n',
    ),
    Case(
        "Discover",
        "Trans. Date,Post Date,Description,Amount,Category\n03/07/2026,03/08/2026,BAKERY,14.80,Restaurants\n03/15/2026,03/15/2026,INTERNET PAYMENT,-410.00,Payments and Credits\n",
        {**POSITIVE},
    ),
    Case(
        "Chase checking",
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\nDEBIT,03/07/2026,BAKERY,-14.80,DEBIT_CARD,985.20,,\nCREDIT,03/16/2026,NORTHWIND,2950.00,ACH_CREDIT,3935.20,,\n",
    ),
    Case(
        "Apple Card",
        "Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By\n03/07/2026,03/08/2026,BAKERY,Bakery,Restaurants,Purchase,14.80,Kim\n03/31/2026,03/31/2026,ACH DEPOSIT,Ach Deposit,Payment,Payment,-410.00,Kim\n",
        POSITIVE,
    ),
    Case(
        "HDFC",
        "\n  Date     ,Narration,Value Dat,Debit Amount,Credit Amount,Chq/Ref Number,Closing Balance\n  16/03/26 ,NORTHWIND,16/03/26 ,        0.00 ,     2950.00 ,1,     3935.20 \n  07/03/26 ,BAKERY,07/03/26 ,       14.80 ,        0.00 ,2,      985.20 \n",
        {"date_format": "DD/MM/YY"},
    ),
    Case(
        "SBI",
        'Account Name,Kim\nTxn Date,Value Date,Description,Ref No./Cheque No.,        Debit,Credit,Balance\n7 Mar 2026,7 Mar 2026,BAKERY,1, 14.80,,"1,25,000.00"\n16 Mar 2026,16 Mar 2026,NORTHWIND,2,,"2,950.00","1,27,950.00"\n',
    ),
    Case("Commonwealth without a header", '07/03/2026,"-14.80","BAKERY","+985.20"\n', asks=("columns",)),
    Case(
        "TD Canada",
        "Date,Transaction Description,Debit,Credit,Balance\n03/07/2026,BAKERY,14.80,,985.20\n03/16/2026,PAY,,2950.00,3935.20\n",
    ),
    Case(
        "RBC",
        '"Account Type","Account Number","Transaction Date","Cheque Number","Description 1","Description 2","CAD$","USD$"\nChequing,1,3/7/2026,,"BAKERY",,-14.80,\n',
        asks=("columns",),
    ),
]
APPS = [
    Case(
        "Mint",
        '"Date","Description","Original Description","Amount","Transaction Type","Category","Account Name","Labels","Notes"\n"3/07/2026","Bakery","BAKERY","14.80","debit","Restaurants","Checking","",""\n"3/16/2026","Northwind","NORTHWIND","2950.00","credit","Paycheck","Checking","",""\n',
    ),
    Case(
        "YNAB",
        '"Account","Flag","Date","Payee","Category Group/Category","Category Group","Category","Memo","Outflow","Inflow","Cleared"\n"Checking","","03/07/2026","Bakery","Food: Dining","Food","Dining","Rolls",$14.80,$0.00,"Cleared"\n"Checking","","03/16/2026","Northwind","Inflow: Ready to Assign","Inflow","Ready to Assign","",$0.00,"$2,950.00","Cleared"\n',
    ),
    Case(
        "Toshl",
        '"Date","Account","Category","Tags","Expense amount","Income amount","Currency","In main currency","Main currency","Description"\n"3/7/26","Cash","Food","bread","14.80","0","EUR","14.80","EUR","Rolls"\n"3/16/26","Bank","Salary","","0","2,950.00","EUR","2,950.00","EUR",""\n',
    ),
    Case(
        "Splitwise",
        "Date,Description,Category,Cost,Currency,Kim,Robin\n\n2026-03-07,Rolls,Dining out,14.80,EUR,7.40,-7.40\n\n2026-03-31,Total balance, , ,EUR,7.40,-7.40\n",
    ),
    Case(
        "Bluecoins",
        '"Type","Date","Set Time","Title","Amount","Currency","Exchange Rate","Category Group Name","Category","Accounts","Notes","Labels","Status","Split"\n"Expense","3/7/26","08:12","Rolls","-14.80","EUR","1.0","Food","Bakery","Cash","","","",""\n"Income","3/16/26","09:00","Pay","2950.00","EUR","1.0","Employer","Salary","Bank","","","",""\n"New Account","3/1/26","09:00","Cash","100.00","EUR","1.0","(New Account)","(New Account)","Cash","","","",""\n',
    ),
    Case(
        "AndroMoney",
        '"Id","Currency","Amount","Category","Sub-Category","Date","Expense(Transfer Out)","Income(Transfer In)","Note","Periodic","Project","Payee/Payer","uid","Time"\n"1","EUR","14.80","Food","Bakery","20260307","Cash","","Rolls","","","","a","812"\n"2","EUR","2950","Income","Salary","20260315","","Bank","","","","","b","900"\n',
        asks=("spending",),
    ),
    Case(
        "MoneyWiz",
        'sep=,\n"Name","Current balance","Account","Transfers","Description","Payee","Category","Date","Time","Memo","Amount","Currency","Check #","Tags"\n"","","Cash","","Rolls","Bakery","Food ► Bakery","07/03/2026","08:12","","-14.80","EUR","",""\n"","","Bank","","Pay","Northwind","Income","16/03/2026","09:00","","2,950.00","EUR","",""\n"","","Bank","Cash","Transfer","","","18/03/2026","09:00","","-250.00","EUR","",""\n',
        NEGATIVE,
    ),
    Case(
        "GnuCash",
        "Date,Transaction ID,Number,Description,Notes,Commodity/Currency,Void Reason,Action,Memo,Full Account Name,Account Name,Amount With Sym,Amount Num.,Value With Sym,Value Num.,Reconcile,Reconcile Date,Rate/Price\n2026-03-07,a,,Rolls,,CURRENCY::EUR,,,,Expenses:Food,Food,14.80 €,14.80,14.80 €,14.80,n,,1\n2026-03-07,a,,Rolls,,CURRENCY::EUR,,,,Assets:Cash,Cash,-14.80 €,-14.80,-14.80 €,-14.80,n,,1\n",
        asks=("columns",),
    ),
    Case(
        "hledger",
        '"txnidx","date","date2","status","code","description","comment","account","amount","commodity","credit","debit","posting-status","posting-comment"\n"1","2026-03-07","","","","Rolls","","expenses:food","14.80","EUR","","14.80","",""\n"1","2026-03-07","","","","Rolls","","assets:cash","-14.80","EUR","14.80","","",""\n',
        asks=("columns",),
    ),
    Case(
        "KMyMoney",
        "Date;Payee;Amount;Account/Cat;Memo;Status;Number\n2026-03-07;Bakery;-14.80;Food;Rolls;C;\n2026-03-16;Northwind;2950.00;Wages;;C;\n",
        NEGATIVE,
    ),
    Case(
        "Money Manager EX",
        '"ID","Date","Status","Type","Account","Payee","Category","Amount","Currency","Number","Notes"\n"1","2026-03-07","","Withdrawal","Cash","Bakery","Food","-14.80","EUR","","Rolls"\n"2","2026-03-16","","Deposit","Bank","Northwind","Income","2950.00","EUR","",""\n"3","2026-03-18","","Transfer","Bank","> Cash","Transfer","-250.00","EUR","",""\n',
    ),
    Case(
        "Ivy Wallet",
        "Date,Title,Category,Account,Amount,Currency,Type,Transfer Amount,Transfer Currency,To Account,Receive Amount,Receive Currency,Description,Due Date,ID\n2026-03-07T08:12:00,Rolls,Food,Cash,14.8,EUR,EXPENSE,,,,,,,,a\n2026-03-15T09:00:00,Pay,Salary,Bank,2950.0,EUR,INCOME,,,,,,,,b\n2026-03-18T09:00:00,,,Bank,0.0,EUR,TRANSFER,250.0,EUR,Cash,250.0,EUR,,,c\n",
    ),
    Case(
        "Monefy",
        "date;account;category;amount;currency;converted amount;currency;description\n16/03/2026;Cash;Salary;2950;EUR;2950;EUR;\n07/03/2026;Cash;Food;-14.8;EUR;-14.8;EUR;Rolls\n",
        NEGATIVE,
    ),
    Case(
        "Spendee with a transfer",
        '"Date","Wallet","Type","Category name","Amount","Currency","Note","Labels","Author"\n"2026-03-07T08:12:00+00:00","Cash","Expense","Food","-14.80","EUR","","","Kim"\n"2026-03-18T08:12:00+00:00","Cash","Outgoing Transfer","Transfer","-250.00","EUR","","","Kim"\n"2026-03-18T08:12:00+00:00","Cash","Income","Salary","2950.00","EUR","","","Kim"\n',
        NEGATIVE,
        also=(("2026-03-18", 25000),),
    ),
    Case(
        "income and expense side by side",
        "Date,Description,Income,Expense\n2026-03-15,Pay,2950.00,\n2026-03-07,Rolls,,14.80\n",
    ),
    Case(
        "Excel in French",
        "Date;Libellé;Catégorie;Dépenses;Recettes\n16/03/2026;Salaire;;;2 950,00 €\n07/03/2026;Pain;Alimentation;14,80 €;\n",
        encoding="utf-16",
    ),
    Case("month names", "Date,What,Cost\n7-Mar-26,Rolls,14.80\n16-Mar-26,Rent,1250\n", also=(("2026-03-16", 125000),)),
    Case("brackets", 'Date,Description,Amount\n2026-03-07,Rolls,(14.80)\n2026-03-15,Pay,"2,950.00"\n', NEGATIVE),
    Case("trailing minus", "Datum;Text;Betrag\n07.03.2026;Brot;14,80-\n16.03.2026;Gehalt;2.950,00\n", NEGATIVE),
]
CASES = [*GERMAN, *ROMANCE, *BENELUX_NORDIC, *EASTERN, *ENGLISH_BANKS, *APPS]
