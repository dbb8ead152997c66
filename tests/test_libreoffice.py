"""Files that LibreOffice wrote are read back as they were meant, in every format that it writes."""

from pathlib import Path

import pytest
from libreoffice import FORMATS, SOFFICE, WRITTEN, Written, written
from quality import compare, judged

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Written]]:
    return written(tmp_path_factory.mktemp("office"))


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("extension", FORMATS)
def test_what_libreoffice_wrote_is_read_cell_by_cell(extension: str, kind: str, files: dict[str, list[Written]], tmp_path: Path) -> None:
    ours = [file for file in files[extension] if file.kind == kind]
    assert ours
    for file in ours:
        outcome = compare(file.expected, judged(file.name, file.data, tmp_path))
        assert outcome.is_right, (file.name, outcome)
