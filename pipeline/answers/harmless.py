"""What may leave in a workbook: the list of all that is known to be good. A workbook with anything besides is not passed on as it is.

Parts go by their content type and by the relation that leads to them, elements and attributes by their qualified names as an XML parser gives
them, formulas by what they are made of. Nothing here knows what is bad.

What does not belong here: making a workbook good (returned.py), and reading its cells.
"""

import io
import re
import struct
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from posixpath import dirname, join, normpath
from xml.parsers.expat import ExpatError, ParserCreate

OFFICE = "http://schemas.openxmlformats.org/"
MICROSOFT = "http://schemas.microsoft.com/office/"
SPACES = {
    "a": f"{OFFICE}drawingml/2006/main",
    "cp": f"{OFFICE}package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "ep": f"{OFFICE}officeDocument/2006/extended-properties",
    "loext": "http://schemas.libreoffice.org/",
    "m": f"{OFFICE}spreadsheetml/2006/main",
    "mc": f"{OFFICE}markup-compatibility/2006",
    "o": "urn:schemas-microsoft-com:office:office",
    "r": f"{OFFICE}officeDocument/2006/relationships",
    "rel": f"{OFFICE}package/2006/relationships",
    "thm15": f"{MICROSOFT}thememl/2012/main",
    "ct": f"{OFFICE}package/2006/content-types",
    "v": "urn:schemas-microsoft-com:vml",
    "vt": f"{OFFICE}officeDocument/2006/docPropsVTypes",
    "x": "urn:schemas-microsoft-com:office:excel",
    "x14": f"{MICROSOFT}spreadsheetml/2009/9/main",
    "x14ac": f"{MICROSOFT}spreadsheetml/2009/9/ac",
    "x15": f"{MICROSOFT}spreadsheetml/2010/11/main",
    "x15ac": f"{MICROSOFT}spreadsheetml/2010/11/ac",
    "xcalcf": f"{MICROSOFT}spreadsheetml/2018/calcfeatures",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xr": f"{MICROSOFT}spreadsheetml/2014/revision",
    "xr2": f"{MICROSOFT}spreadsheetml/2015/revision2",
    "xr3": f"{MICROSOFT}spreadsheetml/2016/revision3",
    "xr6": f"{MICROSOFT}spreadsheetml/2016/revision6",
    "xr10": f"{MICROSOFT}spreadsheetml/2016/revision10",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


@dataclass(frozen=True)
class Part:
    """What a kind of part may hold."""

    elements: frozenset[str]
    attributes: frozenset[str]


def _part(space: str, elements: str, attributes: str) -> Part:
    """Names as they are mostly written: an element without a prefix is of `space`, an attribute without one of none; "-" is no space."""

    def named(words: str, own: str) -> frozenset[str]:
        parted = ((prefix or own, name) for prefix, _, name in (word.rpartition(":") for word in words.split()))
        return frozenset(name if prefix == "-" else f"{SPACES[prefix]} {name}" for prefix, name in parted)

    return Part(named(elements, space), named(attributes, "-"))


_TEXT = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme rFont"
_FILTERS = (
    "autoFilter filterColumn filters filter dateGroupItem customFilters customFilter dynamicFilter colorFilter iconFilter top10 sortState "
    "sortCondition"
)
_FILTERING = (
    "ref colId hiddenButton showButton blank calendarType val year month day hour minute second dateTimeGrouping and operator type maxVal dxfId "
    "cellColor iconSet iconId top percent filterVal caseSensitive columnSort sortMethod descending sortBy customList"
)
_COLOUR = "auto indexed rgb theme tint"
_REVISED = "mc:Ignorable xr:uid xr2:uid xr3:uid xr6:uid xr10:uid xml:space"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
WORKBOOK, WORKSHEET, TABLE = f"{_SHEET}sheet.main+xml", f"{_SHEET}worksheet+xml", f"{_SHEET}table+xml"
STYLES, STRINGS, CHAIN, NOTES = (f"{_SHEET}{kind}+xml" for kind in ("styles", "sharedStrings", "calcChain", "comments"))
THEME = "application/vnd.openxmlformats-officedocument.theme+xml"
SHAPES = "application/vnd.openxmlformats-officedocument.vmlDrawing"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
ABOUT = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
TYPES = "[Content_Types].xml"

# Content type → what a part of it may hold.
PARTS = {
    TYPES: _part("ct", "Types Default Override", "Extension ContentType PartName"),
    RELATIONS: _part("rel", "Relationships Relationship", "Id Type Target TargetMode"),
    WORKBOOK: _part(
        "m",
        "workbook fileVersion workbookPr workbookProtection bookViews workbookView sheets sheet definedNames definedName calcPr extLst ext "
        "mc:AlternateContent mc:Choice mc:Fallback x15ac:absPath xr:revisionPtr x15:workbookPr xcalcf:calcFeatures xcalcf:feature "
        "loext:extCalcPr",
        "appName lastEdited lowestEdited rupBuild codeName date1904 defaultThemeVersion filterPrivacy backupFile showObjects "
        "saveExternalLinkValues updateLinks hidePivotFieldList checkCompatibility autoCompressPictures showInkAnnotation lockStructure "
        "lockWindows workbookPassword workbookAlgorithmName workbookHashValue workbookSaltValue workbookSpinCount visibility minimized "
        "showHorizontalScroll showVerticalScroll showSheetTabs xWindow yWindow windowWidth windowHeight tabRatio firstSheet activeTab "
        "autoFilterDateGrouping name sheetId state r:id localSheetId hidden comment calcId calcMode fullCalcOnLoad refMode iterate "
        "iterateCount iterateDelta fullPrecision calcCompleted calcOnSave concurrentCalc concurrentManualCount forceFullCalc uri Requires url "
        "revIDLastSave documentId coauthVersionLast coauthVersionMax xr6:coauthVersionLast xr6:coauthVersionMax xr10:uidLastSave "
        f"stringRefSyntax chartTrackingRefBase {_REVISED}",
    ),
    WORKSHEET: _part(
        "m",
        "worksheet sheetPr tabColor outlinePr pageSetUpPr dimension sheetViews sheetView pane selection sheetFormatPr cols col sheetData row c "
        f"v f is t r rPr rPh phoneticPr {_TEXT} sheetCalcPr sheetProtection protectedRanges protectedRange {_FILTERS} mergeCells mergeCell "
        "conditionalFormatting cfRule formula colorScale dataBar iconSet cfvo dataValidations dataValidation formula1 formula2 hyperlinks "
        "hyperlink printOptions pageMargins pageSetup headerFooter oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter rowBreaks "
        "colBreaks brk ignoredErrors ignoredError legacyDrawing tableParts tablePart extLst ext",
        "codeName filterMode published enableFormatConditionsCalculation syncHorizontal syncVertical syncRef transitionEvaluation "
        "transitionEntry applyStyles summaryBelow summaryRight showOutlineSymbols autoPageBreaks fitToPage ref windowProtection showFormulas "
        "showGridLines showRowColHeaders showZeros rightToLeft tabSelected showRuler showWhiteSpace defaultGridColor view topLeftCell colorId "
        "zoomScale zoomScaleNormal zoomScaleSheetLayoutView zoomScalePageLayoutView workbookViewId xSplit ySplit activePane state pane "
        "activeCell activeCellId sqref baseColWidth defaultColWidth defaultRowHeight customHeight zeroHeight thickTop thickBottom "
        "outlineLevelRow outlineLevelCol min max width style hidden bestFit customWidth phonetic outlineLevel collapsed r spans s "
        "customFormat ht thickBot ph t si ca sb eb fontId alignment fullCalcOnLoad sheet objects scenarios formatCells formatColumns formatRows "
        "insertColumns insertRows insertHyperlinks deleteColumns deleteRows selectLockedCells sort autoFilter pivotTables selectUnlockedCells "
        f"password algorithmName hashValue saltValue spinCount name count pivot priority stopIfTrue aboveAverage bottom text timePeriod rank "
        "stdDev equalAverage minLength maxLength showValue reverse gte errorStyle imeMode allowBlank showDropDown showInputMessage "
        "showErrorMessage errorTitle error promptTitle prompt disablePrompts xWindow yWindow location display tooltip horizontalCentered "
        "verticalCentered headings gridLines gridLinesSet left right top header footer paperSize scale firstPageNumber fitToWidth fitToHeight "
        "pageOrder orientation usePrinterDefaults blackAndWhite draft cellComments useFirstPageNumber errors horizontalDpi verticalDpi copies "
        "paperHeight paperWidth paperUnits differentOddEven differentFirst scaleWithDoc alignWithMargins manualBreakCount id man pt evalError "
        "twoDigitTextYear numberStoredAsText formulaRange unlockedFormula emptyCellReference listDataValidation calculatedColumn r:id uri "
        f"x14ac:dyDescent {_FILTERING} {_COLOUR} {_REVISED}",
    ),
    TABLE: _part(
        "m",
        f"table {_FILTERS} tableColumns tableColumn calculatedColumnFormula totalsRowFormula tableStyleInfo",
        "id name displayName ref headerRowCount insertRow insertRowShift totalsRowCount totalsRowShown published headerRowDxfId dataDxfId "
        "totalsRowDxfId headerRowBorderDxfId tableBorderDxfId totalsRowBorderDxfId headerRowCellStyle dataCellStyle totalsRowCellStyle count "
        f"totalsRowFunction totalsRowLabel array showFirstColumn showLastColumn showRowStripes showColumnStripes {_FILTERING} {_REVISED}",
    ),
    STYLES: _part(
        "m",
        f"styleSheet numFmts numFmt fonts font {_TEXT} fills fill patternFill fgColor bgColor gradientFill stop borders border left right start "
        "end top bottom diagonal vertical horizontal cellStyleXfs cellXfs xf alignment protection cellStyles cellStyle dxfs dxf tableStyles "
        "tableStyle tableStyleElement colors indexedColors rgbColor mruColors extLst ext x14:slicerStyles x15:timelineStyles",
        "count x14ac:knownFonts numFmtId formatCode val patternType type degree left right top bottom position style diagonalUp diagonalDown "
        "outline fontId fillId borderId xfId quotePrefix pivotButton applyNumberFormat applyFont applyFill applyBorder applyAlignment "
        "applyProtection horizontal vertical textRotation wrapText indent relativeIndent justifyLastLine shrinkToFit readingOrder locked hidden "
        "name builtinId iLevel customBuiltin defaultTableStyle defaultPivotStyle defaultSlicerStyle defaultTimelineStyle pivot table size dxfId "
        f"uri {_COLOUR} {_REVISED}",
    ),
    STRINGS: _part("m", f"sst si t r rPr rPh phoneticPr {_TEXT}", f"count uniqueCount sb eb fontId type alignment val {_COLOUR} {_REVISED}"),
    CHAIN: _part("m", "calcChain c", "r i s l t a"),
    NOTES: _part(
        "m",
        f"comments authors author commentList comment text t r rPr rPh phoneticPr {_TEXT}",
        f"ref authorId shapeId guid val sb eb fontId type alignment {_COLOUR} {_REVISED}",
    ),
    SHAPES: _part(
        "v",
        "-:xml -:div o:shapelayout o:idmap shapetype shape stroke path fill shadow textbox x:ClientData x:MoveWithCells x:SizeWithCells "
        "x:Anchor x:AutoFill x:Row x:Column x:Visible x:Locked x:LockText x:TextHAlign x:TextVAlign",
        "v:ext data id coordsize o:spt path joinstyle gradientshapeok o:connecttype type style fillcolor strokecolor strokeweight o:insetmode "
        "color color2 on obscured ObjectType alt",
    ),
    THEME: _part(
        "a",
        "theme themeElements clrScheme dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink sysClr srgbClr fontScheme "
        "majorFont minorFont latin ea cs font fmtScheme fillStyleLst solidFill schemeClr gradFill gsLst gs tint shade satMod lumMod lumOff alpha "
        "lin path fillToRect lnStyleLst ln prstDash miter round noFill effectStyleLst effectStyle effectLst outerShdw scene3d camera rot lightRig "
        "sp3d bevelT bgFillStyleLst objectDefaults spDef lnDef txDef spPr bodyPr lstStyle style lnRef fillRef effectRef fontRef "
        "extraClrSchemeLst extLst ext thm15:themeFamily",
        "name val lastClr typeface panose script pos ang scaled path l t r b w h cap cmpd algn lim idx blurRad dist dir rotWithShape prst lat lon "
        "rev rig id uri vid thm15:id thm15:vid",
    ),
    CORE: _part(
        "cp",
        "coreProperties keywords category contentStatus contentType lastModifiedBy revision version lastPrinted dc:title dc:creator dc:subject "
        "dc:description dc:language dc:identifier dcterms:created dcterms:modified",
        "xsi:type",
    ),
    ABOUT: _part(
        "ep",
        "Properties Template TotalTime Application DocSecurity ScaleCrop HeadingPairs TitlesOfParts Manager Company LinksUpToDate SharedDoc "
        "HyperlinksChanged AppVersion vt:vector vt:variant vt:lpstr vt:i4",
        "size baseType",
    ),
}  # fmt: skip
_OFFICE_RELATION = f"{OFFICE}officeDocument/2006/relationships/"
# Kind of relation → the content type of the part that it leads to, inside the workbook.
LEADS_TO = {
    f"{_OFFICE_RELATION}officeDocument": WORKBOOK,
    f"{_OFFICE_RELATION}extended-properties": ABOUT,
    f"{OFFICE}package/2006/relationships/metadata/core-properties": CORE,
    f"{_OFFICE_RELATION}worksheet": WORKSHEET,
    f"{_OFFICE_RELATION}styles": STYLES,
    f"{_OFFICE_RELATION}theme": THEME,
    f"{_OFFICE_RELATION}sharedStrings": STRINGS,
    f"{_OFFICE_RELATION}calcChain": CHAIN,
    f"{_OFFICE_RELATION}comments": NOTES,
    f"{_OFFICE_RELATION}vmlDrawing": SHAPES,
    f"{_OFFICE_RELATION}table": TABLE,
}
_OF_SHEETS = ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula")
FORMULAS = {f"{SPACES['m']} {name}" for name in _OF_SHEETS}  # elements that hold one
VALUES = {"cfvo": "val", "hyperlink": "location"}  # and attributes
KINDS: dict[str, tuple[str, set[str | None]]] = {  # what only some values of may stand
    "f": ("t", {None, "normal", "array", "shared"}),
    "ClientData": ("ObjectType", {"Note"}),
}
TELLING = {  # elements that say something of the workbook as a whole, or of which values are asked
    f"{SPACES[space]} {name}": name
    for space, names in {
        "ct": "Default Override",
        "rel": "Relationship",
        "m": "sheet definedName table cfvo hyperlink f",
        "x": "ClientData",
    }.items()
    for name in names.split()
}
ALONE = {THEME, STYLES, CORE, ABOUT}  # parts that say nothing of others: the same ones stand in many workbooks
DRAWN = re.compile(r"[\w\s#.,:;\[\]-]*")  # a value in a note's shape: no address, nothing that is called


# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────

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


# ── a whole workbook ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Contents:
    """What a workbook of nothing but good parts holds."""

    sheets: frozenset[str]
    has_notes: bool


LARGEST = 100 * 2**20  # bytes, unzipped: a larger workbook is not looked at, and answered by its summary alone
REMEMBERED = 100_000  # bytes of a part that is remembered


class NotKnown(Exception):
    """Something is not on the list."""


def contents(data: bytes) -> Contents | None:
    """What stands in an .xlsx of which every part, relation, element, attribute and formula is on the list; None for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _contents(archive) if _is_its_parts(data, archive) else None
    except Exception:  # whatever cannot be looked at is not known
        return None


def _is_its_parts(data: bytes, archive: zipfile.ZipFile) -> bool:
    """Whether a zip is its parts, one after another, and their list: whoever reads from its front finds what whoever reads from its end does."""
    at, parts = 0, sorted(archive.infolist(), key=lambda part: part.header_offset)
    for part in parts:
        if part.header_offset != at or part.comment:
            return False
        at += 30 + sum(struct.unpack_from("<HH", data, at + 26)) + part.compress_size
        if part.flag_bits & 8:  # sizes again, behind the part
            at += 16 if data.startswith(b"PK\x07\x08", at) else 12
    ending, _, _, _, count, size, start, comment = struct.unpack("<4s4HIIH", data[-22:])
    return (ending, count, start, start + size, comment) == (b"PK\x05\x06", len(parts), at, len(data) - 22, 0)


@lru_cache(maxsize=64)
def is_good(content_type: str, xml: bytes) -> bool:
    """Whether a part holds nothing but what is on its list."""
    try:
        _Reader().read(content_type, xml)
    except (NotKnown, ExpatError):
        return False
    return True


def _contents(archive: zipfile.ZipFile) -> Contents:
    if sum(part.file_size for part in archive.infolist()) > LARGEST:
        raise NotKnown
    parts = {f"/{name.lower()}": name for name in archive.namelist()}
    if len(parts) != len(archive.namelist()) or not all(re.fullmatch(r"[\w./\[\]-]+", name, re.ASCII) for name in parts):
        raise NotKnown
    reader = _Reader()
    reader.read(TYPES, archive.read(TYPES))
    kinds = {path: reader.type_of(path) for path in parts if path != f"/{TYPES.lower()}"}
    relations: list[tuple[str, dict[str, str]]] = []
    for path, kind in kinds.items():
        xml = archive.read(parts[path])
        if kind in ALONE and len(xml) < REMEMBERED:
            if not is_good(kind, xml):
                raise NotKnown
            continue
        relations += [(path, relation) for relation in reader.read(kind, xml)]
    for path, relation in relations:
        source = dirname(dirname(path))  # of the part that the relations are of
        target = normpath(join(source, relation["Target"])).lower()
        if relation.get("TargetMode", "Internal") != "Internal" or kinds.get(target) != LEADS_TO.get(relation["Type"], ""):
            raise NotKnown
    if list(kinds.values()).count(WORKBOOK) != 1 or not all(map(reader.said.allow, reader.formulas)):
        raise NotKnown
    return Contents(frozenset(reader.sheets), NOTES in kinds.values())


# Most of a workbook's bytes are rows of plain values and plain strings: taken out whole, before what is left is parsed. Nothing between tags
# of these holds a tag, and there are no comments or sections that a tag could stand in, so what is left means what it meant.
_BEGINNING = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?(?: standalone=["'](?:yes|no)["'])?\s*\?>)?\s*<\w"""
)
_CELL = (
    rb'<c r="[A-Z]++[0-9]++"(?: s="[0-9]++")?+(?: t="[a-zA-Z]++")?+'
    rb'(?:>(?:<v>[^<>]*+</v>|<is><t(?: xml:space="preserve")?+>[^<>]*+</t></is>|<v ?/>)?+</c>|/>)'
)
_OF_ROW = rb"r|spans|s|ht|customFormat|customHeight|hidden|outlineLevel|collapsed|thickBot|x14ac:dyDescent"
_ROW = rb"<row(?: (?:" + _OF_ROW + rb')="[^"<>]*+")*+(?:/>|>(?:' + _CELL + rb")*+</row>)"
PLAIN = {
    WORKSHEET: re.compile(rb"(?:" + _ROW + rb"\s*+)++|(?:" + _CELL + rb")++"),
    STRINGS: re.compile(rb'(?:<si><t(?: xml:space="preserve")?+>[^<>]*+</t></si>)++'),
}


