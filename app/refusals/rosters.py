"""Sentences for the reason codes of rosters: files that cannot be read, questions, rows left out."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FILES: dict[str, LazyString] = {
    "no_file": _l("Choose a file, or paste the rows from Excel."),
    "empty_file": _l("This file is empty. Choose another one."),
    "file_too_large": _l("This file is larger than %(megabytes)d MB. Send only the sheet with the roster."),
    "unzipped_too_large": _l(
        "This workbook unpacks to far more than a roster needs, so it was not opened. Save the sheet as CSV."
    ),
    "password_protected": _l("This workbook has a password. Save a copy without one and upload that."),
    "legacy_xls": _l("This is an old .xls workbook. Open it in Excel and save it as .xlsx."),
    "html_file": _l(
        "This is a web page, not a table, whatever its name says. Save it as .xlsx or CSV from Excel."
    ),
    "unsupported_file": _l(
        "We can't read a roster from this kind of file: %(kind)s. Save it as .xlsx or CSV."
    ),
    "damaged_file": _l("This file is damaged. Open it in Excel, save it again, and upload that."),
    "xml_entities": _l(
        "This workbook holds entity definitions that no spreadsheet writes, so it was not opened."
    ),
    "unknown_encoding": _l("We can't tell how this text is encoded. Choose the encoding."),
    "wrong_encoding": _l("This file can't be read as %(encoding)s. Choose another encoding."),
    "unclosed_quote": _l("A quotation mark that opens in row %(row)s is never closed. Mend that cell."),
    "cell_too_long": _l(
        "A cell in this file is far too long for a roster. Check the separator and the quotes."
    ),
    "nothing_to_import": _l("No row of this file can be imported. Nothing was changed."),
    "no_rows": _l("There is no row in this file. Choose another sheet or file."),
    "too_many_rows": _l("This file has more than %(limit)s rows. Split it by cohort."),
    "too_many_columns": _l("This file has more than %(limit)s columns. Keep only those of the roster."),
    "no_such_sheet": _l("The file has no such sheet. Choose again."),
    "no_such_row": _l("The file has no such row. Choose the header row again."),
    "no_such_column": _l("The file has no such column. Choose the columns again."),
    "column_twice": _l("One column can't say two things. Choose each column only once."),
    "bad_hint": _l("That choice doesn't fit this file. Choose again."),
    "not_a_roster": _l("Something is still missing before this can be imported as a roster."),
    "cohorts_changed": _l(
        "The programme's cohorts were changed meanwhile. Look at the preview again, then import."
    ),
    "form_columns_open": _l("Choose the columns first."),
    "form_before_publishing": _l(
        "This meetup is still a draft. Publish it first; let registration open later if these answers are to come in before."
    ),
    "entry_changed_meanwhile": _l(
        "Somebody or a file has just changed this entry. What it says now stands above; correct it once more if needed."
    ),
    "upload_gone": _l("This file is no longer kept. Upload it again."),
}

QUESTIONS: dict[str, LazyString] = {
    "missing_form_time": _l(
        "Which column says when each answer was sent? The line is in the order of these times."
    ),
    "no_header": _l("No row looks like a header. Choose the header row, or say that there is none."),
    "missing_address_column": _l("Which column holds the e-mail address? People are known by it."),
    "missing_name_column": _l("Which column holds the name?"),
    "missing_completed_column": _l(
        "Nothing in this file says who completed the cohort, and only those who did are alumni. Choose the column that "
        "says so, or say that everyone or nobody in this file did."
    ),
    "missing_cohort_column": _l(
        "Which column names the cohort? If the whole file is one cohort's, choose it under “Whose roster is it?”."
    ),
}

ROWS: dict[str, LazyString] = {
    "missing_email": _l("No e-mail address."),
    "invalid_email": _l("This is no e-mail address."),
    "missing_name": _l("No name."),
    "missing_cohort": _l("No cohort."),
    "unknown_cohort": _l("The programme has no such cohort."),
    "ambiguous_cohort": _l("More than one cohort fits."),
    "cohort_contradiction": _l("The cohort's number and year don't belong together."),
    "cohort_mismatch": _l("The row names another cohort than cohort %(expected)s."),
    "missing_status": _l("Nothing says whether this person completed the cohort."),
    "unknown_status": _l("We can't tell from this word whether the person completed the cohort."),
    "too_long": _l("A cell is longer than %(limit)s characters."),
    "duplicate_in_file": _l("The same person stands in row %(first_row)s already."),
    "address_shared": _l("Another name has this address in row %(first_row)s. One address is one person."),
    "same_person": _l("Another address of the person in row %(first_row)s."),
    "resident_number": _l("The row holds a resident registration number. Remove it: we must not store one."),
    "broken_text": _l("The text is broken. Check the encoding."),
    "erased_at_own_wish": _l(
        "This person was erased at their own wish, so the row is left out. Should they be on the list again, allow it first under Erased people."
    ),
    "form_time_missing": _l("The row doesn't say when it was sent."),
    "form_time_unreadable": _l("We can't read when this was sent."),
    "form_time_ahead": _l(
        "The time of this row is still to come. Check the column and the meetup's time zone."
    ),
    "form_coming_unclear": _l("The row doesn't say clearly whether they come."),
    "summary_row": _l("A row of totals."),
    "repeated_header": _l("The header again."),
}

# What a refused file is, in words; a kind without one goes by its own name.
FILE_KINDS: dict[str, LazyString | str] = {
    "archive": _l("a compressed archive"),
    "binary": _l("a binary file"),
    "doc": _l("a Word document"),
    "docx": _l("a Word document"),
    "hwp": _l("a Hangul document"),
    "hwpx": _l("a Hangul document"),
    "image": _l("a picture"),
    "numbers": "Numbers",
    "ods": _l("an OpenDocument spreadsheet"),
    "odt": _l("an OpenDocument text"),
    "pdf": "PDF",
    "pptx": _l("a presentation"),
    "rtf": "RTF",
    "xlsb": "XLSB",
    "xml": "XML",
    "zip": _l("a compressed archive"),
}

SENTENCES: dict[str, LazyString] = {**FILES, **QUESTIONS, **ROWS}
