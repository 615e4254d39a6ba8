"""The command line: found by being there, plain about what is wrong; a server joined by hand."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ampera.__main__ import main
from ampera.tiers import commands
from tests.tiers.running import ampera, ask, finished, free_base_port, wait_until


def test_every_command_says_in_both_languages_what_it_does():
    found = commands.names()
    assert {"up", "serve", "init", "join", "joincode", "verify", "import", "doctor"} <= set(found)
    for name, module in found.items():
        loaded = commands.load(module)
        assert " / " in loaded.HELP, name
        assert "\n" not in loaded.HELP, name
        assert callable(loaded.add_arguments), name
        assert callable(loaded.main), name


def test_help_lists_all_commands(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["--help"])
    assert leaving.value.code == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"^    {name}\b", said, re.M) for name in commands.names())


def test_help_imports_no_django():
    code = (
        "import sys; from ampera.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 2),
        (["fly"], 2),
        (["up", "--speed", "0.5"], 1),
        (["up", "--speed", "fast"], 1),
        (["up", "--data", "/dev/null"], 1),
        (["up", "--offices", "17"], 1),
        (["serve", "--data", "nowhere"], 1),
        (["init", "abc", "--data", "nowhere"], 1),
        (["init", "16.71.02", "--data", "/dev/null"], 1),
        (["rejoin", "--data", "nowhere", "--code", "AAAA-BBBB"], 1),
        (["restore", "nowhere.tar", "--data", "nowhere"], 1),
        (["verify", "--city", "nowhere/city.json"], 1),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(
    tmp_path, monkeypatch, capsys, arguments, status
):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(arguments)
    except SystemExit as leaving:
        code = leaving.code
    assert code == status
    said = capsys.readouterr()
    assert said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "nowhere").exists()


def test_a_command_that_opens_a_server_does_not_load_what_draws_papers(data: Path):
    code = (
        "import sys; from ampera.__main__ import main\n"
        f"main(['verify', '--data', '{data / '16.71.02'}'])\n"
        "sys.exit('reportlab' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_server_is_made_joined_and_served_by_hand(data: Path, tmp_path: Path):
    base = free_base_port()
    new = tmp_path / "16.71.13"
    code, said = finished("init", "16.71.13", "--data", str(new), "--demo", "--json")
    assert code == 0, said
    (packet_key,) = json.loads(said[said.index("{\n") :])["packet_keys"]
    dinas = ampera("serve", "--data", str(data / "16.71"), "--port", str(base))
    kecamatan = None
    try:
        wait_until(lambda: ask(f"http://127.0.0.1:{base}/healthz")[0] == 200)
        code, said = finished(
            *("joincode", "16.71.13", "--data", str(data / "16.71")),
            *("--packet-key", packet_key, "--json"),
        )
        told = json.loads(said)
        assert len(told["centre_keys"]) == 2
        join = (
            *("join", "--data", str(new), "--upper", f"http://127.0.0.1:{base}"),
            *("--centre-keys", ",".join(told["centre_keys"]), "--code"),
        )
        code, said = finished(*join, "AAAA-BBBB-CCCC-DDDD")
        assert code == 1
        assert "post.bad_code" in said
        code, said = finished(*join, told["code"])
        assert code == 0, said
        kecamatan = ampera("serve", "--data", str(new), "--port", str(base + 13))
        health = f"http://127.0.0.1:{base + 13}/healthz"
        wait_until(lambda: (ask(health)[1] or {}).get("link") == {"is_up": True, "error": ""})
        code, said = finished("doctor", "--data", str(new), "--json")
        findings = {each["what"]: each for each in json.loads(said)["findings"]}
        assert findings["server"]["is_fine"]
        assert findings["jalur / link"]["is_fine"]
    finally:
        for process in (dinas, kecamatan):
            if process is not None:
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=60) == 0
                process.stdout.close()


def test_an_export_of_residents_is_imported_at_a_dinas_only(data: Path, tmp_path: Path):
    export = tmp_path / "residents.csv"
    export.write_text("Nomor KK;NIK\n")
    code, said = finished("import", "residents", str(export), "--data", str(data / "16.71.02"))
    assert code == 1
    assert "Traceback" not in said
    code, said = finished("import", "residents", str(export), "--data", str(data / "16.71"))
    assert code == 1
    assert "Traceback" not in said