class _Reader:
    """Reads parts, and keeps what is to be asked when all are read."""

    def __init__(self) -> None:
        self.said = Names()
        self.sheets: set[str] = set()
        self.formulas: set[str] = set()
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}

    def type_of(self, path: str) -> str:
        return self.overrides.get(path) or self.defaults.get(path.rpartition(".")[2], "")

    def read(self, kind: str, xml: bytes) -> list[dict[str, str]]:
        """Raise NotKnown or ExpatError unless a part is good; gives its relations."""
        known, begun = PARTS.get(kind), _BEGINNING.match(xml)
        if known is None or begun is None or b"<!" in xml or b"<?" in xml[begun.end() :]:
            raise NotKnown
        relations: list[dict[str, str]] = []
        written: list[str] = []

        def start(element: str, attributes: dict[str, str]) -> None:
            if element not in known.elements or not attributes.keys() <= known.attributes:
                raise NotKnown
            if kind == SHAPES and not all(map(DRAWN.fullmatch, attributes.values())):
                raise NotKnown
            if element in FORMULAS:
                written.clear()
                parser.CharacterDataHandler = written.append
            if element in TELLING:
                self._take(element, attributes, relations)

        def end(element: str) -> None:
            if element in FORMULAS:
                parser.CharacterDataHandler = None
                self.formulas.add("".join(written))

        parser = ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.Parse(PLAIN[kind].sub(b"", xml) if kind in PLAIN else xml, True)
        return relations

    def _take(self, element: str, attributes: dict[str, str], relations: list[dict[str, str]]) -> None:
        """What an element says of the workbook as a whole, and what only some of its values may be."""
        name, known = TELLING[element], self.said
        if name == "Default":
            self.defaults[attributes["Extension"].lower()] = attributes["ContentType"]
        elif name == "Override":
            self.overrides[attributes["PartName"].lower()] = attributes["ContentType"]
        elif name == "Relationship":
            relations.append(attributes)
        elif name == "sheet":
            self.sheets.add(attributes["name"])
            known.sheets.add(attributes["name"].lower())
        elif name == "definedName":
            known.names.add(attributes["name"].lower())
        elif name == "table":
            known.tables |= {attributes[n].lower() for n in ("name", "displayName") if n in attributes}
        elif name in VALUES:
            self.formulas.add(attributes.get(VALUES[name], ""))
        elif attributes.get(KINDS[name][0]) not in KINDS[name][1]:
            raise NotKnown
