"""What units get back: receipts, their own workbook marked, templates, proposals."""
