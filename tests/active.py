"""What could run or lead outside in a workbook, by a grammar of its own: pipeline.answers.harmless is what it is held against, so nothing of it is used.

An allow-list again, by other means: the zip's bytes as they lie there, trees instead of events, openpyxl's tokens for formulas.
"""

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from openpyxl.formula import Tokenizer
from openpyxl.utils import FORMULAE

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ID = f"{LINK}id"
RELATIONS = {
    "officeDocument", "extended-properties", "core-properties", "worksheet", "styles", "theme", "sharedStrings", "calcChain", "comments",
    "vmlDrawing", "table",
}  # fmt: skip
TYPES = re.compile(
    r"application/(xml|vnd\.openxmlformats-(officedocument\.(spreadsheetml\.(sheet\.main|worksheet|styles|sharedStrings|calcChain|comments|table)"
    r"\+xml|theme\+xml|vmlDrawing|extended-properties\+xml)|package\.(relationships|core-properties)\+xml))"
)
# What may stand right below a sheet's and a workbook's root.
OF_SHEET = set(
    [
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "cols",
        "sheetData",
        "sheetCalcPr",
        "sheetProtection",
        "protectedRanges",
        "autoFilter",
        "sortState",
        "mergeCells",
        "phoneticPr",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "ignoredErrors",
        "legacyDrawing",
        "tableParts",
        "extLst",
    ]
)
OF_BOOK = set(
    [
        "fileVersion",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "definedNames",
        "calcPr",
        "extLst",
        "AlternateContent",
        "revisionPtr",
    ]
)
ALLOWED = {"worksheet": OF_SHEET, "workbook": OF_BOOK, "table": set(["autoFilter", "sortState", "tableColumns", "tableStyleInfo"])}
ROOTS = {
    *ALLOWED,
    *["Types", "Relationships", "styleSheet", "sst", "calcChain", "comments", "theme", "coreProperties", "Properties", "xml"],
}
# Elements that lead somewhere or run, wherever they stand.
BAD = re.compile(
    r"(?i)oleObjects?|oleLink|ddeLink|controls?|externalReferences?|external(Link|Book)|blip|pict|picture|drawing|drawingHF|legacyDrawingHF|"
    r"webPr|webPublish.*|queryTable.*|connections?|dbPr|customUI|hlinkClick|script|object|imagedata|image|f(ill)?:href|smartTag.*|pivot.*Definition|slicer|"
    r"dataConsolidate|customSheetViews?|customWorkbookViews?|functionGroups?|fileSharing|userInterface|macro.*|dialogsheet|sparkline.*|cellWatches?"
)
FORMULAS = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
NEWER = set(
    [
        "AGGREGATE",
        "CEILING.MATH",
        "CONCAT",
        "DAYS",
        "FLOOR.MATH",
        "IFNA",
        "IFS",
        "ISFORMULA",
        "ISOWEEKNUM",
        "MAXIFS",
        "MINIFS",
        "NETWORKDAYS.INTL",
        "NUMBERVALUE",
        "PERCENTILE.INC",
        "QUARTILE.INC",
        "RANK.AVG",
        "RANK.EQ",
        "STDEV.P",
        "STDEV.S",
        "SWITCH",
        "TEXTJOIN",
        "UNICHAR",
        "UNICODE",
        "VAR.P",
        "VAR.S",
        "WORKDAY.INTL",
        "XLOOKUP",
        "XMATCH",
        "XOR",
    ]
)
# Excel's functions that ask for something which is not in the workbook, or whose argument may be the name of such a thing.
OUTWARD = re.compile(r"HYPERLINK|INDIRECT|CALL|REGISTER.*|RTD|EVALUATE|SQL\.REQUEST|CUBE.*|GETPIVOTDATA|INFO|CELL|EUROCONVERT|DDE.*|EXEC")
ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]{1,9}://|\\\\\w|(?:javascript|vbscript|file|mailto|mhtml|data|ms-\w+):\S")
SPOKEN = {
    "v",
    "t",
    "oddHeader",
    "oddFooter",
    "evenHeader",
    "evenFooter",
    "firstHeader",
    "firstFooter",
    "author",
}  # plain text, which does nothing
SAID = {
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "display",
    "tooltip",
    "name",
    "totalsRowLabel",
    "text",
    "val",
    "displayName",
    "url",
    "uri",
}


def problems(data: bytes) -> list[str]:
    """What is in a workbook beyond what may be; empty where it may be passed on."""
    try:
        return list(_problems(data))
    except (ElementTree.ParseError, zipfile.BadZipFile, UnicodeDecodeError, KeyError) as error:
        return [f"cannot be looked at: {type(error).__name__}"]


