"""What a roster says of its people besides what is read of it, and of their pay: words of headers, as data.

A payroll says of pay as well, but not who is a member, who came when, who learnt what: so pay is left unread in a roster, and makes no list one.
What does not belong here: columns that are read (schemas), and whether a list is a roster (header_search, untitled).
"""

import re
from collections.abc import Collection, Iterable

from pipeline.codes import fold
from pipeline.intake.rows import plain

OF_MEMBERSHIP = ("party_joined_on", "party_official_on", "member_status_code", "staff_kind_code", "service_joined_on", "spell_from")
OF_WORK = ("post_code", "education_code", "political_theory_code")
OF_A_CAREER = frozenset((*OF_MEMBERSHIP, *OF_WORK, "committee_level_code"))  # of which no payroll says anything but a post
OF_A_ROSTER = OF_A_CAREER | {"identity_number", "party_card_number", "staff_number", "ethnicity_code"}
# Folded, the whole of a header: what a roster says of its people besides, and no payroll, no list of voters and no list for one occasion does alone.
SAID_BESIDES = re.compile(
    r"que quan|que|nguyen quan|noi sinh|noi o(?: hien nay)?|noi cu tru|cho o(?: hien nay)?|dia chi(?: thuong tru)?|(?:noi |ho khau )?thuong tru|ho khau|ton giao"
    r"|(?:trinh do )?(?:van hoa|hoc van|pho thong)|giao duc pho thong|(?:trinh do |boi duong )?(?:qlnn|quan ly nha nuoc)|(?:trinh do )?(?:tin hoc|ngoai ngu)"
    r"|nganh(?: dao tao| hoc)?|chuyen nganh|ngay cap(?: cccd| can cuoc| the)?|noi cap|ngay bo nhiem(?: chuc vu)?|(?:ma )?so (?:bhxh|so bhxh)"
    r"|(?:so )?(?:dien thoai|dt)|sdt|di dong|email|thu dien tu|ghi chu|ghi chu khac|tuoi(?: doi)?|nam|nu|dv|dang vien|(?:dang vien |dv )?(?:du bi|db)"
    r"|(?:dv )?chinh thuc du bi|(?:nguoi )?dtts|(?:nguoi )?dan toc (?:thieu so|it nguoi)|can bo cong chuc(?: vien chuc)?|dien"
    r"|(?:ma |ma so )?(?:ngach|cdnn)(?: cong chuc| vien chuc)?|(?:ho va ten |ho ten )?vo chong"
    r"|(?:trong )?dang|chinh quyen|cq|doan the"  # below a group of posts
    r"|chuc vu dang chinh quyen doan the"  # no header of ours: “đoàn thể” above a post would add nothing then
    r"|(?:cv|chuyen vien)(?: cao cap| chinh)?|cvcc|cvc"  # below one of ranks, and of degrees
    r"|sau dai hoc|tren dai hoc|sdh|sau dh|dai hoc|dh|cao dang|cd|trung cap|tc|so cap|sc|thac si|ths|tien si|ts|cao cap(?: cu nhan)?|cc(?: cn)?"
    r"|can bo|cong chuc|vien chuc"  # to be marked
)
OF_PAY = re.compile(r"(?:he so|hs)(?: luong)?|hsl|bac(?: luong)?|luong(?: hien huong| hien tai)?")
DAYS_OF_PAY = re.compile(r"ngay huong|(?:thoi diem|ngay|moc) (?:nang|xep|huong)(?: bac)? luong(?: lan sau| hien tai| gan nhat)?")
OF_A_CHANGE = re.compile(
    r"\b(?:cũ|mới|trước khi|sau khi|đề nghị|dự kiến|được nâng|nâng lên|đến hạn|chênh lệch)\b"
)  # as written: “cư trú” is no change
YEARS_IN_THE_PARTY = re.compile(r"tuoi dang")


def says_pay(texts: Iterable[str]) -> bool:
    """Does any of these headers say what somebody earns?"""
    return any(OF_PAY.fullmatch(fold(text)) for text in texts)


def are_besides(left: Collection[str], header: Collection[str]) -> bool:
    """Are all columns of which nothing is read (`left`) what rosters say besides, their people's pay as it is among them? Pay that is to change is
    what another list is about, and a day of pay beside no pay may be of anything.

    >>> are_besides(["Quê quán", "Hệ số lương", "Ngày hưởng"], []), are_besides(["Ngày hưởng"], []), are_besides(["Thực lĩnh"], [])
    (True, False, False)
    >>> are_besides(["Hệ số", "Hệ số"], []), are_besides(["Hệ số"], ["Lương mới", "Hệ số"])
    (False, False)
    """
    texts = [*map(fold, left)]
    pay = [text for text in texts if OF_PAY.fullmatch(text) or DAYS_OF_PAY.fullmatch(text)]
    if pay and (len({*pay}) < len(pay) or not says_pay(pay) or any(OF_A_CHANGE.search(plain(text)) for text in header)):
        return False
    return all(text in pay or SAID_BESIDES.fullmatch(text) or YEARS_IN_THE_PARTY.fullmatch(text) for text in texts)
