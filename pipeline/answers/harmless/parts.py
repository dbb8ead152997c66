"""The parts of an .xlsx that are known to be good: by their content type and the relation that leads to them, with the elements and attributes
that they may hold, by their qualified names as an XML parser gives them. Nothing here knows what is bad.

What does not belong here: what formulas are made of (formulas.py), and holding a workbook against this (workbook.py).
"""

import re
from dataclasses import dataclass

OFFICE = "http://schemas.openxmlformats.org/"
MICROSOFT = "http://schemas.microsoft.com/office/"
SPACES = {
    "a": f"{OFFICE}drawingml/2006/main",
    "cp": f"{OFFICE}package/2006/metadata/core-properties",
    "cup": f"{OFFICE}officeDocument/2006/custom-properties",
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
CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
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
        "appName lastEdited lowestEdited rupBuild codeName date1904 dateCompatibility defaultThemeVersion filterPrivacy backupFile showObjects "
        "saveExternalLinkValues updateLinks hidePivotFieldList checkCompatibility autoCompressPictures showInkAnnotation lockStructure "
        "lockWindows workbookPassword workbookAlgorithmName workbookHashValue workbookSaltValue workbookSpinCount visibility minimized "
        "showHorizontalScroll showVerticalScroll showSheetTabs xWindow yWindow windowWidth windowHeight tabRatio firstSheet activeTab "
        "autoFilterDateGrouping name sheetId state r:id localSheetId hidden comment calcId calcMode fullCalcOnLoad refMode iterate "
        "iterateCount iterateDelta fullPrecision calcCompleted calcOnSave concurrentCalc concurrentManualCount forceFullCalc uri Requires url "
        "revIDLastSave documentId coauthVersionLast coauthVersionMax xr6:coauthVersionLast xr6:coauthVersionMax xr10:uidLastSave "
        f"stringRefSyntax chartTrackingRefBase function vbProcedure {_REVISED}",
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
        "customFormat ht thickBot ph t si aca ca sb eb fontId alignment fullCalcOnLoad sheet objects scenarios formatCells formatColumns formatRows "
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
    CUSTOM: _part("cup", "Properties", ""),  # LibreOffice 7 writes it with none in it
}  # fmt: skip
_OFFICE_RELATION = f"{OFFICE}officeDocument/2006/relationships/"
# Kind of relation → the content type of the part that it leads to, inside the workbook.
LEADS_TO = {
    f"{_OFFICE_RELATION}officeDocument": WORKBOOK,
    f"{_OFFICE_RELATION}extended-properties": ABOUT,
    f"{_OFFICE_RELATION}custom-properties": CUSTOM,
    f"{OFFICE}package/2006/relationships/metadata/core-properties": CORE,
    f"{OFFICE}officedocument/2006/relationships/metadata/core-properties": CORE,  # as LibreOffice 7.4 writes it
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
KINDS: dict[str, dict[str, set[str | None]]] = {  # what only some values of may stand
    "f": {"t": {None, "normal", "array", "shared"}},
    "ClientData": {"ObjectType": {"Note"}},
    "definedName": {"function": {None, "false", "0"}, "vbProcedure": {None, "false", "0"}},
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
ALONE = {THEME, STYLES, CORE, ABOUT, CUSTOM}  # parts that say nothing of others: the same ones stand in many workbooks
DRAWN = re.compile(r"[\w\s#.,:;\[\]-]*")  # a value in a note's shape: no address, nothing that is called
