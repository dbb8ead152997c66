"""Official reports of a unit and a year as files that could be signed: a workbook, a text, a PDF.

`makers.py` is what is asked of this room. A report is built once (`build.py`) as what it holds (`document.py`), and each writer draws that: `xlsx.py`,
`docx.py`, `pdf.py`. What a kind of report holds is `kinds.yml`; how a document must look by whose rules and when, `instructions.yml`.

What does not belong here: counting. Every figure is a published report's or a metric's (`figures.py`).
"""
