"""The formulas that are known to be good: by what they are made of, each of which only computes with cells of its own workbook.

What does not belong here: where formulas stand in a workbook (parts.py), and what becomes of one that is not known (returned/kept.py).
"""

import re
from dataclasses import dataclass, field

# What the unit's own formulas may call: each gives a value from its arguments, or today's day, and does nothing else.
_PURE = """
    ABS ADDRESS AND AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS CEILING CHAR CHOOSE CLEAN CODE COLUMN COLUMNS CONCATENATE COUNT COUNTA COUNTBLANK COUNTIF
    COUNTIFS DATE DATEDIF DATEVALUE DAY DAYS DAYS360 DOLLAR EDATE EOMONTH ERROR.TYPE EVEN EXACT EXP FALSE FIND FIXED FLOOR FREQUENCY HLOOKUP HOUR
    IF IFERROR INDEX INT ISBLANK ISERR ISERROR ISEVEN ISLOGICAL ISNA ISNONTEXT ISNUMBER ISODD ISTEXT LARGE LEFT LEN LN LOG LOG10 LOOKUP LOWER
    MATCH MAX MAXA MEDIAN MID MIN MINA MINUTE MOD MODE MONTH MROUND N NA NETWORKDAYS NOT NOW ODD OFFSET OR PERCENTILE PERCENTRANK PI POWER PRODUCT
    PROPER QUARTILE QUOTIENT RANK REPLACE REPT RIGHT ROMAN ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SECOND SIGN SMALL SQRT STDEV STDEVP
    SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ T TEXT TIME TIMEVALUE TODAY TRANSPOSE TRIM TRUE TRUNC TYPE UPPER VALUE VAR VARP
    VLOOKUP WEEKDAY WEEKNUM WORKDAY YEAR YEARFRAC
    AGGREGATE CEILING.MATH CONCAT DAYS FLOOR.MATH IFNA IFS ISFORMULA ISOWEEKNUM MAXIFS MINIFS NETWORKDAYS.INTL NUMBERVALUE PERCENTILE.INC
    QUARTILE.INC RANK.AVG RANK.EQ STDEV.P STDEV.S SWITCH TEXTJOIN UNICHAR UNICODE VAR.P VAR.S WORKDAY.INTL XLOOKUP XMATCH XOR
"""
PURE = frozenset(_PURE.split())
_NAME = r"[^\W\d][\w.]*"
TOKEN = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
    |(?P<called>{_NAME})\(
    |(?:'(?P<quoted>(?:[^'\[\]|]|'')+)'|(?P<sheets>[\w.]+(?::[\w.]+)?))!(?=[$\w#])
    |(?P<table>{_NAME})\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]
    |\$?[A-Za-z]{{1,3}}\$?[0-9]+(?![\w.]) | \$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w.]) | \$?[0-9]+:\$?[0-9]+(?![\w.])
    |[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?(?![\w.]) | \.[0-9]+(?![\w.])
    |\#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)
    |(?P<name>{_NAME})
    |[-+*/^&=<>%(),;:{{}}@\s]+""",
    re.VERBOSE,
)


@dataclass
class Names:
    """What a formula of a workbook may speak of, in small letters."""

    sheets: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=lambda: {"true", "false"})
    tables: set[str] = field(default_factory=set)

    def allow(self, formula: str | None) -> bool:
        """Whether a formula asks for nothing but cells of its own workbook: each of its words is one that is known.

        >>> own = Names(sheets={"nhân sự"})
        >>> own.allow("=IF('Nhân sự'!$B$2>=1.5,SUM(A1:A9),\\"\\")"), own.allow("[1]S!A1"), own.allow("cmd|' /c calc'!A0"), own.allow("CALL(A1)")
        (True, False, False, False)
        """
        position = 0
        text = (formula or "").removeprefix("=")
        while position < len(text):
            token = TOKEN.match(text, position)
            if token is None or not self._knows(token):
                return False
            position = token.end()
        return True

    def _knows(self, token: re.Match[str]) -> bool:
        kind, said = token.lastgroup, token[token.lastgroup].lower() if token.lastgroup else ""
        if kind == "called":
            return said.upper().removeprefix("_XLFN.") in PURE
        if kind in ("quoted", "sheets"):
            return said.replace("''", "'") in self.sheets or all(sheet in self.sheets for sheet in said.replace("''", "'").split(":"))
        return kind in (None, "text") or said in (self.names if kind == "name" else self.tables)
