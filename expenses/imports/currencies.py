"""Currencies as files write them: codes of ISO 4217, signs and abbreviations."""

CODES = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF"
        " CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD"
        " HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL"
        " LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR"
        " PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP"
        " TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL RMB"
    ).split()
)
SIGNS = frozenset("€$£¥₹₽₩₪₫₱₴₦₺₡₲₵₸₼₾₿元円원")
WORDS = frozenset(
    (
        "euro euros euroa kr kr. zl zł kc kč ft lei lv лв лв. руб руб. р. грн rs rs. rp rm r$ us$ a$ c$ nz$ hk$ s$ fr."
        " sfr. sfr tl din din. ден kn ر.س د.إ"
    ).split()
)
# As in a header or around an amount, compared without regard to case.
NAMES = frozenset(code.casefold() for code in CODES) | SIGNS | WORDS
