"""`ampera up`: every server answers, the dead come back, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import time
from datetime import timedelta
from pathlib import Path

from ampera.words.clock import utc_from_text
from tests.tiers.running import (
    CODES,
    OFFICES,
    RunningCity,
    ask,
    descendants,
    finished,
    free_base_port,
    is_alive,
    wait_until,
)


def test_every_server_answers_as_itself(city):
    for code in CODES:
        status, told = ask(city.url(code))
        assert (status, told["code"], told["ok"]) == (200, code, True)


def test_the_city_file_says_what_others_read(city):
    told = city.file
    assert set(told) == {"control", "servers"}
    for server in told["servers"]:
        assert set(server) == {"code", "tier", "url", "pid", "printer", "officers"}
        assert all(
            set(each) == {"login", "password", "token", "roles"} for each in server["officers"]
        )
    ports = {
        server["code"]: int(server["url"].rpartition(":")[2]) - city.base
        for server in told["servers"]
    }
    assert ports == {"00": 50, "16.71": 0, "16.71.02": 2, "16.71.06": 6}
    logins = {each["login"] for each in city.server("16.71.02")["officers"]}
    assert logins == {"loket", "cetak", "blanko", "kepala", "lurah"}
    assert city.server("00")["printer"] == ""


def test_the_log_ins_are_for_their_owner_only(city):
    mode = stat.S_IMODE((city.data / "city.json").stat().st_mode)
    assert mode == 0o600
    for key in city.data.glob("*/keys/*"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600, key


def test_a_server_is_killed_and_comes_back(city):
    before = city.server("16.71")["pid"]
    children = descendants(before)
    assert children, "the web process is a child of the server"
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, children)))
    wait_until(lambda: city.server("16.71")["pid"] not in (0, before) and city.answers("16.71"))


def test_a_dead_web_process_is_started_again(city):
    (web,) = descendants(city.server("16.71.02")["pid"])
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: descendants(city.server("16.71.02")["pid"]) not in ([], [web]))
    wait_until(lambda: city.answers("16.71.02"))


def test_a_stopped_server_stays_down_until_it_is_started(city):
    assert city.control("/stop?server=16.71.06")[1]["state"] == "stopped"
    assert not city.answers("16.71.06")
    time.sleep(2.5)  # longer than a dead one would stay down
    assert not city.answers("16.71.06")
    city.control("/start?server=16.71.06")
    wait_until(lambda: city.answers("16.71.06"))


def test_a_killed_server_is_told_as_dead_and_restarted(city):
    before = city.status_of("16.71.06")["restarts"]
    city.control("/kill?server=16.71.06")
    wait_until(lambda: city.status_of("16.71.06")["restarts"] == before + 1)
    wait_until(lambda: city.answers("16.71.06"))


def test_a_cut_link_is_seen_and_heals(city):
    def link_is_up() -> bool:
        return ask(city.url("16.71.02"))[1]["link"]["is_up"]

    wait_until(link_is_up)
    assert city.control("/cut?link=16.71.02")[1] == {"link": "16.71.02", "is_cut": True}
    look_somebody_up(city, "16.71.02")  # an idle server would ask above a minute later only
    wait_until(lambda: not link_is_up())
    city.control("/heal?link=16.71.02")
    wait_until(link_is_up, seconds_max=70)


def look_somebody_up(city: RunningCity, code: str) -> None:
    """An officer looks at a resident, which is an entry that has to go up."""
    (loket,) = (each for each in city.server(code)["officers"] if each["login"] == "loket")
    headers = {
        "Authorization": f"Bearer {loket['token']}",
        "Content-Type": "application/json",
        "Idempotency-Key": "look-somebody-up",
    }
    status, found = ask(city.url(code, f"api/v1/demo/residents?kelurahan={code}"), headers=headers)
    assert status == 200, found
    url = city.url(code, "api/v1/residents/look-up")
    status, told = ask(url, method="POST", headers=headers, body={"nik": found[0]["nik"]})
    assert status == 200, told


def test_the_control_refuses_what_the_city_does_not_have(city):
    assert city.control("/cut?link=16.71.09")[0] == 404
    assert city.control("/cut?link=00")[0] == 404
    assert city.control("/kill?printer=00")[0] == 404
    assert city.control("/burn?server=16.71")[0] == 400
    assert city.control("/stop?server=16.71", method="GET")[0] == 404


def test_the_control_moves_the_clock_forward_only(city):
    assert city.control("/clock?to=2001-01-01T00:00:00.000000Z")[0] == 400
    assert city.control("/clock?to=monday")[0] == 400
    assert city.control("/clock?speed=0")[0] == 400
    speed = city.control("/clock", method="GET")[1]["speed"]
    status, told = city.control(f"/clock?speed={speed}")
    assert (status, told["speed"]) == (200, speed)


def test_a_page_from_elsewhere_cannot_use_the_control(city):
    url = f"{city.file['control']}/stop?server=16.71"
    for headers in ({"Origin": "http://example.test"}, {"Host": "example.test"}):
        assert ask(url, method="POST", headers=headers)[0] == 403
    assert city.answers("16.71")


def test_a_printer_is_switched_by_the_control(city):
    port = city.base + 102

    def is_on() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(is_on)
    city.control("/stop?printer=16.71.02")
    wait_until(lambda: not is_on())
    city.control("/start?printer=16.71.02")
    wait_until(is_on)
    city.control("/kill?printer=16.71.02")
    wait_until(lambda: not is_on())
    wait_until(is_on)


def test_the_citys_clock_runs_as_fast_as_it_was_told(city):
    _, told = city.control("/clock", method="GET")
    assert told["speed"] == 60
    shown = utc_from_text(ask(city.url("00"))[1]["at"])
    assert abs(shown - utc_from_text(told["city"])) < timedelta(minutes=2)


def test_a_second_city_in_the_same_folder_is_refused(city):
    code, said = finished("up", "--data", str(city.data), "--base-port", str(free_base_port()))
    assert code == 1
    assert str(city.data) in said
    assert "is in use" in said


def test_a_taken_port_is_named(city, tmp_path):
    code, said = finished(
        *("up", "--data", str(tmp_path / "other"), "--base-port", str(city.base - 2)),
        *("--offices", "16.71.02"),
    )
    assert code == 1
    assert f"Port {city.base}" in said
    assert not list((tmp_path / "other").glob("*/server.json"))


def test_one_server_of_the_city_is_not_served_twice(city):
    code, said = finished("serve", "--data", str(city.data / "16.71.02"))
    assert code == 1
    assert "is in use" in said


def test_verify_finds_nothing_in_a_city_that_runs(city):
    code, said = finished("verify", "--city", str(city.data / "city.json"), "--json")
    assert code == 0, said
    assert json.loads(said[said.index("{") :])["findings"] == []


def test_the_second_start_goes_on_where_the_first_ended(city, built_city):
    assert "building" in built_city.said
    assert "building" not in city.said
    before = json.loads((built_city.data / "city.json").read_text())
    for code in CODES:
        (known,) = (each["officers"] for each in before["servers"] if each["code"] == code)
        assert city.server(code)["officers"] == known != []
    stopped = json.loads((built_city.data / "clock.json").read_text())["city"]
    assert ask(city.url("16.71"))[1]["at"] > stopped


def test_ctrl_c_stops_the_city_and_leaves_nothing_behind(built_city):
    assert built_city.exit_code == 0
    assert built_city.processes == 2 + 2 * len(CODES)  # supervisor, printers, web and worker each
    assert built_city.left_alive == []
    assert not list(built_city.data.glob("template*"))


def test_a_kecamatan_is_added_to_a_city_that_has_run(data: Path):
    with RunningCity(data, offices=(*OFFICES, "16.71.13")) as city:
        city.wait_until_up()
        assert "building 1 servers" in city.said
        assert ask(city.url("16.71.13"))[1]["ok"]
        assert ask(city.url("16.71.02"))[1]["incarnation"] == 1
        wait_until(lambda: ask(city.url("16.71.13"))[1]["link"]["is_up"])
        # And of a killed city nothing lives on.
        left = city.pids()
        city.process.kill()
        wait_until(lambda: not any(map(is_alive, left)))


def test_a_kecamatan_whose_adding_was_interrupted_is_not_guessed_at(data: Path):
    built = json.loads((data / "built.json").read_text())
    (data / "built.json").write_text(json.dumps([each for each in built if each != "16.71.06"]))
    code, said = finished(
        *("up", "--data", str(data), "--base-port", str(free_base_port())),
        *("--offices", ",".join(OFFICES)),
    )
    assert code == 1
    assert "Adding 16.71.06 was interrupted" in said
