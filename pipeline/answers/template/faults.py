"""A cell's fault as a formula, true where the cell is filled and cannot be read: with it a template colours what is typed.

What does not belong here: rules (a formula repeats what a column's metadata says), and the colours.
"""

from collections.abc import Callable

from pipeline.schemas import kinds
from pipeline.schemas.kinds import Kind, Meta
from pipeline.values import PIVOT


def fault(info: Meta, cell: str) -> str | None:
    """The formula for a column's kind, in plain functions that Excel and LibreOffice share; None where any text will do."""
    if not (check := CHECKS[info.kind]):
        return None
    said = check(cell, info)
    if info.between:
        least, most = info.between
        said = f"AND({said},{_value(cell)}>={least}{'' if most is None else f',{_value(cell)}<={most}'})"
    return f'AND(TRIM({cell})<>"",NOT(IFERROR({said},FALSE)))'


def _digits(text: str) -> str:
    return f'TEXT(VALUE({text}),REPT("0",LEN({text})))={text}'


def _identity(cell: str) -> str:
    """Nine or twelve digits. Eleven are read with a remark, and the remark is what the unit should not need."""
    bare = f"""SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell}," ",""),".",""),"'","")"""
    return f"AND(OR(LEN({bare})=9,LEN({bare})=12),{_digits(bare)})"


def _date(cell: str) -> str:
    """A day that exists: d/m/yyyy, d/m/yy, m/yyyy, yyyy with / . or -, yyyy-mm-dd; a real date pasted from elsewhere is a number."""

    def exists(year: str, month: str, day: str) -> str:
        date = f"DATE(VALUE({year}),VALUE({month}),VALUE({day}))"
        return f"DAY({date})=VALUE({day}),MONTH({date})=VALUE({month}),VALUE({year})>=1900,VALUE({year})<=2099"

    text = f'SUBSTITUTE(SUBSTITUTE(TRIM({cell}),".","/"),"-","/")'
    whole = f'REPT("1/",2-LEN({text})+LEN(SUBSTITUTE({text},"/","")))&{text}'
    parts = f'SUBSTITUTE({whole},"/",REPT(" ",20))'  # wide apart, so that each part can be cut out by its place
    day, month, year = (f"TRIM(MID({parts},{start},20))" for start in (1, 21, 41))
    bare = f"TRIM({cell})"
    short = f'AND(LEN({year})=2,LEN({text})-LEN(SUBSTITUTE({text},"/",""))=2)'
    full = f'IF({short},IF(VALUE({year})<={PIVOT},"20","19")&{year},RIGHT({bare},4))'
    written = f"AND(OR(LEN({year})=4,{short}),LEN({month})<=2,LEN({day})<=2,{exists(full, month, day)})"
    iso = f'AND(LEN({bare})=10,MID({bare},5,1)="-",MID({bare},8,1)="-",{exists(f"LEFT({bare},4)", f"MID({bare},6,2)", f"RIGHT({bare},2)")})'
    return f"IF(ISNUMBER({cell}),AND({cell}>=1,{cell}<73051),OR(IFERROR({written},FALSE),IFERROR({iso},FALSE)))"


def _plain(cell: str) -> str:
    """A number's text with a point before its decimals and without dots between thousands."""
    text = f"TRIM({cell})"
    thousands = f'LEFT(RIGHT(LEFT({text},FIND(",",{text}&",")-1),4),1)="."'
    return f'SUBSTITUTE(IF({thousands},SUBSTITUTE({text},".",""),{text}),",",".")'


def _number(cell: str) -> str:
    plain = _plain(cell)
    bare = f'SUBSTITUTE(SUBSTITUTE({plain},".","",1),"-","",1)'
    edges = f'ISERROR(FIND("-",{plain},2)),LEFT({plain},1)<>".",RIGHT({plain},1)<>"."'
    return f"OR(ISNUMBER({cell}),AND({_digits(bare)},{edges}))"


def _value(cell: str) -> str:
    """The number itself; VALUE would read a decimal point or comma by the machine's settings, so it gets digits only."""
    plain = _plain(cell)
    decimals = f'MAX(0,LEN({plain})-FIND(".",{plain}&"."))'
    return f'IF(ISNUMBER({cell}),{cell},VALUE(SUBSTITUTE({plain},".","",1))/10^{decimals})'


def _shape(cell: str) -> str:
    """A number, perhaps a letter, then letters and digits behind - / or a point, all in one piece."""
    text = f"TRIM({cell})"
    letters = '"0123456789-/.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZĐđÂÊÔƠƯĂ"'
    # columns cannot be inserted in a protected sheet, so COLUMN counts from 1 to 40 for ever
    place = "COLUMN($A$1:$AN$1)"
    known = f"SUMPRODUCT(ISNUMBER(FIND(MID({text},{place},1),{letters}))*({place}<=LEN({text})))=LEN({text})"
    head = "LEFT({},MIN({})-1)".format(text, ",".join(f'FIND("{mark}",{text}&"{mark}")' for mark in "-/."))
    lettered = f"LEFT({head},LEN({head})-1)"
    bare = f"LEN({head})<=6,IFERROR({_digits(head)},FALSE)"
    tailed = f"LEN({lettered})<=6,ISERROR(VALUE(RIGHT({head},1))),IFERROR({_digits(lettered)},FALSE)"
    number = f"OR(AND({bare}),AND({tailed}))"
    parts = f'SUBSTITUTE(SUBSTITUTE({text},"/","-"),".","-")'
    return f'AND(LEN({text})<=40,{known},{number},RIGHT({parts},1)<>"-",ISERROR(FIND("--",{parts})))'


def _period(cell: str) -> str:
    """2021 or 2021-Q1; “Năm …” and “Quý …” are read too."""
    text = f"TRIM({cell})"
    year = f"LEN({text})=4,{_digits(text)}"
    quarter = f'LEN({text})=7,MID({text},5,2)="-Q",ISNUMBER(FIND(RIGHT({text},1),"1234")),{_digits(f"LEFT({text},4)")}'
    spoken = f'OR(LEFT({text},3)="năm",LEFT({text},1)="q"),{_digits(f"RIGHT({text},4)")},LEFT(RIGHT({text},4),2)="20"'
    twenty = f'LEFT({text},2)="20"'
    return f"OR(AND({twenty},IFERROR(AND({year}),FALSE)),AND({twenty},IFERROR(AND({quarter}),FALSE)),IFERROR(AND({spoken}),FALSE))"


def _of_list(cell: str, info: Meta) -> str:
    return f"COUNTIF(biet_{info.code_list},TRIM({cell}))>0"


Check = Callable[[str, Meta], str]  # of a filled cell: a formula that is true where it can be read


def _by(formula: Callable[[str], str]) -> Check:
    return lambda cell, info: formula(cell)


# Of every kind; None: any words will do, or, of an employer's and a card's numbers, what cannot be read is told by the answer alone.
CHECKS: dict[Kind, Check | None] = {
    kinds.TEXT: None,
    kinds.KEY: None,
    kinds.IDENTITY: _by(_identity),
    kinds.CARD: None,
    kinds.OWN: None,
    kinds.SHAPE: _by(_shape),
    kinds.CODE: _of_list,
    kinds.LEVEL: _of_list,
    kinds.WORDS: None,
    kinds.DATE: _by(_date),
    kinds.NUMBER: _by(_number),
    kinds.BOOLEAN: _of_list,
    kinds.UNIT: None,
    kinds.PERIOD: _by(_period),
}
