from pathlib import Path

import pytest

from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import MOST_ROWS, WrongFile, read_file

SAMPLES = Path(__file__).parent / "samples"
PLACES = "Place,Postcode,Rooms,Opening hours,Step free,Mobile signal,Phone,Notes"
ROW = "Truro Hub,TR1 3AY,2,Mon-Fri 9-5,Yes,good,01872 222222,Café"
SMALL = f"{PLACES}\r\n{ROW}\r\n"


def refused(content, name="x.csv"):
    with pytest.raises(WrongFile) as refusal:
        read_file(name, content)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("families.csv", "families", 62),
        ("peer_parents.csv", "peer_parents", 26),
        ("places.csv", "places", 12),
        ("practitioners.csv", "practitioners", 9),
        ("bookings.csv", "bookings", 165),
    ],
)
def test_knows_each_of_the_five_by_its_headings_whatever_its_name(name, kind, rows):
    table = read_file("export (3).csv", (SAMPLES / name).read_bytes())

    assert (table.kind, len(table.lines)) == (kind, rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_reads_every_encoding_that_a_spreadsheet_saves(encoding):
    table = read_file("places.csv", SMALL.encode(encoding))

    assert table.lines[0].cells["Notes"] == "Café"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_reads_every_separator_and_line_end(separator, end):
    text = SMALL.replace(",", separator).replace("\r\n", end)

    table = read_file("places.csv", text.encode())

    assert table.lines[0].cells["Place"] == "Truro Hub"
    assert table.lines[0].cells["Phone"] == "01872 222222"


def test_commas_in_cells_do_not_fool_a_semicolon_file():
    text = f"{PLACES}\n{ROW}\n".replace(",", ";").replace(
        "Mon-Fri 9-5", "Mon 9-5, Tue 9-5, Wed 9-5"
    )

    assert read_file("x", text.encode()).lines[0].cells["Opening hours"].count(",") == 2


def test_headings_may_differ_in_capitals_spaces_quotes_and_order():
    headings = "notes,PHONE , Mobile  Signal,step-free,Opening\u00a0hours,rooms,Postcode,place"
    text = f"{headings}\na,b,c,d,e,f,g,h\n"

    table = read_file("x", text.encode())

    assert table.lines[0].cells["Place"] == "h"
    assert table.lines[0].cells["Mobile signal"] == "c"
    assert table.headings["Phone"] == "PHONE"


@pytest.mark.parametrize("quote", ["'", "’", "‘", ""])
def test_a_curly_apostrophe_in_a_heading_is_the_same(quote):
    text = (SAMPLES / "families.csv").read_text("utf-8-sig").replace("Family’s", f"Family{quote}s")

    assert read_file("x", text.encode()).kind == "families"


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    text = f'Places in November\n\n{PLACES}\n{ROW}\n,,,,,,,\n"Bude\nHub",,,,,,,\n{ROW}\n'

    assert [line.number for line in read_file("x", text.encode()).lines] == [4, 6, 7]


def test_the_separator_line_that_excel_hides_is_not_counted():
    text = f"sep=;\r\n{SMALL.replace(',', ';')}"

    assert read_file("x", text.encode()).lines[0].number == 2


def test_cells_outside_the_columns_are_kept():
    table = read_file("x", f"{PLACES},\n{ROW},ring first\n".encode())

    assert table.lines[0].beyond == ("ring first",)


def test_a_file_with_a_column_missing_is_refused_whole_and_names_it():
    said = refused((SAMPLES / "bookings.csv").read_bytes().replace(b"Minutes", b"Length", 1))

    assert "bookings" in said
    assert "no column “Minutes”" in said
    assert "“Length”" in said


def test_a_file_with_a_column_more_is_refused_whole_and_names_it():
    said = refused(f"{PLACES},Parking\n{ROW},yes\n".encode())

    assert "not known" in said
    assert "“Parking”" in said
    assert "no column" not in said


def test_a_column_that_is_there_twice_is_refused():
    assert "“Notes”" in refused(f"{PLACES},Notes\n{ROW},x\n".encode())


def test_a_file_of_something_else_is_refused_and_its_columns_named():
    said = refused(b"Date,Sightings,Bird\n1/2/26,3,robin\n")

    assert "not the columns" in said
    assert "“Sightings”" in said


def test_a_file_of_the_service_itself_is_none_of_the_five():
    assert "“outcode”" in refused((SAMPLES / "outcodes.csv").read_bytes())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (SMALL.encode("utf-16-le"), "not a CSV"),
        (SMALL.encode() + b"\x00", "not a CSV"),
        (SMALL.encode("utf-16") + b"\x00", "not a CSV"),
        (b"\xff\xfe\x00\x00" + SMALL.encode("utf-32-le"), "not a CSV"),
        (SMALL.encode() + b"\x81\x8d", "not a CSV"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_csv_is_refused_in_a_sentence(content, said):
    assert said in refused(content)


def test_limits_are_counted_while_reading():
    assert "20,000 rows" in refused((SMALL + "\r\n" * MOST_ROWS).encode())
    assert "20,000 rows" in refused((SMALL + "\n" * 4_000_000).encode())
    assert "60 columns" in refused((SMALL + "," * 61).encode())
    assert "60 columns" in refused((SMALL + "," * 4_000_000).encode())


def test_a_cell_longer_than_any_is_refused():
    assert "too long" in refused(f"{SMALL}{'x' * 140_000}".encode())


@pytest.mark.parametrize(
    "rest",
    ['"Bude Hub,EX23 8BX,2,,,,,\r\n' + f"{ROW}\r\n" * 3, f'"Bude Hub\r\n{ROW}\r\n"x",,,,,,,\r\n'],
)
def test_a_quotation_mark_that_swallows_rows_is_refused_not_lost(rest):
    assert "quotation mark" in refused((SMALL + rest).encode())


def test_a_note_of_several_lines_is_fine():
    text = f'{SMALL}Bude Hub,,,,,,,"Ring the bell, wait,\r\nthen ring again, please"\r\n'

    assert "\n" in read_file("x", text.encode()).lines[1].cells["Notes"]


def test_every_column_is_explained():
    assert all(meaning for columns in COLUMNS.values() for _, meaning in columns)
    assert set(COLUMNS) == {"families", "peer_parents", "places", "practitioners", "bookings"}
