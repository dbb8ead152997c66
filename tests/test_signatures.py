"""Who signs below a list is nobody of it, whatever word of a code list stands there."""

import pytest

from pipeline.intake.classifier import Classifier
from pipeline.intake.persons import may_be_person
from pipeline.intake.rows import RowClass, filled

POSTS = frozenset({"bi thu", "pho bi thu", "giam doc"})
NAME, POST = 1, 3


def kind(row: list[str | None]) -> RowClass:
    return Classifier(width=5, anchors=(2,), numbers=frozenset({0}), known=frozenset({1, 2, 3}), words={POST: POSTS}).kind(row)


@pytest.mark.parametrize(
    "row",
    [
        [None, "NGƯỜI LẬP BIỂU", None, "BÍ THƯ"],
        [None, "Người lập bảng", None, "Phó Bí thư"],
        [None, None, "T/M ĐẢNG ỦY", "BÍ THƯ"],
        ["Nơi nhận:", "NGƯỜI LẬP", "KT. BÍ THƯ", "PHÓ BÍ THƯ", "THỦ TRƯỞNG ĐƠN VỊ"],
    ],
)
def test_a_line_of_signers_is_a_signature_though_one_is_called_by_his_post(row: list[str | None]) -> None:
    assert kind(row) is RowClass.SIGNATURE
    assert not may_be_person(RowClass.SIGNATURE, filled(row), frozenset({NAME}), frozenset({0}), {POST: POSTS})


@pytest.mark.parametrize("row", [[None, "Nguyễn Văn An", None, "Bí thư"], [None, None, None, "Bí thư"], [None, "Giám đốc", None, "Bí thư"]])
def test_whoever_only_has_a_post_is_still_a_detail(row: list[str | None]) -> None:
    assert kind(row) is RowClass.DETAIL


def test_a_name_beside_a_post_below_the_signature_is_told() -> None:
    row = [None, "Nguyễn Văn An", None, "Bí thư"]
    assert may_be_person(RowClass.SIGNATURE, filled(row), frozenset({NAME}), frozenset({0}), {POST: POSTS})


def test_where_signers_sign_is_a_signature_beside_a_post_and_so_are_their_names() -> None:
    judge = Classifier(width=5, anchors=(2,), numbers=frozenset({0}), known=frozenset({1, 2, 3}), words={POST: POSTS})
    below = [
        ["NGƯỜI LẬP BIỂU", None, None, "T/M ĐẢNG ỦY"],
        ["(Ký, ghi rõ họ tên)", None, None, "BÍ THƯ"],
        ["Trần Thị Ba", None, None, "Lê Văn Tám"],
    ]
    assert [judge.kind(row) for row in below] == [RowClass.SIGNATURE] * 3
    assert judge.kind(["9", "Nguyễn Văn An", "092080000009", "Bí thư"]) is RowClass.DETAIL  # a number is somebody's, wherever it stands


def test_a_remark_on_signing_is_nobodys_signature_before_anybody_signs() -> None:
    assert kind([None, "Nguyễn Văn An", None, "Bí thư", "Đã ký"]) is RowClass.DETAIL
