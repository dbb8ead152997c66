"""The sentences of a report: figures with what each is a share of, how they changed, and words that fit them.

What is not known is said to be unknown, and why; what is nought is said in words; what fell is not said to have grown.
What does not belong here: where a figure comes from, and tables.
"""

from collections.abc import Callable, Sequence

from pipeline import codes
from pipeline.presentation import figure, number
from pipeline.surfaces.reports.compared import Compared, compared
from pipeline.surfaces.reports.document import HIDDEN, UNKNOWN, Mark, Value, exact
from pipeline.surfaces.reports.figures import BASES, CITY, Figures, Unit
from pipeline.surfaces.reports.words import capital, change, count, is_some, joined, share

RATINGS, DISCIPLINE, ROTATION, TRAINING = "rpt_rating_summary", "rpt_discipline_summary", "rpt_rotation_summary", "rpt_training_summary"
MEMBER, LEADER = "PARTY_MEMBER", "LEADER"
CELLS = ("CELL", "BASE_CELL")
ABOVE_BASES = ("CITY", "SUPERIOR")
COMMITTEES = {"CENTRAL": "central", "PROVINCIAL": "provincial", "SUPERIOR_OF_BASE": "superior_of_base", "BASE": "base", "CELL": "cell"}


RATED = (
    Compared("rated", "số được xếp loại", "đảng viên"),
    Compared("good_inclusive_share_of_rated", "tỷ lệ hoàn thành tốt trở lên so với số được xếp loại"),
    Compared("excellent_share_of_good", "tỷ lệ hoàn thành xuất sắc so với số hoàn thành tốt trở lên"),
)
LED = (
    Compared("rated", "số được xếp loại", "đồng chí"),
    Compared("excellent_share_of_rated", "tỷ lệ hoàn thành xuất sắc so với số được xếp loại"),
)
POSTED = (Compared("started", "số lượt bắt đầu", "lượt"), Compared("ended", "số lượt kết thúc", "lượt"))
TRAINED = (Compared("persons", "số người học", "người"), Compared("attendances", "số lượt học", "lượt"))


def _whom(system: str) -> str:
    """Whom a rating system rates, as it stands in a sentence: “đảng viên”."""
    return codes.labels("rating_system")[system].lower()


