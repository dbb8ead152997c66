"""Forms that offices have: what their columns may mean is proposed as a workbook, which the city corrects and confirms."""
