"""The names of months, as data. A name that two languages give to different months is left out."""

MONTHS = (
    (
        "january jan januar janner janvier janv enero ene gennaio gen janeiro januari stycznia styczen sty tammikuu"
        " leden ledna ocak oca января янв ianuarie ian"
    ),
    (
        "february feb febr februar fevrier fevr febrero febbraio fevereiro fev februari lutego luty lut helmikuu unor"
        " unora subat sub февраля фев февр februarie"
    ),
    (
        "march mar marz maerz mrz mars marzo marco maart mrt marca marzec maaliskuu brezen brezna mart марта мар март"
        " martie"
    ),
    "april apr avril avr abril abr aprile kwietnia kwiecien kwi huhtikuu duben dubna nisan nis апреля апр aprilie",
    "may mai mayo maggio mag maio mei maj maja toukokuu kveten kvetna mayis мая май",
    (
        "june jun juni juin junio giugno giu junho czerwca czerwiec cze kesakuu cerven cervna haziran haz июня июн"
        " июнь iunie"
    ),
    (
        "july jul juli juillet juil julio luglio lug julho lipca lipiec heinakuu cervenec cervence temmuz tem июля"
        " июл июль iulie"
    ),
    "august aug aout agosto ago augustus augusti sierpnia sierpien sie elokuu srpen srpna agustos agu августа авг",
    (
        "september sep sept septembre septiembre set settembre setembro wrzesnia wrzesien wrz syyskuu zari eylul eyl"
        " сентября сен сент septembrie"
    ),
    (
        "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika pazdziernik paz lokakuu rijen"
        " rijna ekim eki октября окт octombrie"
    ),
    "november nov novembre noviembre novembro listopadu marraskuu kasim kas ноября ноя нояб noiembrie",
    (
        "december dec dezember dez decembre dicembre dic diciembre dezembro grudnia grudzien gru joulukuu prosinec"
        " prosince aralik ara декабря дек decembrie des desember"
    ),
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}
