"""The set of datasets. What does not belong here: anything about one of them."""

import pandera.polars as pa

from pipeline.schemas.discipline import DISCIPLINE
from pipeline.schemas.personnel import PERSONNEL
from pipeline.schemas.ratings import RATINGS
from pipeline.schemas.rotation import ROTATION
from pipeline.schemas.training import TRAINING

SCHEMAS: dict[str, pa.DataFrameSchema] = {s.name: s for s in (PERSONNEL, RATINGS, ROTATION, TRAINING, DISCIPLINE)}
