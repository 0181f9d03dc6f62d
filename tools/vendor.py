"""Copies third-party front-end files into the repository. For developers; a site never runs it.

    python tools/vendor.py

Reads `vendor.json` next to this file. Fetches each package with `npm pack name@version`, refuses a
tarball whose sha512 differs from its `integrity`, and copies only the listed files and the licence.
Icons (a package with a `sprite`) become the symbols of one SVG, `#icon-<name>`. `vendor.sha256`
then lists the hash of each file for `sha256sum --check tools/vendor.sha256` in the repository's
root; a test checks them.

To update a package: change the version, the integrity (`npm view name@version dist.integrity`) and
the folder, delete the old folder, run this, and check the difference.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tools" / "vendor.json"
HASHES = ROOT / "tools" / "vendor.sha256"
SVG = "http://www.w3.org/2000/svg"


def fetch(name: str, version: str, integrity: str, folder: Path) -> Path:
    """Downloads the package's tarball to `folder`. Raises SystemExit if its sha512 is not
    `integrity`."""
    subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (tarball,) = folder.glob("*.tgz")
    digest = hashlib.sha512(tarball.read_bytes()).digest()
    found = "sha512-" + base64.b64encode(digest).decode()
    if found != integrity:
        raise SystemExit(f"{name}@{version}: integrity is {found}, expected {integrity}")
    return tarball


def read(tarball: Path, names: list[str]) -> dict[str, bytes]:
    """The content of the named files. Nothing is unpacked: no name in the tarball becomes a
    path."""
    found = {}
    with tarfile.open(tarball) as tar:
        for name in names:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{tarball.name}: {name} is not a file")
            found[name] = member.read()
    return found


def make_sprite(icons: dict[str, bytes], credit: str) -> bytes:
    """One SVG with a symbol for each icon.

    Common attributes (stroke, caps) are repeated on each symbol: a symbol used from another file
    inherits from the page and not from the root of this file.
    """
    ET.register_namespace("", SVG)
    lines = [f'<svg xmlns="{SVG}">', f"<!-- {credit} -->"]
    for path, source in sorted(icons.items()):
        icon = ET.fromstring(source)
        for attribute in ("class", "width", "height"):
            icon.attrib.pop(attribute, None)
        icon.tag, icon.text = f"{{{SVG}}}symbol", None
        icon.attrib = {"id": f"icon-{Path(path).stem}", **icon.attrib}
        for part in icon:
            part.tail = None
        lines.append(ET.tostring(icon, encoding="unicode").replace(f' xmlns="{SVG}"', ""))
    return "\n".join([*lines, "</svg>", ""]).encode()


def bring(package: dict) -> list[Path]:
    """Downloads one package and writes its files; returns their paths."""
    with tempfile.TemporaryDirectory() as folder:
        tarball = fetch(package["name"], package["version"], package["integrity"], Path(folder))
        files = read(tarball, package["files"])
        licence = read(tarball, [package["licence"]])[package["licence"]]
    if sprite := package.get("sprite"):
        credit = f"{package['name']} {package['version']}, licence: {package['licence_as']}"
        files = {sprite: make_sprite(files, credit)}
    files[package.get("licence_as", package["licence"])] = licence

    written = []
    for name, content in files.items():
        path = ROOT / package["to"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def main() -> None:
    written = [path for package in json.loads(LIST.read_text()) for path in bring(package)]
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT).as_posix()}\n"
        for path in sorted(written)
    ]
    HASHES.write_text("".join(lines))
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size // 1024} kB")


if __name__ == "__main__":
    main()
