"""Rules on a whole file or submission, and the sentences that the unit reads. What does not belong here: rules on a row."""

from typing import NamedTuple


class FileRule(NamedTuple):
    refuses: bool
    severity: str
    says_vi: str
    says_en: str


def _refusal(says_vi: str, says_en: str) -> FileRule:
    return FileRule(True, "ERROR", says_vi, says_en)


def _notice(severity: str, says_vi: str, says_en: str) -> FileRule:
    return FileRule(False, severity, says_vi, says_en)


FILE_RULES: dict[str, FileRule] = {
    "file_in_unit_folder": _refusal(
        "Tệp phải nằm trong thư mục <kỳ>/<mã đơn vị>/, ví dụ 2021/Q01.001/.",
        "A file lies in <period>/<unit code>/, like 2021/Q01.001/.",
    ),
    "file_not_empty": _refusal("Tệp không được rỗng.", "A file must not be empty."),
    "file_not_protected": _refusal("Tệp không được đặt mật khẩu; hãy gỡ mật khẩu rồi gửi lại.", "A file must carry no password."),
    "file_readable": _refusal(
        "Tệp phải nguyên vẹn và mở được bằng Excel hoặc LibreOffice (XLSX, XLSM, XLS, XLSB, ODS, CSV, TSV); hãy mở tệp, lưu lại thành XLSX.",
        "A file must be whole and open in Excel or LibreOffice: XLSX, XLSM, XLS, XLSB, ODS, CSV or TSV.",
    ),
    "file_not_document": _refusal(
        "Tệp phải là bảng tính, không phải PDF, Word, PowerPoint hay thư; hãy gửi chính bảng tính đã dùng để lập báo cáo.",
        "A file must be a spreadsheet, not a PDF, Word, PowerPoint or mail file.",
    ),
    "file_not_picture": _refusal(
        "Tệp phải là bảng tính, không phải ảnh chụp hay bản quét; hãy gửi chính bảng tính đã in ra.",
        "A file must be a spreadsheet, not a picture or a scan.",
    ),
    "file_not_archive": _refusal(
        "Bảng tính phải được gửi riêng từng tệp, không nén (ZIP, RAR, 7Z, GZ).", "A spreadsheet must be sent by itself, not in an archive."
    ),
    "file_not_web_page": _refusal(
        "Tệp phải là bảng tính thật, không phải trang web (HTML) mang đuôi .xls; hãy mở bằng Excel, chọn Lưu thành, kiểu Excel Workbook (.xlsx).",
        "A file must be a real spreadsheet, not a web page named .xls.",
    ),
    "file_not_xml": _refusal(
        "Tệp không được ở dạng XML (XML Spreadsheet 2003); hãy mở bằng Excel, chọn Lưu thành, kiểu Excel Workbook (.xlsx).",
        "A file must not be XML (XML Spreadsheet 2003); save it as XLSX.",
    ),
    "text_encoding_certain": _refusal(
        "Chữ phải là Unicode; tệp hoặc cột này dùng bảng mã cũ (TCVN3, VNI, …) mà không xác định chắc chắn được. Hãy chuyển sang Unicode rồi "
        "lưu lại thành Excel Workbook (.xlsx).",
        "Text must be Unicode; a file or a column in an old encoding that cannot be told for certain is not read.",
    ),
    "file_size_in_bounds": _refusal(
        "Nội dung của tệp sau khi giải nén không được quá 300 MB; hãy chép bảng sang một tệp mới.",
        "A file's content must not exceed 300 MB when inflated.",
    ),
    "cells_in_bounds": _refusal(
        "Các ô có dữ liệu của một trang tính phải nằm gần nhau, từ ô A1 đến ô cuối không quá 5 triệu ô; hãy nhấn Ctrl+End rồi xóa các ô nằm xa bảng.",
        "A sheet must not reach further than five million cells from A1 to its last cell; delete cells far from the table.",
    ),
    "file_read_in_time": _refusal(
        "Tệp phải đọc xong trong thời gian cho phép; hãy chép bảng sang một tệp mới, bỏ các trang và công thức không cần.",
        "A file must be read within the time that a file has.",
    ),
    "file_read_in_memory": _refusal(
        "Tệp phải đọc được trong bộ nhớ cho phép; hãy chép bảng sang một tệp mới, bỏ các trang và ô không cần.",
        "A file must be read within the memory that a file has.",
    ),
    "reader_survives": _refusal(
        "Tệp không được làm chương trình đọc dừng đột ngột; hãy chép bảng sang một tệp mới rồi gửi lại.",
        "A file must not end the program that reads it.",
    ),
    "known_dataset_present": _refusal(
        "Tệp hoặc trang tính phải mang tên một bộ dữ liệu: Nhân sự, Xếp loại, Luân chuyển, Đào tạo, Kỷ luật.",
        "A file or a sheet must be named for a dataset.",
    ),
    "required_column_present": _refusal("Bảng phải có cột bắt buộc này ở dòng tiêu đề.", "A required column must be in the header row."),
    "most_rows_usable": _refusal(
        "Không quá một nửa số dòng được có lỗi; hãy sửa các lỗi đã nêu rồi gửi lại cả tệp.",
        "At most half of the rows may be set aside.",
    ),
    "rating_of_folder_year_present": _refusal(
        "Bảng xếp loại phải có ít nhất một dòng của năm ghi ở thư mục.", "A ratings table has a row of the folder's year."
    ),
    "text_in_unicode": _notice(
        "WARNING",
        "Cột này dùng bảng mã cũ và đã được chuyển sang Unicode; hãy kiểm tra lại và dùng phông chữ Unicode.",
        "A column in an old encoding was converted; text must be Unicode.",
    ),
    "total_matches_details": _notice(
        "WARNING",
        "Số ở dòng cộng phải bằng tổng các dòng chi tiết; hãy kiểm tra xem có thiếu hoặc thừa dòng.",
        "A total must be what the details add up to.",
    ),
    "row_shown": _notice(
        "WARNING",
        "Trang tính có dòng bị ẩn (bắt đầu từ dòng này); các dòng ẩn vẫn được đọc, hãy bỏ ẩn hoặc xóa hẳn.",
        "Hidden rows were read; rows must be shown.",
    ),
    "column_shown": _notice(
        "WARNING", "Cột này bị ẩn nhưng vẫn được đọc; hãy bỏ ẩn hoặc xóa hẳn.", "A hidden column was read; columns must be shown."
    ),
    "sheet_shown": _notice(
        "WARNING", "Trang tính này bị ẩn nhưng vẫn được đọc; hãy bỏ ẩn hoặc xóa hẳn.", "A hidden sheet was read; sheets must be shown."
    ),
    "column_named_exactly": _notice(
        "WARNING",
        "Tên cột này gần giống tên trong mẫu nên được hiểu là cột đó; hãy dùng đúng tên của mẫu.",
        "A header almost like the template's was taken for it; use the template's.",
    ),
    "cell_filled_down": _notice(
        "WARNING",
        "Các ô “nt”, “//” của cột này được hiểu là giống dòng trên; hãy ghi đầy đủ ở từng dòng.",
        "Ditto marks were filled from the row above; write each value out.",
    ),
    "sheet_known": _notice(
        "WARNING",
        "Trang tính này không mang tên bộ dữ liệu nào nên không được đọc; hãy đặt tên Nhân sự, Xếp loại, Luân chuyển, Đào tạo hoặc Kỷ luật.",
        "A sheet must be named for a dataset; this one was not read.",
    ),
    "column_known": _notice(
        "WARNING",
        "Cột này không có trong mẫu nên không được đọc; hãy dùng đúng tên cột của mẫu.",
        "A column must be one of the dataset's; this one was not read.",
    ),
    "column_titled": _notice(
        "WARNING",
        "Cột này có dữ liệu nhưng không có tên ở dòng tiêu đề nên không được đọc; hãy ghi tên cột của mẫu.",
        "A column with values must have a header; this one was not read.",
    ),
    "column_once": _notice(
        "WARNING", "Cột này xuất hiện hai lần; chỉ cột đầu tiên được đọc.", "A column must stand once; only the first was read."
    ),
}

# Columns that every list should have, though counting can do without them (decision 0013).
FILE_RULES |= {
    "usual_column_present": _notice(
        "WARNING",
        "Bảng nên có cột này ở dòng tiêu đề; các dòng vẫn được nhận, giá trị của cột này là chưa rõ.",
        "A column that every list has must be in the header row; without it its values are unknown.",
    ),
}

# What a cell's repair says: the value was certain, so the row is accepted, and the unit is told.
IDENTITY_REPAIRED = (
    "identity_number_repaired",
    "Số CCCD đã mất số 0 ở đầu và được khôi phục; hãy định dạng cột này là Văn bản.",
    "A lost leading zero was restored; format the column as text.",
)

# Sheets that a template carries besides its tables: for the eyes and the drop-down lists of the unit, never read.
LOOKUP_SHEET, LISTS_SHEET = "Tra cứu (mẫu)", "Danh mục (mẫu)"
