"""The bench's own arithmetic and readers: what it prints can be trusted."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from benchmarks import wrk
from benchmarks.arithmetic import Figure, Floor, judged, middle_of, percentile, unmeasured
from benchmarks.http import read_answer
from benchmarks.sink import Talk, code_in


def figure(**fields: object) -> Figure:
    given = {"what": "check-in", "database": "sqlite", "clients": 8, "value": 500.0, "unit": "scans/s"}
    return Figure(**(given | fields))  # type: ignore[arg-type]


def test_a_ratio_is_ours_to_the_ceiling() -> None:
    assert figure(ceiling=1000.0).ratio == 0.5


def test_a_floor_is_held_at_its_very_bound_and_missed_below() -> None:
    floor = Floor(what="check-in", measure="ratio", least=0.5)

    verdicts = judged([figure(ceiling=1000.0), figure(ceiling=1001.0)], [floor])

    assert [held for _, _, held in verdicts] == [True, False]


def test_a_figure_without_a_ceiling_holds_no_floor_on_its_ratio() -> None:
    assert not Floor(what="check-in", measure="ratio", least=0.1).held_by(figure())


def test_a_floor_binds_only_at_its_numbers_of_clients() -> None:
    floor = Floor(what="check-in", least=1000, clients=frozenset({32}))

    assert judged([figure(clients=1)], [floor]) == []


def test_a_floor_of_something_that_was_not_measured_is_told() -> None:
    floor = Floor(what="public page", least=1)

    assert unmeasured([figure()], [floor]) == [floor]


def test_two_ceilings_make_a_middle_and_a_spread() -> None:
    assert middle_of(900, 1100) == (1000, 0.2)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_are_nearest_ranks(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_a_run_with_refused_requests_gives_no_figure() -> None:
    output = '{"answers":10,"microseconds":1000000,"p50":1,"p99":2,"refused":1,"broken":0}'

    with pytest.raises(wrk.BadRun):
        wrk.read(output, 0.0)


def test_figures_of_a_run_are_read_from_its_last_line() -> None:
    output = 'text\n{"answers":10,"microseconds":2000000,"p50":1500,"p99":2500,"refused":0,"broken":0}\n'

    load = wrk.read(output, 0.5)

    assert (load.rate, load.p50_ms, load.p99_ms, load.cores) == (5.0, 1.5, 2.5, 0.25)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\n\r\nhello",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    ],
)
def test_an_answer_is_read_whole_or_not_at_all(framing: bytes) -> None:
    data = b"HTTP/1.1 200 OK\r\n" + framing

    whole, part = read_answer(data), read_answer(data[:-1])

    assert part is None
    assert whole
    assert (whole[0].body, whole[1]) == (b"hello", len(data))


def test_a_row_that_ends_like_the_last_chunk_is_not_the_end() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    part = head + b"7\r\nrow 0\r\n\r\n"

    assert part.endswith(b"0\r\n\r\n")
    assert read_answer(part) is None
    answer = read_answer(part + b"0\r\n\r\n")
    assert answer
    assert answer[0].body == b"row 0\r\n"


def test_a_form_is_found_by_where_it_goes() -> None:
    page = b'<form action="/language"></form><form><input name="token" type="hidden" value="a&amp;b"></form>'
    answer = read_answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))

    assert answer
    assert answer[0].form("/code", here="/m/x/code") == ("/m/x/code", {"token": "a&b"})


def test_the_sink_takes_a_mail_in_pieces_and_finds_its_code() -> None:
    message = EmailMessage()
    message.set_content("인증번호는 1234 5678이에요.", cte="base64")
    spoken = b"EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
    spoken += message.as_bytes().replace(b"\n", b"\r\n") + b"\r\n.\r\nQUIT\r\n"
    taken: list[tuple[str, bytes]] = []
    talk = Talk(lambda to, data: taken.append((to, data)))

    answers = b"".join(talk.feed(spoken[at : at + 7]) for at in range(0, len(spoken), 7))

    assert [(to, code_in(data)) for to, data in taken] == [("b@example.com", "12345678")]
    assert (answers.endswith(b"221 bye\r\n"), talk.ended) == (True, True)
