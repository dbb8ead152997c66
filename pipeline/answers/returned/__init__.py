"""The workbook that a unit gets back: its own cells where they stood, faults marked, our sheets behind."""
