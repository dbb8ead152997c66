"""What a published file holds, as tables of PostgreSQL: their shape, their words, their keys, their rows as a stream.

Whatever stands in the file's schemas is copied, views as tables; nothing is listed by hand. What does not belong here: who may see which row
(postgresql_rights.py), and when the copy takes the place of the last (postgresql_swap.py).
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyarrow import compute, csv

from pipeline.warehouse.door import Published

NEW = "__new"  # behind the name of a schema that nobody sees yet
MARK = "Kho dữ liệu nhân sự / Personnel warehouse: each copy makes this schema anew; what others put here stands in its way."  # of each of ours
NUMBER = "committee_no"  # the column of the copy that says whose a row is
BATCH = 20_000  # rows: some megabytes of text at a time
PLAIN = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "UTINYINT": "smallint",
    "SMALLINT": "smallint",
    "USMALLINT": "integer",
    "INTEGER": "integer",
    "UINTEGER": "bigint",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "FLOAT": "real",
    "DATE": "date",
    "VARCHAR": "text",
}
AS_TEXT = {  # written as DuckDB writes them, so that no digit is lost on the way
    "UBIGINT": "numeric(20)",
    "HUGEINT": "numeric(39)",
    "UHUGEINT": "numeric(39)",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "UUID": "uuid",
    "JSON": "json",
}
# An expression of a grain that an index of PostgreSQL can hold; of any other the models' own test of the grain has to do.
INDEXED = re.compile(r"\Acoalesce\(\w+, ('[^']*'|\d+)\)\Z")
BY_BYTES = ' COLLATE "C"'  # keys have no order in any language, and are compared thrice as fast
NUMBER_SAYS = (
    "Số của cấp ủy được xem dòng này, chỉ trong bản sao này; 0: chỉ ban tổ chức, số lẻ: dòng riêng của cấp ủy / "
    "Number of the committee that sees the row, in this copy alone; 0: the department alone, odd: the committee alone"
)


class NoSuchType(Exception):
    """A column whose type has no equal in PostgreSQL. The words name it."""


@dataclass(frozen=True)
class Column:
    """A column of the published file."""

    name: str
    type: str
    says: str

    @property
    def sql_type(self) -> str:
        """The type in PostgreSQL; none where there is no equal."""
        if self.type.startswith("DECIMAL"):
            return self.type.replace("DECIMAL", "numeric")
        if self.type.startswith("ENUM"):
            return "text"
        return PLAIN.get(self.type) or AS_TEXT.get(self.type, "")

    @property
    def shown(self) -> str:
        """The column as it is asked of DuckDB."""
        name = quoted(self.name)
        return f"t.{name}" if self.type in PLAIN else f"CAST(t.{name} AS VARCHAR) AS {name}"


@dataclass(frozen=True)
class Table:
    """A table or view of the published file."""

    schema: str
    name: str
    says: str
    columns: tuple[Column, ...]
    grain: tuple[str, ...] = ()  # what one row is: columns, or expressions of them
    for_everybody: bool = False
    number: str | None = None  # the column of the copy that says whose a row is

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(c.name for c in self.columns)

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def in_duckdb(self) -> str:
        return f"published.{quoted(self.schema)}.{quoted(self.name)}"

    def at(self, suffix: str) -> str:
        """The table of PostgreSQL, in its schema with a suffix."""
        return f"{quoted(self.schema + suffix)}.{quoted(self.name)}"


def quoted(name: str) -> str:
    """A name as it stands in SQL.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as it stands in SQL."""
    return "'" + text.replace("'", "''") + "'"


def tables(published: Published) -> list[Table]:
    """Every table and view of the published file, in order."""
    grains, open_to_all = published.note.get("grains", {}), published.note.get("for_everybody", [])
    words: dict[tuple[str, str], str] = {}
    for kind in ("table", "view"):
        found = published.db.execute(
            f"SELECT schema_name, {kind}_name, coalesce(comment, '') FROM duckdb_{kind}s() WHERE database_name = 'published' AND NOT internal"
        )
        words |= {(schema, name): says for schema, name, says in found.fetchall()}
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, name, column, kind, says in published.db.execute(
        """SELECT schema_name, table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
           WHERE database_name = 'published' AND NOT internal ORDER BY schema_name, table_name, column_index"""
    ).fetchall():
        columns.setdefault((schema, name), []).append(Column(column, kind, says))
    return [
        Table(
            schema,
            name,
            says,
            tuple(columns[schema, name]),
            tuple(grains.get(f"{schema}.{name}", ())),
            f"{schema}.{name}" in open_to_all,
        )
        for (schema, name), says in sorted(words.items())
    ]


def shape(table: Table, suffix: str) -> str:
    """SQL that makes a table, without keys. Raises NoSuchType."""
    if unknown := next((c for c in table.columns if not c.sql_type), None):
        raise NoSuchType(f"column {table}.{unknown.name} is {unknown.type}, for which the copy knows no type of PostgreSQL")
    columns = [
        f"{quoted(c.name)} {c.sql_type}{BY_BYTES if c.name.endswith('_key') and c.sql_type == 'text' else ''}" for c in table.columns
    ]
    return f"CREATE TABLE {table.at(suffix)} ({', '.join([*columns, *(f'{quoted(n)} integer NOT NULL' for n in _led(table))])})"


def words(table: Table, suffix: str) -> list[str]:
    """SQL for the comments."""
    said = [(c.name, c.says) for c in table.columns if c.says] + [(n, NUMBER_SAYS) for n in _led(table)]
    on_columns = [f"COMMENT ON COLUMN {table.at(suffix)}.{quoted(name)} IS {literal(says)}" for name, says in said]
    return [*([f"COMMENT ON TABLE {table.at(suffix)} IS {literal(table.says)}"] if table.says else []), *on_columns]


def keys(table: Table, suffix: str) -> list[str]:
    """SQL for the primary key and the index of a filled table.

    Where rows are somebody's, every index begins with whose they are: one that does not would count other people's rows for whoever asks EXPLAIN
    ANALYZE, and say whether a key exists.
    """
    at, led, made = table.at(suffix), _led(table), []
    if table.grain:
        parts = [*map(quoted, led), *(quoted(part) if part in table.names else f"({part})" for part in table.grain)]
        if all(part in table.names for part in table.grain):
            made.append(f"ALTER TABLE {at} ADD PRIMARY KEY ({', '.join(parts)})")
        elif all(part in table.names or INDEXED.match(part) for part in table.grain):  # a blank cannot stand in a primary key
            name = quoted(f"{table.name}_grain")
            made.append(f"CREATE UNIQUE INDEX {name} ON {at} ({', '.join(parts)})")
            expressions = [n for n, part in enumerate(parts, 1) if part.startswith("(")]  # of which values are kept as of columns (`guard`)
            made += [f"ALTER INDEX {quoted(table.schema + suffix)}.{name} ALTER COLUMN {n} SET STATISTICS 0" for n in expressions]
    if led and not made:
        made.append(f"CREATE INDEX ON {at} ({quoted(*led)})")
    return made


def _led(table: Table) -> list[str]:
    return [table.number] if table.number else []


def stream(published: Published, query: str) -> Iterator[tuple[bytes, int, int]]:
    """A query's rows as CSV, some thousands at a time, as COPY reads it, where what is blank and not quoted is NULL; how many, and how many of them
    the department sees."""
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in published.db.execute(query).to_arrow_reader(BATCH):
        sink = io.BytesIO()
        csv.write_csv(batch, sink, options)
        numbers = batch.column(batch.num_columns - 1) if batch.schema.names[-1] == NUMBER else None
        odd = compute.sum(compute.bit_wise_and(numbers, 1)).as_py() if numbers is not None and batch.num_rows else 0
        yield sink.getvalue(), batch.num_rows, batch.num_rows - odd