class Text:
    """The sentences of one unit's report."""

    def __init__(self, figures: Figures, unit: Unit):
        self.figures, self.unit, self.year = figures, unit, figures.year
        self.name = unit.name

    def paragraphs(self, names: Sequence[str]) -> list[str]:
        """By their names in kinds.yml; what has nothing to say is left out."""
        said: dict[str, Callable[[], str]] = {
            name: getattr(self, name)
            for name in (
                "tree", "members", "leaders", "discipline", "discipline_alone", "not_rated_systems",
                "rotation", "training", "quota", "reconciliation", "submissions",
            )
        }  # fmt: skip
        return [words for name in names if (words := said[name]())]

    def _of(self, table: str, column: str, system: str = "") -> Value:
        return self.figures.value(table, self.unit, column, system) if self.figures.has(table, column) else 0

    def _known(self, table: str, columns: dict[str, str], system: str = "") -> tuple[dict[str, Value], bool]:
        """Of parts that people are counted in: those that are known and not nought, by their words; and whether others are not told."""
        values = {words: self._of(table, column, system) for column, words in columns.items()}
        hidden = [words for words, value in values.items() if isinstance(value, Mark) and value.text == HIDDEN]
        return {words: value for words, value in values.items() if is_some(value) and words not in hidden}, bool(hidden)

    def tree(self) -> str:
        """What stands below, and how many members."""
        below = [*self.figures.below(self.unit)]
        kinds = (
            (("SUPERIOR",), "đảng bộ trực thuộc"),
            (("BASE_COMMITTEE", "BASE_CELL"), "tổ chức cơ sở đảng"),
            (("SECTION",), "đảng bộ bộ phận"),
            (("CELL",), f"chi bộ trực thuộc đảng ủy {'bộ phận' if self.unit.type == 'SECTION' else 'cơ sở'}"),
        )
        counts = [(sum(unit.type in types for unit in below), words) for types, words in kinds]
        units = joined([f"{number(n)} {words}" for n, words in counts if n])
        population = self._of(RATINGS, "population", MEMBER)
        members = count(population, "đảng viên") if not isinstance(population, Mark) or population.text == HIDDEN else ""
        if not units and not members:
            return ""
        if population == 0:
            return f"{self.name} {f'có {units}, ' if units else ''}không có đảng viên nào vào ngày cuối năm {self.year}."
        unknown = "" if members else f" Chưa rõ tổng số đảng viên{self._without_roster()}."
        return f"{self.name} có {joined([units, members], ' với ')} vào ngày cuối năm {self.year}.{unknown}"

    def _without_roster(self) -> str:
        missing = self._of(RATINGS, "units_without_roster", MEMBER)
        if not isinstance(missing, int) or not missing:
            return ""
        return f" vì {self._who(missing)} chưa {'có' if self._is_above_bases else 'gửi'} danh sách"

    @property
    def _is_above_bases(self) -> bool:
        return self.unit.type in ABOVE_BASES

    def _who(self, missing: int) -> str:
        """Who did not send: how many, or of a base organisation's own report that it is itself."""
        if self._is_above_bases:
            return f"còn {number(missing)} tổ chức cơ sở"
        return "đơn vị" if self.unit.type in BASES else "tổ chức cơ sở"

    def _partly_rated(self, system: str = MEMBER) -> str:
        """That figures of ratings are of some alone."""
        missing = self.figures.silent(self.unit, system)
        return f" (số đã biết; {self._who(missing)} chưa nộp xếp loại {_whom(system)})" if missing else ""

    def _not_rated_for(self) -> str:
        missing = self.figures.silent(self.unit)
        return f" vì {self._who(missing)} chưa nộp xếp loại {_whom(MEMBER)}" if missing else ""

    def members(self) -> str:
        """The members rated; good with the excellent in it, as the Party counts."""
        rated = self._of(RATINGS, "rated", MEMBER)
        if self._is_hidden(MEMBER):
            return f"Năm {self.year}, kết quả đánh giá, xếp loại {_whom(MEMBER)} của {self.name} không công bố."
        if rated == 0 and self.figures.row(RATINGS, self.unit, MEMBER) is not None:  # somebody said so
            return f"Năm {self.year}, {self.name} không có đảng viên nào được đánh giá, xếp loại chất lượng{self._partly_rated()}.{self._outside()}{self._rest()}"
        if not is_some(rated) or rated == Mark(UNKNOWN) or self.figures.row(RATINGS, self.unit, MEMBER) is None:
            return f"Năm {self.year}, chưa có kết quả đánh giá, xếp loại đảng viên của {self.name}{self._not_rated_for()}."
        good, excellent = (self._of(RATINGS, column, MEMBER) for column in ("good_inclusive", "excellent"))
        of_good = (
            f" (trong đó, hoàn thành xuất sắc nhiệm vụ {count(excellent)}"
            f"{share(self._of(RATINGS, 'excellent_share_of_good', MEMBER), 'số hoàn thành tốt nhiệm vụ, gồm cả xuất sắc')})"
            if is_some(excellent)
            else " (trong đó, không có đảng viên nào hoàn thành xuất sắc nhiệm vụ)"
        )
        lines = [
            f"hoàn thành tốt nhiệm vụ, gồm cả hoàn thành xuất sắc, có {count(good, 'đảng viên')}"
            f"{share(self._of(RATINGS, 'good_inclusive_share_of_rated', MEMBER), 'số được xếp loại', 1)}{of_good}"
            if is_some(good)
            else "không có đảng viên nào hoàn thành tốt nhiệm vụ trở lên"
        ]
        for column, words in (("completed", "hoàn thành nhiệm vụ"), ("not_completed", "không hoàn thành nhiệm vụ")):
            value = self._of(RATINGS, column, MEMBER)
            of = share(self._of(RATINGS, f"{column}_share_of_rated", MEMBER), "số được xếp loại")
            lines.append(f"{words} {count(value)}{of}" if is_some(value) else f"{words}: không có")
        return (
            f"Năm {self.year}, {self.name} có {count(rated, 'đảng viên')} được đánh giá, xếp loại chất lượng{self._partly_rated()}, kết quả cụ thể như sau: "
            f"{capital(joined(lines, '; '))}.{self._rest()}{compared(self.figures, self.unit, RATINGS, RATED, 'kết quả xếp loại', MEMBER)}"
        )

    def _is_hidden(self, system: str) -> bool:
        """Whether nobody is told of a system's results: then not that there are any, either, for who sent none of it may be hidden among those who did."""
        levels = ("good_inclusive", "excellent", "good_exclusive", "completed", "not_completed")
        told = [value for column in levels if not isinstance(value := self._of(RATINGS, column, system), Mark)]
        return self._of(RATINGS, "rated", system) == Mark(HIDDEN) and not any(told)

    def _outside(self) -> str:
        """Whom the unit rated and its roster does not have: the quota counts them, the figures above do not."""
        outside = self._of(RATINGS, "rated_outside_roster", MEMBER)
        return f" Có {count(outside, 'người')} được xếp loại mà không có trong danh sách nhân sự." if is_some(outside) else ""

    def _rest(self) -> str:
        """Who was not rated, and why; whoever nobody gave a line."""
        not_rated, unexplained = (self._of(RATINGS, column, MEMBER) for column in ("not_rated", "unexplained"))
        said = [f"có {count(not_rated, 'đảng viên')} không xếp loại, có lý do" if is_some(not_rated) else ""]
        if isinstance(unexplained, Mark) and unexplained.text == UNKNOWN:
            said.append(f"chưa rõ còn bao nhiêu đảng viên chưa có kết quả{self._without_roster()}")
        elif is_some(unexplained):
            said.append(f"{'' if not_rated else 'có '}{count(unexplained, 'đảng viên')} chưa có kết quả xếp loại")
        return f" {capital(joined(said, '; '))}." if any(said) else ""

    def leaders(self) -> str:
        """The leaders rated; good without the excellent."""
        if self.figures.row(RATINGS, self.unit, LEADER) is None or not is_some(rated := self._of(RATINGS, "rated", LEADER)):
            return ""
        if rated == Mark(UNKNOWN) or self._is_hidden(LEADER):
            return ""  # said of all systems at once
        levels = {
            "excellent": "hoàn thành xuất sắc nhiệm vụ có",
            "good_exclusive": "hoàn thành tốt nhiệm vụ, không kể xuất sắc,",
            "completed": "hoàn thành nhiệm vụ",
            "not_completed": "không hoàn thành nhiệm vụ",
        }
        known, is_hidden = self._known(RATINGS, levels, LEADER)
        parts = [f"{words} {count(value, 'đồng chí')}" for words, value in known.items()] + (
            ["số ở mức khác không công bố"] if is_hidden else []
        )
        changed = compared(self.figures, self.unit, RATINGS, LED, "kết quả xếp loại", LEADER)
        whose = "Thành phố" if self.unit.type == CITY else self.name
        return f"{whose} có {count(rated, 'cán bộ lãnh đạo, quản lý')} được đánh giá, xếp loại{self._partly_rated(LEADER)}, cụ thể: {capital(joined(parts))}.{changed}"

    def not_rated_systems(self) -> str:
        """Who else is to be rated, and of whom nothing came, or nothing but nil lists while others are awaited, or nothing is told; where everybody said that
        there is none, nothing is awaited."""
        silent, nil, hidden = [], [], []
        for code in codes.labels("rating_system"):
            if self.figures.row(RATINGS, self.unit, code) is None:
                continue
            values = {self._of(RATINGS, column, code) for column in ("rated", "not_rated")}
            missing = self.figures.silent(self.unit, code)
            if values == {Mark(UNKNOWN)}:
                silent.append(_whom(code))
            elif code != MEMBER and values == {0} and missing:  # of members it is a sentence of its own
                nil.append(f"{_whom(code)} ({self._who(missing)} chưa nộp)")
            elif code != MEMBER and self._is_hidden(code):
                hidden.append(_whom(code))
        said = [f"Chưa có kết quả đánh giá, xếp loại {joined(silent)} năm {self.year}." if silent else ""]
        said.append(f"Theo số đã biết, năm {self.year} không có kết quả đánh giá, xếp loại {joined(nil)}." if nil else "")
        said.append(f"Kết quả đánh giá, xếp loại {joined(hidden)} năm {self.year} không công bố." if hidden else "")
        return joined(said, " ")

    def discipline(self) -> str:
        """Members disciplined, by the committees that they are of, and the change."""
        return self._discipline(f"Đồng thời, {self.name if self._is_cell else 'cấp ủy các cấp và các chi bộ'}")

    def discipline_alone(self) -> str:
        """The same, where nothing stands before it."""
        return self._discipline(f"Năm {self.year}, {'' if self._is_cell else 'cấp ủy các cấp và các chi bộ của '}{self.name}")

    @property
    def _is_cell(self) -> bool:
        return self.unit.type in CELLS

    def _discipline(self, who: str) -> str:
        if self.figures.row(DISCIPLINE, self.unit) is None:
            return f"Chưa có báo cáo kỷ luật năm {self.year} của {self.name}."
        persons = self._of(DISCIPLINE, "persons_disciplined")
        so_far = self._silent(DISCIPLINE, "kỷ luật")
        than = f"năm {self.year - 1}"
        changed = change(
            self._of(DISCIPLINE, "change_on_last_year"), "đảng viên", than, " vì chưa đủ báo cáo của hai năm" if so_far else ""
        )
        if not is_some(persons):
            return f"{who} không thi hành kỷ luật đảng viên nào, {changed}{so_far}."
        levels = codes.labels("committee_level")
        known, is_hidden = self._known(DISCIPLINE, {f"committee_{column}": code for code, column in COMMITTEES.items()})
        of = [f"{count(value)} {levels[code][:1].lower() + levels[code][1:]}" for code, value in known.items()]
        if persons == Mark(HIDDEN):  # nobody, too, may be hidden beside others
            return f"{who}: số đảng viên bị thi hành kỷ luật không công bố{f', trong đó có {joined(of)}' if of else ''}{so_far}."
        others = "số cấp ủy viên khác không công bố" if of else "số cấp ủy viên không công bố"
        # nought is what no list says as well as what each denies, so that none of them is of a committee is not said
        among = joined([f"trong đó có {joined(of)}" if of else "", others if is_hidden else "", changed])
        return f"{who} đã thi hành kỷ luật {count(persons, 'đảng viên')}, {among}{so_far}."

    def _silent(self, table: str, what: str) -> str:
        missing = self._of(table, "units_without_answer")
        return f" (số đã biết; {self._who(missing)} chưa báo cáo đủ {what})" if isinstance(missing, int) and missing else ""

    def rotation(self) -> str:
        """Postings begun, ended, running."""
        if self.figures.row(ROTATION, self.unit) is None:
            return f"Chưa có báo cáo luân chuyển năm {self.year} của {self.name}."
        kinds = codes.labels("rotation_kind")
        known, is_hidden = self._known(ROTATION, {f"{code.lower()}_started": label.lower() for code, label in kinds.items()})
        of = f", gồm {joined([f'{count(value)} {label}' for label, value in known.items()])}" if known else ""
        of += " (số từng loại không công bố)" if is_hidden else ""
        started, ended = self._of(ROTATION, "started"), self._of(ROTATION, "ended")
        months = self._of(ROTATION, "median_months_ended")
        median = (
            f", trung vị {figure(months, 'rate').rstrip('0').rstrip(',')} tháng" if isinstance(months, float) and is_some(ended) else ""
        )
        what = "lượt luân chuyển, điều động, biệt phái, chuyển đổi vị trí công tác"
        begun = f"có {count(started, what)} bắt đầu" if is_some(started) else f"không có {what} nào bắt đầu"
        running = self._of(ROTATION, "running")
        still = f"cuối năm {'còn ' if is_some(running) else ''}{count(running, 'lượt luân chuyển, biệt phái')} đang thực hiện"
        return (
            f"Năm {self.year}, {self.name} {begun}{of}; {count(ended, 'lượt')} kết thúc{median}; "
            f"{still}{self._silent(ROTATION, 'luân chuyển')}.{compared(self.figures, self.unit, ROTATION, POSTED, 'báo cáo luân chuyển')}"
        )

    def training(self) -> str:
        """Who was trained, and how much."""
        if self.figures.row(TRAINING, self.unit) is None:
            return f"Chưa có báo cáo đào tạo, bồi dưỡng năm {self.year} của {self.name}."
        persons, hours = self._of(TRAINING, "persons"), self._of(TRAINING, "hours")
        changed = compared(self.figures, self.unit, TRAINING, TRAINED, "báo cáo đào tạo")
        lessons = f", {number(hours)} tiết của các lượt bắt đầu trong năm" if isinstance(hours, int | float) and hours else ""
        trained = f"có {count(persons, 'người')}" if is_some(persons) else "không có ai"
        attended = f" với {count(self._of(TRAINING, 'attendances'), 'lượt học')}{lessons}" if is_some(persons) else ""
        return f"Năm {self.year}, {self.name} {trained} được đào tạo, bồi dưỡng{attended}{self._silent(TRAINING, 'đào tạo')}.{changed}"

    def quota(self) -> str:
        """What the cap allowed, and what was given."""
        excellent, allowed, over = (self.figures.metric(f"quota_{name}", self.unit) for name in ("excellent", "allowed", "over"))
        if isinstance(excellent, Mark) and self.figures.silent(self.unit):
            return f"Chưa đối chiếu được với tỷ lệ hoàn thành xuất sắc của năm {self.year}{self._not_rated_for()}."
        if isinstance(excellent, Mark) and self.unit.type in BASES:
            return f"Năm {self.year} ở {self.name} không có gì để đối chiếu với tỷ lệ hoàn thành xuất sắc."
        if isinstance(excellent, Mark):
            return f"Tỷ lệ hoàn thành xuất sắc tính ở từng tổ chức cơ sở đảng; {self.name} không có số riêng."
        is_own = self.unit.type in BASES
        rated = f"{'xếp ' + count(excellent, 'đảng viên') if excellent else 'không xếp đảng viên nào'} hoàn thành xuất sắc nhiệm vụ"
        if not isinstance(allowed, int):
            return f"Năm {self.year} không có tỷ lệ hoàn thành xuất sắc tối đa theo tổ chức cơ sở; {self.name if is_own else 'các cơ sở'} {rated}."
        beyond = f"vượt mức {count(over, 'đảng viên')}" if is_some(over) else "không vượt mức" if is_own else "không nơi nào vượt mức"
        used = self.figures.metric("quota_use", self.unit)
        most = f" (số tối đa theo tỷ lệ của năm: {number(allowed)})"
        of = f", bằng {exact(used, 2)} số tối đa {number(allowed)} theo tỷ lệ của năm" if isinstance(used, float) and used else most
        where = "" if is_own else ", tính ở từng cơ sở"
        return f"{self.name if is_own else 'Các tổ chức cơ sở'} {rated}{of}{self._partly_rated()}; {beyond}{where}."

    def reconciliation(self) -> str:
        """Whether everybody on the rosters is accounted for."""
        population, rated, not_rated, unexplained, gone = (
            self._of(RATINGS, column, MEMBER) for column in ("population", "rated", "not_rated", "unexplained", "left_after_rating")
        )
        if isinstance(population, Mark) or isinstance(unexplained, Mark):
            return f"Chưa đối chiếu được số đảng viên với kết quả xếp loại{self._without_roster() or self._not_rated_for()}."
        parts = ((rated, "được xếp loại"), (not_rated, "không xếp loại, có lý do"))
        gave = joined([f"{count(value, 'đảng viên')} {words}" for value, words in parts if is_some(value)])
        if not population and not gave and not is_some(gone):
            return f"Đối chiếu: cuối năm {self.name} không có đảng viên nào, cũng không có kết quả xếp loại nào."
        end = "khớp, không còn ai chưa rõ" if not unexplained else f"còn {count(unexplained, 'đảng viên')} chưa có dòng xếp loại nào"
        away = f" và {count(gone, 'đảng viên')} rời đi sau khi xếp loại" if is_some(gone) else ""
        who = f"{number(population)} đảng viên cuối năm{away}" if isinstance(population, int | float) else ""
        of = f" gồm {gave}" if gave else ", chưa ai có kết quả xếp loại"
        return f"Đối chiếu: {who}{of}{self._partly_rated()}; {end}."

    def submissions(self) -> str:
        """What came of what is owed."""
        due, came, in_time = (self.figures.metric(f"submissions_{name}", self.unit) for name in ("due", "came", "in_time"))
        if isinstance(due, Mark) or not due:
            return f"Năm {self.year}, {self.name} không có bản báo cáo nào phải nộp."
        if not came:
            return f"Năm {self.year}, {self.name} phải nộp {count(due, 'bản')} báo cáo; chưa nhận bản nào."
        complete, timely = (self.figures.metric(name, self.unit) for name in ("completeness", "timeliness"))
        punctual = f"đúng hạn {count(in_time, 'bản')}{share(timely, 'số bản đã nhận')}" if is_some(in_time) else "không có bản nào đúng hạn"
        return f"Năm {self.year}, {self.name} phải nộp {count(due, 'bản')} báo cáo; đã nhận {count(came, 'bản')}{share(complete, 'số bản phải nộp')}; {punctual}."