def _problems(data: bytes) -> Iterator[str]:
    yield from _bytes_of_no_part(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if len({name.lower() for name in names}) < len(names):
            yield "two parts of one name"
        trees = {}
        for name in names:
            text = archive.read(name)
            if b"<!" in text or re.search(rb"<\?(?!xml )", text):
                yield f"{name}: a declaration"
            trees[name] = ElementTree.fromstring(text.decode("utf-8-sig"))
    own = _Own(trees)
    for name, tree in trees.items():
        root = _local(tree)
        if root not in ROOTS:
            yield f"{name}: {root}"
        if root in ALLOWED:
            yield from (f"{name}: {_local(child)}" for child in tree if _local(child) not in ALLOWED[root])
        for element in tree.iter():
            yield from (f"{name}: {said}" for said in _element(name, element, own, names))


class _Own:
    """What the workbook calls its own."""

    def __init__(self, trees: dict[str, ElementTree.Element]):
        everything = [element for tree in trees.values() for element in tree.iter()]
        self.sheets = {e.get("name", "").lower() for e in everything if e.tag == f"{MAIN}sheet"}
        self.names = {e.get("name", "").lower() for e in everything if e.tag == f"{MAIN}definedName"} | {"true", "false"}
        self.tables = {e.get(n, "").lower() for e in everything if e.tag == f"{MAIN}table" for n in ("name", "displayName")}


def _element(part: str, element: ElementTree.Element, own: _Own, parts: list[str]) -> Iterator[str]:
    name = _local(element)
    if BAD.fullmatch(name):
        yield name
    if name == "Relationship":
        yield from _relation(part, element, parts)
    elif name in ("Default", "Override") and not TYPES.fullmatch(element.get("ContentType", "")):
        yield f"{name} {element.get('ContentType')}"
    if any(key.startswith(LINK) for key in element.attrib) and name not in ("sheet", "tablePart", "legacyDrawing"):
        yield f"{name} leads to a part"
    if name == "definedName" and {"function", "xlm", "vbProcedure", "macro"} & element.attrib.keys():
        yield "a name that runs"
    if name == "f" and element.get("t", "normal") not in ("normal", "array", "shared"):
        yield f"a formula of kind {element.get('t')}"
    asked = [element.text or ""] if name in FORMULAS else []
    asked += [element.get("location", "")] if name == "hyperlink" else [element.get("val", "")] if name == "cfvo" else []
    for text in asked:
        yield from (f"{name}: {bad}" for bad in _formula(text, own))
    if name not in SPOKEN and name not in FORMULAS and not element.tag.startswith(("{http://purl.org", "{urn:")) and name != "Relationship":
        spoken = [element.text or "", *(v for k, v in element.attrib.items() if k not in SAID and not k.endswith(("}uid", "Type")))]
        if root_is_about(element):
            return
        yield from (f"{name} speaks of an address" for text in spoken if ADDRESS.search(text))
    if element.tag.startswith("{urn:"):
        yield from (
            f"{name} {key} in a shape" for key, v in element.attrib.items() if _last(key) in ("href", "src", "hidden") or ADDRESS.search(v)
        )


def root_is_about(element: ElementTree.Element) -> bool:
    """Properties of the document are words."""
    return "extended-properties" in element.tag or "core-properties" in element.tag or "docPropsVTypes" in element.tag


def _relation(part: str, element: ElementTree.Element, parts: list[str]) -> Iterator[str]:
    kind, target = element.get("Type", "").rpartition("/")[2], element.get("Target", "")
    if kind not in RELATIONS or element.get("TargetMode", "Internal") != "Internal":
        yield f"a relation {kind} to {element.get('TargetMode', 'Internal')}"
    folder = dirname(dirname(part))
    where = normpath(join("/", folder, target)).lstrip("/").lower()
    if where not in {name.lower() for name in parts}:
        yield "a relation to no part"


def _formula(text: str, own: _Own) -> Iterator[str]:
    """
    >>> own = _Own({})
    >>> list(_formula("SUM(A1:A9)&B2", own)), list(_formula("[1]S!A1", own)), list(_formula("webservice(A1)", own))
    ([], ['reference [1]S!A1'], ['function WEBSERVICE'])
    """
    if not text.strip():
        return
    try:
        tokens = Tokenizer("=" + text.removeprefix("=")).items
    except Exception as error:
        yield f"no formula: {type(error).__name__}"
        return
    for token in tokens:
        if token.type == "FUNC" and token.subtype == "OPEN":
            called = token.value[:-1].strip().upper().removeprefix("_XLFN.")
            if called not in NEWER and (called not in FORMULAE or OUTWARD.fullmatch(called)):
                yield f"function {called}"
        elif token.type == "OPERAND" and token.subtype == "RANGE" and not _is_own(token.value.strip(), own):
            yield f"reference {token.value}"


CELLS = re.compile(r"\$?[A-Za-z]{1,3}\$?\d+(:\$?[A-Za-z]{1,3}\$?\d+)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+|#REF!")


def _is_own(reference: str, own: _Own) -> bool:
    sheet, mark, cells = reference.rpartition("!") if not reference.endswith("#REF!") else reference[:-5].rpartition("!")
    cells = cells or "#REF!"
    if mark:
        named = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        if named.lower() not in own.sheets and not all(one in own.sheets for one in named.lower().split(":")):
            return False
    table = cells.partition("[")[0]
    return bool(CELLS.fullmatch(cells)) or cells.lower() in own.names or (table != cells and table.lower() in own.tables)


def _bytes_of_no_part(data: bytes) -> Iterator[str]:
    """A zip is its parts, one after another, and their list: whoever reads from the front finds what whoever reads from the back does."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = 0
        for part in sorted(archive.infolist(), key=lambda p: p.header_offset):
            if part.header_offset != at:
                yield f"bytes before {part.filename}"
            name, extra = struct.unpack_from("<HH", data, part.header_offset + 26)
            at = part.header_offset + 30 + name + extra + part.compress_size
            if part.flag_bits & 8:
                at += 16 if data[at : at + 4] == b"PK\x07\x08" else 12
        if archive.start_dir != at:
            yield "bytes before the list of parts"
        if archive.comment or data.rfind(b"PK\x05\x06") + 22 != len(data):
            yield "bytes behind the list of parts"


def _local(element: ElementTree.Element) -> str:
    return _last(element.tag)


def _last(name: str) -> str:
    return name.rpartition("}")[2]
