"""Which files a list of files and folders stands for."""

from pathlib import Path

from rag.ingest.loaders import find_sources


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_folders_are_walked_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in [
        "z.md",
        "a.txt",
        "b/n.text",
        "b/m.markdown",
        "b/skip.docx",
        "b/page.html",
        ".hidden/x.md",
        ".x.md",
        "notes.pdf",
    ]:
        write(tmp_path, name, "x")
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "again.md").symlink_to(tmp_path / "z.md")
    found = [path.relative_to(tmp_path).as_posix() for path in find_sources([tmp_path])]
    assert found == ["a.txt", "again.md", "b/m.markdown", "b/n.text", "b/page.html", "notes.pdf"]


def test_named_files_always_come(tmp_path):
    page = write(tmp_path, "page.html", "x")
    hidden = write(tmp_path, ".a.md", "x")
    missing = tmp_path / "missing.md"
    assert list(find_sources([page, missing, hidden, page, tmp_path])) == [page, missing, hidden]


def test_a_very_deep_folder(tmp_path):
    folder = tmp_path.joinpath(*["d"] * 400)
    folder.mkdir(parents=True)
    write(folder, "a.md", "x")
    assert len(list(find_sources([tmp_path]))) == 1


def test_what_a_browser_saves_beside_a_page_is_no_source(tmp_path):
    for folder in ("Une page_files", "Une page_fichiers", "autre_files"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, "cadre.html", "x")
    write(tmp_path, "Une page.html", "x")
    found = [path.relative_to(tmp_path).as_posix() for path in find_sources([tmp_path])]
    assert found == ["Une page.html", "autre_files/cadre.html"]


def test_addresses_come_once_and_are_no_paths(tmp_path):
    page = write(tmp_path, "page.md", "x")
    address = "https://quai.example/port"
    assert list(find_sources([address, page, address, "HTTP://quai.example/port"])) == [
        address,
        page,
        "HTTP://quai.example/port",
    ]
