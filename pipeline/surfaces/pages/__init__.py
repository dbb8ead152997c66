"""Static pages of a published version: what the city's figures are, who has sent what, and where each figure comes from; for everybody, without SQL.

Made twice: the department's own lie beside the version's database (`versions/<version>/pages`), public ones leave with a public export and hold its
figures alone. What does not belong here: deciding what may leave (surfaces/public.py), and reports that are signed (documents, not pages).
"""

from pipeline.surfaces.pages.figures import NoMetrics, public
from pipeline.surfaces.pages.written import FOLDER, write, write_pages

__all__ = ["FOLDER", "NoMetrics", "public", "write", "write_pages"]
