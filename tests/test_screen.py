"""Nothing that somebody wrote into a name or a header steers a terminal."""

from conftest import City, pipeline, rating, ratings, write_csv

ESCAPE = "\x1b]0;ma\x07\x1b[31m"


def test_names_headers_and_words_of_the_registry_reach_the_screen_without_their_control_characters(city: City) -> None:
    rows = ratings([rating(n) for n in range(1, 4)], title=False)
    odd = city.put(f"2021/Q01.001/x{ESCAPE}.csv", [[*rows[0], f"Cột {ESCAPE}lạ"], *([*row, "x"] for row in rows[1:])])
    said = [
        pipeline(city.home, "check", str(odd)),
        pipeline(city.home, "check", str(odd.with_name(f"khong co {ESCAPE}"))),
        pipeline(city.home, "form", str(odd), "--unit", f"Q{ESCAPE}"),
        pipeline(city.home, "template", f"bo {ESCAPE}", "--unit", "Q01.001", "--period", "2022"),
        pipeline(city.home, "template", "--unit", f"Q{ESCAPE}", "--period", "2022"),
        pipeline(city.home, "template", "--unit", "Q01.001", "--period", "2022", "--to", str(city.home.root / f"to {ESCAPE}")),
    ]
    header = ["unit_code", "dataset", "header", "means", "confirmed_on"]
    write_csv(city.home.registry / "layouts.csv", [header, ["Q01.001", "ratings", "a", f"nghĩa {ESCAPE}", "05/12/2021"]])
    said.append(pipeline(city.home, "load"))
    assert all(done.stdout + done.stderr for done in said)
    assert [done.args for done in said if set("\x1b\x07") & set(done.stdout + done.stderr)] == []
