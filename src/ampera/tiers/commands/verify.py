"""`ampera verify`: was anything changed or left out?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError, say, show_json

HELP = "periksa jurnal, salinan, dan jumlah / check journals, copies and sums"


def add_arguments(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", help="folder satu server / one server's folder")
    what.add_argument("--city", help="city.json: semua server / all servers of a city")
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.verifying import compare_copies, verify_folder

    folders = [ServerFolder(Path(args.data))] if args.data else _folders_of(Path(args.city))
    results = [verify_folder(folder, tell=say) for folder in folders]
    found = [each for result in results for each in result.found]
    if len(folders) > 1:
        say("copies")
        found += compare_copies(folders, results=results)
    if args.json:
        rows = [
            {"server": each.server, "chain": each.chain, "seq": each.seq, "what": each.what}
            for each in found
        ]
        show_json({"servers": [each.code for each in results], "findings": rows})
    else:
        for each in found:
            print(each)
        count = sum(head.seq for result in results for head in result.heads)
        print(f"{len(found)} temuan / findings, {len(results)} server, {count} entri / entries")
    return 1 if found else 0


def _folders_of(city: Path) -> list[ServerFolder]:
    import json

    try:
        servers = json.loads(city.read_text(encoding="utf-8"))["servers"]
        return [ServerFolder(city.parent / server["code"]) for server in servers]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise CannotError(
            f"{city} tidak terbaca ({wrong}). Beri city.json dari folder kota.",
            f"{city} cannot be read ({wrong}). Name the city.json in the city's folder.",
        ) from None
