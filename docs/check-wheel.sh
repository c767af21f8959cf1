#!/bin/sh
# Build the wheel, install it where nothing of this folder can help it, and load an area.
set -eu
python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m pip wheel --quiet --disable-pip-version-check --no-deps -w "$work" .
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -c requirements.lock "$work"/geo-*.whl
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import geo

areas = geo.load_areas("municipality")
assert len(areas) == 2465, len(areas)
assert geo.find_area("Culiacán, Sinaloa") == "25006"
assert "_boundaries" in str(geo.sources.shipped.folder())
PYTHON
"$work/venv/bin/geo" --version
echo "wheel: $(ls "$work"/geo-*.whl | xargs -n1 basename) loads from another folder"
