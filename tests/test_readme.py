"""The README's commands print what it says they print."""

from tools.readme import BLOCK, README, filled


def test_what_the_readme_shows_is_what_the_commands_print(tmp_path):
    text = README.read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) >= 4
    assert filled(text, {"H200_LIBRARY": str(tmp_path / "library")}) == text
