"""Rules on a whole file or submission, and the sentences that the unit reads. What does not belong here: rules on a row."""

from typing import NamedTuple

from pipeline.codes import labels


class FileRule(NamedTuple):
    """What a rule of whole files says, and whether the file is refused for it."""

    refuses: bool
    severity: str
    says_vi: str
    says_en: str


def _refusal(says_vi: str, says_en: str) -> FileRule:
    return FileRule(True, "ERROR", says_vi, says_en)


def _notice(severity: str, says_vi: str, says_en: str) -> FileRule:
    return FileRule(False, severity, says_vi, says_en)


DATASETS = [*labels("dataset").values()]
FILE_RULES: dict[str, FileRule] = {
    "file_in_unit_folder": _refusal(
        "Tệp phải nằm trong thư mục <kỳ>/<mã đơn vị>/, ví dụ 2021/Q01.001/.",
        "A file lies in <period>/<unit code>/, like 2021/Q01.001/.",
    ),
    "entry_is_a_file": _refusal(
        "Trong thư mục của đơn vị chỉ được có tệp thường; mục này là thư mục, lối tắt, liên kết hoặc tệp có nhiều tên nên không được đọc. "
        "Hãy chép chính tệp bảng tính vào đây.",
        "An entry must be a regular file with one name: no folder, link, pipe or device.",
    ),
    "file_may_be_read": _refusal(
        "Tệp (hoặc thư mục) phải cho phép chương trình đọc; hãy cấp quyền đọc hoặc chép lại tệp.",
        "A file or folder must be readable for the pipeline.",
    ),
    "file_not_too_large": _refusal(
        "Tệp không được quá lớn (thường là 200 MB); hãy chép bảng sang một tệp mới.",
        "A file must not exceed the largest size (PERSONNEL_LARGEST_FILE).",
    ),
    "file_of_known_owner": _refusal(
        "Tệp phải do người được giao nộp đặt vào thư mục này; hãy nhờ người đó chép lại tệp.",
        "A file must belong to a user who may send (PERSONNEL_OWNERS).",
    ),
    "file_named_plainly": _notice(
        "WARNING",
        "Tên tệp phải là chữ Unicode, không có ký tự xuống dòng, ký tự điều khiển hay dấu \\; tệp vẫn được đọc, hãy đổi tên.",
        "A file's name must be plain Unicode text; the file was read.",
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
        f"Tệp hoặc trang tính phải mang tên một bộ dữ liệu: {', '.join(DATASETS)}.",
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
    "total_counts_nobody": _notice(
        "WARNING",
        "Số ở dòng cộng bằng số dòng có đánh số hoặc điền sẵn, kể cả những dòng không ghi tên ai; chỉ các dòng có tên được tính. Nếu ở các dòng trống không thiếu ai thì "
        "không phải sửa gì.",
        "A total counts rows in which nobody is named; only rows with a name were read.",
    ),
    "row_shown": _notice(
        "WARNING",
        "Trang tính có dòng bị ẩn hoặc bị lọc (bắt đầu từ dòng này); các dòng ẩn vẫn được đọc, hãy bỏ ẩn hoặc xóa hẳn.",
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
        f"Trang tính này không mang tên bộ dữ liệu nào nên không được đọc; hãy đặt tên {', '.join(DATASETS[:-1])} hoặc {DATASETS[-1]}.",
        "A sheet must be named for a dataset; this one was not read.",
    ),
    "column_known": _notice(
        "WARNING",
        "Cột này không có trong mẫu nên không được đọc; hãy dùng đúng tên cột của mẫu.",
        "A column must be one of the dataset's; this one was not read.",
    ),
    "column_of_another_list": _notice(
        "WARNING",
        "Cột này nói về điều mà một danh sách khác mới đếm (xếp loại, kỷ luật, đào tạo, luân chuyển, nhân sự), nên chưa được đọc và chưa được đếm. Nếu chưa "
        "gửi danh sách ấy, hãy gửi riêng theo mẫu của nó.",
        "A column tells of what another list is of: it was neither read nor counted; send that list by itself.",
    ),
    "column_titled": _notice(
        "WARNING",
        "Cột này có dữ liệu nhưng không có tên ở dòng tiêu đề nên không được đọc; hãy ghi tên cột của mẫu.",
        "A column with values must have a header; this one was not read.",
    ),
    "column_once": _notice(
        "WARNING", "Cột này xuất hiện hai lần; chỉ cột đầu tiên được đọc.", "A column must stand once; only the first was read."
    ),
    # a sheet is a list only if it is one, and no row vanishes
    "quotes_in_pairs": _refusal(
        'Dấu ngoặc kép (") trong tệp CSV phải đi thành cặp trong cùng một ô; ở dòng này một dấu thừa làm nhiều dòng dính vào nhau. '
        "Hãy bỏ dấu thừa, hoặc lưu lại thành Excel Workbook (.xlsx).",
        "Quotation marks in a CSV must be in pairs within a cell; here one too many joins rows.",
    ),
    "quotes_read_as_text": _notice(
        "WARNING",
        'Dấu ngoặc kép (") trong tệp CSV phải đi thành cặp trong cùng một ô; các dòng từ đây được đọc như không có dấu ngoặc kép, hãy kiểm tra lại.',
        "Quotation marks in a CSV must be in pairs within a cell; the file was read as if it had none.",
    ),
    "row_is_no_person": _notice(
        "WARNING",
        "Dòng tiêu đề, nhóm, cộng, ghi chú hay phần ký không được chứa số CCCD hay họ tên kèm ngày; dòng này không được đọc. "
        "Nếu là một người, hãy ghi đủ các cột của bảng.",
        "A title, section, total, note or signature must not hold what looks like a person; the row was not read.",
    ),
    "nil_says_only_so": _refusal(
        "Bảng không có dòng nào của danh sách mà lại có chữ. Nếu không phát sinh, dưới dòng tên cột chỉ ghi “Không phát sinh”; nếu có, hãy ghi mỗi "
        "người hoặc mỗi quyết định một dòng, đủ các cột. Bản đã nhận trước đó vẫn được dùng.",
        "A list without rows must say nothing but that there is nothing to tell.",
    ),
    "hours_in_hours": _refusal(
        "Thời lượng phải tính bằng tiết (giờ); bảng ghi theo ngày, buổi, tuần hay tháng. Hãy đổi ra tiết rồi gửi lại.",
        "Hours must be hours; the list counts days, sessions, weeks or months.",
    ),
    "row_filled_in": _notice(
        "WARNING",
        "Các dòng từ đây không có họ tên và số CCCD mà chỉ có giá trị điền sẵn giống nhau nên không được đọc; hãy xóa các dòng đó.",
        "Rows from here on name nobody and hold only the same defaults; they were not read.",
    ),
    "list_known_by_columns": _notice(
        "WARNING",
        "Không có tiêu đề hay tên nào gọi đây là danh sách gì; theo các cột, bảng được hiểu là danh sách nhân sự của cả đơn vị. Nếu chỉ là một phần (quy hoạch, "
        "cử đi học, đề nghị khen thưởng, …) hoặc là danh sách khác, hãy ghi tiêu đề.",
        "A list should have a title; nothing called this one anything, and it was taken for the unit's roster by its columns, all of which a roster has.",
    ),
    "sheet_is_a_list": _notice(
        "WARNING",
        "Trang tính này là bảng tổng hợp số lượng nên không được đọc; bộ dữ liệu phải là danh sách, mỗi dòng một người hoặc một tập thể.",
        "A dataset must be a list, one row per subject; this sheet holds counts and was not read.",
    ),
    "sheet_counted_once": _notice(
        "WARNING",
        "Trang tính này lặp lại các dòng của trang khác; các dòng lặp lại không được đọc. Hãy xóa bản sao, hoặc đổi tên nếu là danh sách khác.",
        "A sheet must not repeat another's rows; what it repeats was not read.",
    ),
    "copy_has_nobody_else": _notice(
        "WARNING",
        "Trang tính này mang tên bản sao hoặc bản cũ nên không được đọc, nhưng từ dòng này có người không có ở trang được đọc. Nếu người đó thuộc danh sách, "
        "hãy ghi vào trang được đọc.",
        "A sheet that calls itself a copy or an old list was not read, though somebody stands only in it.",
    ),
    "title_of_folder_period": _notice(
        "WARNING",
        "Tên tệp, tên trang, tiêu đề hoặc dòng nhóm nói đến kỳ khác với thư mục; các dòng đang được hiểu là của kỳ ở thư mục. Nếu không phải, hãy gửi "
        "trong thư mục của đúng kỳ hoặc ghi cột “Kỳ xếp loại”.",
        "A file's, a sheet's or a table's title should speak of the folder's period; the rows were taken for that.",
    ),
    "rated_year_or_quarter": _refusal(
        "Xếp loại phải là của cả năm hoặc của một quý; tên tệp, tên trang hoặc tiêu đề nói đây là bảng của một khoảng thời gian khác (một tháng, một học kỳ, "
        "6 tháng, nhiều năm, nhiệm kỳ) nên bảng không được tính là của năm. Nếu đúng là xếp loại của năm, hãy ghi rõ năm ở tiêu đề hoặc ghi cột “Kỳ xếp loại”.",
        "Ratings are of a year or a quarter; a list that calls itself one of a month, a half of a year, several years or a term was not counted as the year's.",
    ),
    "title_of_ratings": _refusal(
        "Tên tệp, tên trang hoặc tiêu đề nói đây là danh sách đào tạo, bồi dưỡng, mà các cột chỉ hiểu được là xếp loại; kết quả học tập không phải là mức "
        "xếp loại nên bảng không được tính. Nếu là danh sách đào tạo, hãy ghi các cột của mẫu “Đào tạo”; nếu đúng là xếp loại, hãy sửa tiêu đề.",
        "A list that is called one of courses was not counted as ratings, though its columns look like them.",
    ),
    "ratings_of_quality": _refusal(
        "Bảng phải là kết quả đánh giá, xếp loại chất lượng; tên tệp, tên trang, tiêu đề hoặc một cột tiền nói đây là bảng khác (chi lương, thưởng, phụ cấp; "
        "khám sức khỏe; thi, hội giảng; chuẩn nghề nghiệp; …) nên mức ở đó không được tính. Nếu đúng là xếp loại chất lượng, hãy ghi rõ ở tiêu đề (ví dụ “Kết "
        "quả xếp loại chất lượng đảng viên năm 2025”) và bỏ các cột tiền.",
        "Levels of a payroll, of an examination, of people's health are no ratings of their work; the list was not counted.",
    ),
    "form_of_another_list": _notice(
        "WARNING",
        "Tiêu đề gọi đây là danh sách khác với biểu mẫu mà thành phố đã xác nhận; các dòng đang được hiểu theo biểu mẫu. Nếu không phải, hãy ghi các cột theo "
        "mẫu của đúng danh sách ấy.",
        "A title calls a list otherwise than the form that the city confirmed; the rows are read as the form says.",
    ),
    "title_of_rating_system": _notice(
        "WARNING",
        "Tên tệp, tên trang, tiêu đề, tên cột mức xếp loại hoặc dòng nhóm nói đến hệ xếp loại khác mà các dòng không ghi ở cột “Hệ xếp loại”; các dòng đang được "
        "hiểu là xếp loại đảng viên, hoặc theo hệ mà tiêu đề nói. Nếu không phải, hãy ghi cột “Hệ xếp loại”.",
        "A title, or the name of the column of levels, should not speak of another rating system where no column names it; the rows were taken for party members, "
        "or for whom the title says.",
    ),
    "title_of_people_counted": _notice(
        "WARNING",
        "Tên tệp, tên trang, tiêu đề hoặc dòng nhóm nói đến những người mà bộ dữ liệu này không tính (quần chúng ưu tú, cảm tình Đảng, đối tượng kết nạp, "
        "danh sách quy hoạch, đoàn viên, hội viên, đảng viên theo Quy định 213 chỉ giữ liên hệ nơi cư trú); các dòng vẫn đang được tính. Nếu đúng là những người đó, hãy bỏ khỏi tệp; nếu không, hãy sửa tên.",
        "A title should not speak of people whom the dataset is not of: candidates for the Party, a plan of posts, members of unions; the rows were counted.",
    ),
    "column_said_above": _notice(
        "WARNING",
        "Bảng không có cột này; giá trị của các dòng được lấy từ tiêu đề, tên tệp hoặc dòng nhóm phía trên. Nếu hiểu sai, hãy thêm cột và ghi ở từng dòng.",
        "The table has no such column; the rows' value was read from a title or a heading above them.",
    ),
    "column_follows_from_others": _notice(
        "WARNING",
        "Bảng không có cột này; giá trị được suy ra từ các cột khác của dòng (ví dụ có ngày chính thức là đảng viên chính thức, lý do ghi ở ghi chú). Nếu hiểu sai, hãy thêm cột và ghi ở từng dòng.",
        "The table has no such column; the rows' value follows from others of theirs.",
    ),
    "unit_from_sheet": _notice(
        "WARNING",
        "Các dòng của trang tính này không ghi đơn vị nên được hiểu là thuộc đơn vị ghi ở tên trang; hãy ghi ở cột “Đơn vị”.",
        "The rows name no unit, so they were taken for the unit in the sheet's name; use the column.",
    ),
    # what Excel shows, and files that only look like spreadsheets
    "file_not_iwork": _refusal(
        "Tệp phải là bảng tính Excel, không phải tệp Apple Numbers, Pages hay Keynote; hãy mở bằng Numbers, chọn Tệp > Xuất sang > Excel.",
        "A file must be a spreadsheet, not one of Apple Numbers, Pages or Keynote; export it as Excel.",
    ),
    "file_not_shortcut": _refusal(
        "Phải gửi chính tệp bảng tính, không phải lối tắt hay liên kết đến tệp (Google Trang tính, Internet); hãy tải tệp xuống dạng Excel (.xlsx) rồi gửi.",
        "The file itself must be sent, not a shortcut to it; download it as XLSX.",
    ),
    "formula_calculated": _notice(
        "WARNING",
        "Công thức phải có kết quả đã tính; trang này có ô công thức chưa được tính (bắt đầu từ ô này) nên không đọc được. Hãy mở tệp bằng Excel, "
        "đợi tính xong rồi lưu lại.",
        "Formulas must carry their calculated values: open the file in Excel, let it calculate, save.",
    ),
    "day_without_time": _notice(
        "WARNING",
        "Ngày phải là ngày trọn, không kèm giờ; các ô ngày lúc 23:59 của cột này (bắt đầu từ ô này) được hiểu là ngày hôm sau, hãy kiểm tra lại.",
        "A day must carry no time; days at 23:59 were taken for the next day.",
    ),
    "days_in_one_order": _notice(
        "WARNING",
        "Ngày của cột này phải theo cùng một thứ tự ngày/tháng/năm; các ô từ đây trông như bị đảo ngày với tháng: ngày là văn bản chỉ đọc được nếu tháng "
        "đứng trước, hoặc văn bản đều có ngày sau 12 còn ô kiểu ngày đều không quá 12. Hãy đối chiếu với hồ sơ gốc.",
        "Days of a column must be in one order; these look as if day and month were swapped: text days are possible only month first, or all are after "
        "the 12th beside date cells up to it.",
    ),
    "row_not_struck": _notice(
        "WARNING",
        "Người ở dòng này bị gạch ngang nhưng vẫn được tính; nếu không còn thuộc đơn vị, hãy xóa hẳn dòng này.",
        "A struck-through person was counted; delete the row, or take the line off.",
    ),
    "person_not_merged": _notice(
        "WARNING",
        "Mỗi dòng phải có họ tên và số CCCD riêng; ô này bị gộp qua nhiều dòng nên chỉ dòng đầu được hiểu là có giá trị. Hãy bỏ gộp ô và ghi đủ từng dòng.",
        "Each row must bear its own name and identity number; cells merged over rows were read for their first row only.",
    ),
    "cell_says_all": _notice(
        "WARNING",
        "Ô này (và có thể các ô khác của trang) có ghi chú gắn kèm (comment), không được đọc. Nếu ghi chú nói khác với ô (ví dụ “sai ngày sinh”, “đã "
        "chuyển”), hãy sửa chính ô đó hoặc ghi vào cột của mẫu, rồi xóa ghi chú gắn kèm.",
        "A cell must say all there is to say: a comment on it was not read.",
    ),
    "sheet_looked_into": _notice(
        "WARNING",
        "Không xem được dòng ẩn, công thức và định dạng số của trang tính này; hãy mở tệp bằng Excel rồi lưu lại thành Excel Workbook (.xlsx).",
        "A sheet's hidden rows, formulas and formats could not be looked at; save it anew with Excel.",
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

# What stands below a header, however it was understood, is what the header says (decision 0016).
FILE_RULES |= {
    "needed_column_holds_what_it_says": _refusal(
        "Nội dung của cột phải đúng là điều mà tên cột nói; cột này chứa điều khác nên bảng không được tính. Hãy đối chiếu tên cột với nội dung.",
        "What stands in a column that counting needs must be what its header says; the table was not counted.",
    ),
    "column_holds_what_it_says": _notice(
        "WARNING",
        "Nội dung của cột phải đúng là điều mà tên cột nói; cột này chứa điều khác (ví dụ ngày sinh dưới tên ngày vào Đảng) nên được coi là chưa rõ. "
        "Hãy đối chiếu tên cột với nội dung.",
        "What stands in a column must be what its header says; its values are unknown.",
    ),
}

# What the archive put a tombstone for.
FILE_RULES |= {
    "file_not_erased": _refusal(
        "Tệp không được là tệp mà thành phố đã cho xóa khỏi kho; hãy gửi tệp đúng nội dung và xóa tệp này khỏi thư mục.",
        "A file must not be one that the city had erased.",
    ),
}

# Cells that somebody struck out, and rows that a delimiter moved.
FILE_RULES |= {
    "value_not_struck": _notice(
        "WARNING",
        "Ô này bị gạch ngang nhưng vẫn được đọc; nếu giá trị không còn đúng, hãy xóa hẳn hoặc ghi giá trị mới.",
        "A struck-through value was read; delete it, or take the line off.",
    ),
    "row_as_wide_as_header": _notice(
        "WARNING",
        "Dòng của tệp CSV không được có nhiều ô hơn dòng tiêu đề; từ ô này trở đi là các ô thừa, do một dấu phân cách không đặt trong ngoặc kép (dấu "
        "phẩy của số lẻ hay trong tên) đẩy sang phải. Hãy kiểm tra cả dòng, đặt ô đó trong ngoặc kép hoặc lưu lại thành Excel Workbook (.xlsx).",
        "A row of a CSV must not have more cells than the header: a delimiter outside quotation marks moved the cells behind it.",
    ),
    "number_in_one_cell": _notice(
        "WARNING",
        "Số lẻ của tệp CSV phải nằm trong một ô; phần sau dấu phẩy có vẻ đã sang ô bên phải, nên số ở ô này chỉ được đọc phần trước dấu phẩy. Hãy kiểm "
        "tra cả dòng, viết số bằng dấu chấm hoặc đặt trong ngoặc kép, hoặc lưu lại thành Excel Workbook (.xlsx).",
        "A number of a CSV must stand in one cell: what follows its decimal comma seems to stand in the next one.",
    ),
}

# Lines between the rows that may name a unit.
FILE_RULES |= {
    "section_is_a_unit": _notice(
        "WARNING",
        "Dòng nhóm nên ghi tên hoặc mã của một đơn vị; dòng này (và các dòng nhóm tương tự bên dưới) không được hiểu là đơn vị, nên người ở sau nó được "
        "tính cho đơn vị của dòng nhóm cấp trên, không có thì cho đơn vị gửi. Nếu không phải, hãy ghi ở cột “Đơn vị”.",
        "A line between rows should name a unit; this one was taken for none, and the rows below it for the unit above it or the sender's.",
    ),
}

# What names, titles and headings say of people, their columns say (tests/test_words.py).
FILE_RULES |= {
    "heading_in_columns": _notice(
        "WARNING",
        "Tên tệp, tên trang, tiêu đề hoặc dòng nhóm nói điều mà các dòng bên dưới không ghi (đã chuyển đi, từ trần, nghỉ hưu, miễn sinh hoạt; cán bộ, "
        "công chức, viên chức, dự bị, quần chúng; không tính, không xếp loại, một mức xếp loại khác; một loại hình, hình thức, hệ kỷ luật khác, …); các dòng đang được hiểu theo các cột của mình. Hãy ghi ở "
        "cột của từng dòng (Đến ngày, Lý do rời, Miễn sinh hoạt từ ngày, Đối tượng, Tình trạng đảng viên, Mức xếp loại, Lý do không xếp loại).",
        "What a name, a title or a heading says of people must stand in their rows; they were taken for what their columns say.",
    ),
}

# A column means what its header says only where nothing above it says otherwise (tests/test_groups.py, tests/test_words.py).
FILE_RULES |= {
    "column_below_known_group": _notice(
        "WARNING",
        "Cột này nằm dưới một tiêu đề nhóm, hoặc cạnh một cột, nói đến việc khác hoặc người khác (ví dụ “Từ ngày” dưới “Đoàn thể” hay cạnh “Lớp bồi dưỡng”, "
        "“Ngày sinh” dưới “Vợ (chồng)”), hoặc không có trong mẫu, nên không được đọc, và cả những cột khác dưới nhóm hoặc cạnh cột đó. Nếu cột nói về chính "
        "người ở dòng này, hãy bỏ tiêu đề nhóm và đặt tên cột đầy đủ theo mẫu (ví dụ “Ngày vào đơn vị”, “Ngày rời đơn vị”).",
        "A column below a group of, or beside a column of, somebody or something else, or of words that are none of the template's, is not read; name it in full.",
    ),
}

# A blank below a unit, and days that are written as two things (tests/test_words.py).
FILE_RULES |= {
    "unit_in_each_row": _notice(
        "WARNING",
        "Đơn vị phải ghi ở từng dòng; các ô trống của cột này (bắt đầu từ ô này) đang được hiểu là đơn vị gửi, không phải đơn vị ghi ở dòng trên. "
        "Nếu là cùng đơn vị với dòng trên, hãy ghi đầy đủ.",
        "Each row must name its unit; blanks below a named unit were taken for the sender.",
    ),
}

# What stands around a table, and what says how many stand in it (tests/test_read_again.py).
FILE_RULES |= {
    "tables_one_below_another": _notice(
        "WARNING",
        "Hai bảng của cùng một bộ dữ liệu không được đặt cạnh nhau trên một trang; chỉ bảng bên trái được đọc. Hãy đặt bảng bên phải xuống dưới hoặc "
        "sang trang khác.",
        "Two tables of one dataset must not stand side by side; only the left one was read.",
    ),
    "column_named_once": _notice(
        "WARNING",
        "Một cột chỉ được có một tên; hai dòng tiêu đề gọi cột này bằng hai tên khác nhau trong mẫu. Hãy đối chiếu nội dung và chỉ giữ một tên.",
        "A column must have one name; two header rows call this one differently.",
    ),
    "title_names_a_unit": _notice(
        "WARNING",
        "Tên tệp, tên trang hoặc tiêu đề nói đến một chi bộ, một cơ quan (hoặc nhiều nơi) mà các dòng không ghi đơn vị; các dòng đang được tính cho đơn vị gửi. Nếu là người của nơi "
        "đó, hãy ghi ở cột “Đơn vị”, hoặc ghi riêng tên chi bộ thành một dòng ở đầu bảng.",
        "A title speaks of a cell and the rows name no unit; they were taken for the sender's. Name the unit in the rows.",
    ),
}

# Events that did not come about, and people over several rows.
FILE_RULES |= {
    "event_took_place": _notice(
        "WARNING",
        "Ô này cho biết việc chưa hoặc không diễn ra (vắng, không tham gia, chưa học, bỏ học, hoãn, đăng ký; không đồng ý, chưa thực hiện, dự kiến; không hoặc được "
        "miễn kỷ luật), nên dòng không được tính là một lần đào tạo, luân chuyển hay kỷ luật. Nếu việc đã diễn ra, hãy sửa ô; nếu không, hãy bỏ dòng.",
        "A row says that its course, its posting or its punishment did not come about; it was not counted.",
    ),
    "rows_of_this_list": _notice(
        "WARNING",
        "Mục này nêu việc khác với việc của danh sách (nghỉ hưu, thôi việc, bổ nhiệm, khen thưởng …), nên các dòng dưới mục không được tính là luân chuyển hay kỷ luật. "
        "Nếu một dòng đúng là việc của danh sách, hãy ghi hình thức của dòng ấy vào cột “Hình thức”; nếu không, hãy bỏ mục này khỏi danh sách.",
        "A section names another matter than its list's; the rows below it were not counted, but for those whose own column says that they are of the list.",
    ),
    "one_decision_in_a_row": _notice(
        "WARNING",
        "Dòng này ghi hai hình thức kỷ luật (đảng và chính quyền, đoàn thể); chỉ hình thức ở cột thứ nhất được tính, hình thức ở ô này chưa được tính. Hãy ghi mỗi "
        "quyết định một dòng, với cột “Hệ kỷ luật”.",
        "A row holds two forms of discipline, of two systems; the first was counted: each decision is a row of its own.",
    ),
    "event_holds": _notice(
        "WARNING",
        "Ô này có thể cho biết việc ở dòng này không đạt, không hoàn thành, đã bị hủy, thu hồi, xóa, thay đổi, đang khiếu nại hoặc đã kết thúc, mà các cột của mẫu (Kết "
        "quả, Đến ngày, Tình trạng, …) không ghi; dòng vẫn đang được tính. Hãy ghi ở cột của mẫu, hoặc bỏ dòng nếu việc không diễn ra.",
        "A note or an unread column speaks against what its row is counted for: failed, withdrawn, changed, ended; the template's columns must say so.",
    ),
    "person_in_one_row": _notice(
        "WARNING",
        "Dòng này chỉ có phần còn lại của họ tên ở dòng trên, hoặc bí danh, tên gọi khác của người ở dòng trên, nên không được tính là một người: phần còn lại được "
        "ghép vào ô ở dòng trên, bí danh không được đọc. Nếu là một người khác, hãy ghi số thứ tự và đủ các cột.",
        "A row that only goes on with the name above it, or says another name of that person, was taken for nobody else.",
    ),
    "person_over_rows": _notice(
        "WARNING",
        "Họ tên và số CCCD ở đây bị gộp qua nhiều dòng nên các dòng ấy được hiểu là của một người: mỗi lớp học, lần luân chuyển hay quyết định là một dòng, còn "
        "danh sách nhân sự và xếp loại chỉ tính dòng đầu. Hãy bỏ gộp ô và ghi đủ từng dòng.",
        "Rows over which a person's name and number are merged were taken for that person's.",
    ),
}

# Of several columns of levels one counts (decision 0027).
FILE_RULES |= {
    "one_column_of_levels": _refusal(
        "Bảng có nhiều cột cùng có thể là mức xếp loại được tính (cột này và cột khác), mà tên cột hoặc ô trống không cho biết cột nào là kết quả cuối cùng, nên bảng "
        "chưa được tính. Hãy để kết quả cuối cùng của mọi người trong một cột “Mức xếp loại”, và gọi các cột khác là “Tự xếp loại”, “Đề nghị xếp loại”.",
        "Of several columns that may be the level one must be the one that counts; the table was not counted.",
    ),
    "level_of_who_decides": _notice(
        "WARNING",
        "Bảng có nhiều cột mức xếp loại; mức được tính là của cột này, theo tên cột là của cấp có thẩm quyền hoặc sau cùng, các cột còn lại không được tính. Nếu không "
        "phải, hãy gọi cột được tính là “Mức xếp loại”, các cột khác là “Tự xếp loại”, “Đề nghị xếp loại”.",
        "Of several columns of levels the one of who decides, or of the last step, was counted.",
    ),
    "note_agrees_with_level": _notice(
        "WARNING",
        "Ô này nói khác với mức xếp loại của dòng: một mức khác, không hoặc chưa xếp loại, đã điều chỉnh, xếp loại lại hoặc ở nơi khác, trùng dòng; mức ở cột mức xếp "
        "loại vẫn đang được tính. Hãy ghi kết quả cuối cùng ở cột mức xếp loại, hoặc “Không xếp loại” và lý do; nếu mức đã đúng thì không cần sửa.",
        "A note, or a column of opinions, says something else than the level of its row; the level was counted.",
    ),
}

# Of lists that rate the same people the one of who decides is counted (tests/test_steps.py).
FILE_RULES |= {
    "one_list_of_levels": _refusal(
        "Tệp có từ hai danh sách xếp loại trở lên của cùng những người mà mức xếp loại khác nhau (danh sách này và danh sách khác), và tên trang, tiêu đề không "
        "cho biết danh sách nào là kết quả cuối cùng, hoặc danh sách cuối cùng thiếu người mà danh sách trước có mức; các danh sách này chưa được tính. Hãy chỉ để lại "
        "một danh sách có kết quả cuối cùng của mọi người, hoặc đặt tên trang theo bước: “Tự xếp loại”, “Chi bộ”, “Đảng ủy”, “Trước phúc tra”, “Sau phúc tra”.",
        "Of several lists that rate the same people otherwise one must be the result, of everybody; they were not counted.",
    ),
    "list_of_who_decides": _notice(
        "WARNING",
        "Danh sách này là của một bước trước (tự xếp loại, chi bộ, trước phúc tra) và có cùng những người với danh sách của cấp quyết định hoặc của bước sau cùng ở "
        "tệp này; mức ở danh sách sau cùng được tính, danh sách này không được tính. Nếu không phải, hãy chỉ để lại danh sách có kết quả cuối cùng.",
        "A list of an earlier step was not counted beside the one of who decides, or of the last step, which rates the same people.",
    ),
}

FILE_RULES |= {
    "levels_by_legend": _notice(
        "WARNING",
        "Bảng có chú giải các chữ hoặc số của cột mức xếp loại khác với cách hiểu thông thường (A: hoàn thành xuất sắc, B: hoàn thành tốt, C: hoàn thành, D: không "
        "hoàn thành); các mức được hiểu theo chú giải của bảng, chữ nào có hai nghĩa thì không được hiểu. Nếu không phải, hãy ghi đủ tên mức ở từng dòng.",
        "Letters of levels were read as the list's own legend has them; write each level out.",
    ),
}

# What is not decided is no result (tests/test_proposals.py).
FILE_RULES |= {
    "list_is_decided": _notice(
        "WARNING",
        "Danh sách phải là kết quả đã được quyết định; tên tệp, tên trang hoặc tiêu đề nói đây là dự kiến, dự thảo, đề nghị, tự xếp loại, bản nháp, bản cũ hay bản trước phúc tra, nhưng các dòng đang được "
        "tính như kết quả. Nếu đã có quyết định, hãy sửa tên; nếu chưa, hãy gửi lại khi có quyết định.",
        "A list must be what was decided; a name or a title says that it is a proposal, a draft or an old list, and the rows were taken for results.",
    ),
    "proposal_beside_decision": _notice(
        "WARNING",
        "Danh sách dự kiến, đề nghị, tự xếp loại, bản nháp, bản cũ hoặc bản trước phúc tra này có cùng những người với danh sách đã được quyết định trong cùng tệp, nên không được đọc; hãy bỏ danh sách "
        "này, và ghi vào danh sách quyết định những ai chỉ có ở đây.",
        "A proposal of the same people as a decided list in the same file was not read.",
    ),
}

# What a title says is understood, or told; what it says that a list is not, is not counted (decision 0036).
FILE_RULES |= {
    "title_understood": _notice(
        "WARNING",
        "Tiêu đề có những chữ mà chương trình không hiểu (hoặc tên trang, tiêu đề nói đây là một phần của đơn vị); các dòng vẫn đang được tính. Hãy xem "
        "đây có đúng là danh sách của kỳ này không (kết quả xếp loại của cả năm, danh sách nhân sự của cả đơn vị, việc đã thực hiện); nếu không đúng, hãy bỏ khỏi "
        "tệp; nếu đúng, hãy sửa tiêu đề theo cách gọi của mẫu.",
        "A title must be understood word for word; the list was counted. Look whether it is the year's ratings, the whole roster, what was done.",
    ),
    "list_of_what_happened": _refusal(
        "Bảng phải là danh sách những việc đã thực hiện và còn hiệu lực; tên tệp, tên trang hoặc tiêu đề nói đây là kế hoạch, nhu cầu, đăng ký, cam kết, lấy phiếu, "
        "dự kiến, đề nghị, việc chưa làm, không làm, người vắng, người giảng dạy, quyết định đã xóa, đã hủy, đã hết hiệu lực, việc khác (nghỉ hưu, thôi việc) hoặc một ví dụ, nên bảng không được "
        "tính. Nếu đúng là việc đã thực hiện, hãy sửa tên, tiêu đề; nếu chưa, hãy gửi lại khi đã có kết quả.",
        "A list must be of what happened and holds: one that calls itself a plan, a need, a registration, a pledge, a vote, not done, missed, taught, lifted, of retirement or an "
        "example was not counted.",
    ),
    "roster_is_whole": _refusal(
        "Danh sách nhân sự phải có tất cả mọi người của đơn vị; tên tệp, tên trang hoặc tiêu đề nói đây chỉ là một số người hoặc là danh sách cho việc khác (huy "
        "hiệu Đảng, mới kết nạp, khen thưởng, ứng cử, dự đại hội, bổ nhiệm, nâng lương, …) nên bảng không được tính. Nếu đúng là cả đơn vị, hãy sửa tên, tiêu đề.",
        "A roster must hold everybody of a unit; a list that calls itself one of some of them, or of another purpose, was not counted.",
    ),
    "list_of_folder_year": _refusal(
        "Tiêu đề hoặc tên trang ghi một năm khác với năm ở thư mục, và không danh sách nào trong tệp ghi năm ở thư mục, nên không rõ đây là danh sách của năm nào; các danh sách này không được "
        "tính. Nếu là của năm khác, hãy gửi trong thư mục của đúng năm; nếu đúng là của năm ở thư mục, hãy sửa năm ở tên trang, tiêu đề.",
        "A list that calls itself one of another year, in a file that says nothing of the folder's, was not counted.",
    ),
    "list_beside_counted": _notice(
        "WARNING",
        "Danh sách này tự gọi (ở tên trang hoặc tiêu đề) là của năm khác, của một phần của năm, của việc chưa làm hoặc của việc khác, nên không được tính; danh sách "
        "khác trong cùng tệp được tính. Hãy bỏ khỏi tệp, hoặc gửi trong thư mục của đúng kỳ; nếu đúng là của kỳ này, hãy sửa tên.",
        "A list that calls itself one of another year, of a part of one, of what was not done or of something else was not counted beside one that is.",
    ),
}

# Sheets that a template carries besides its tables: for the eyes and the drop-down lists of the unit, never read.
LOOKUP_SHEET, LISTS_SHEET = "Tra cứu (mẫu)", "Danh mục (mẫu)"
