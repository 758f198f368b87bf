"""A folder, a bucket and a server by SFTP keep the same promises, over real sockets."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import HostingError
from newsletter.media import Target, open_store, push_pictures
from newsletter.media.stores import safe_name
from newsletter.model import Picture
from tests.servers import bucket, sftp
from tests.servers.bucket import Bucket
from tests.servers.sftp import SftpServer

NAME, OTHER = f"{'a' * 20}.png", f"{'0123456789' * 2}.jpg"


def picture(digest: str, data: bytes, kind: str = "png") -> Picture:
    return Picture(
        source="x", digest=digest, media_type=f"image/{kind}", width=1, height=1, data=data
    )


PICTURES = {NAME: picture("a" * 20, b"first"), OTHER: picture("0123456789" * 2, b"2nd", "jpeg")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a server or a web server would show."""
    made = tmp_path / "www"
    made.mkdir()
    return made


@pytest.fixture
def server(folder: Path) -> Iterator[SftpServer]:
    """A server by SFTP."""
    with SftpServer(folder) as served:
        yield served


@pytest.fixture
def store_of_s3() -> Iterator[Bucket]:
    """A bucket."""
    with Bucket() as served:
        yield served


def at_server(server: SftpServer, tmp_path: Path) -> Target:
    return Target(
        to=f"sftp://{sftp.USER}@127.0.0.1:{server.port}/uutiskirje",
        root=tmp_path,
        host_key=server.fingerprint,
        secret=sftp.PASSWORD,
    )


def at_bucket(served: Bucket, tmp_path: Path) -> Target:
    secret = f"{bucket.KEY}:{bucket.SECRET}"
    return Target(
        to="s3://kirje/uutiset",
        root=tmp_path,
        endpoint=served.endpoint,
        secret=secret,
        region="eu-north-1",
    )


@pytest.fixture(params=["folder", "sftp", "s3"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Target:
    """Each place in turn."""
    if request.param == "sftp":
        return at_server(request.getfixturevalue("server"), tmp_path)
    if request.param == "s3":
        return at_bucket(request.getfixturevalue("store_of_s3"), tmp_path)
    return Target(to="www/uutiset", root=tmp_path)


def test_what_is_put_is_there_and_is_put_once(target: Target) -> None:
    with open_store(target) as store:
        first = push_pictures(PICTURES, store)
        second = push_pictures(PICTURES, store)
        sizes = [store.size_of(name) for name in (*PICTURES, f"{'b' * 20}.png")]

    assert (first.new, first.there) == (2, 0)
    assert (second.new, second.there) == (0, 2)
    assert sizes == [5, 3, None]


def test_what_was_cut_off_is_put_anew(target: Target) -> None:
    with open_store(target) as store:
        store.put(NAME, b"fir", "image/png")
        pushed = push_pictures(PICTURES, store)

        assert store.size_of(NAME) == 5
    assert pushed.new == 2


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        f"../{NAME}",
        f"x/{NAME}",
        f"{NAME}/..",
        f"{NAME}\n",
        "",
        f"{'A' * 20}.png",
        f"{'a' * 20}.svg",
        f"{'a' * 20}.png.html",
        f"{'ａ' * 20}.png",
        f"{'a' * 19}.png",
    ],
)
def test_no_other_name_is_ever_asked_for(target: Target, name: str) -> None:
    with open_store(target) as store:
        with pytest.raises(ValueError, match="no name of a picture"):
            store.put(name, b"x", "image/png")
        with pytest.raises(ValueError, match="no name of a picture"):
            store.size_of(name)


@given(st.text(max_size=40))
def test_a_name_is_a_digest_and_a_kind_or_refused(text: str) -> None:
    try:
        assert safe_name(text) == text
    except ValueError:
        return
    assert "/" not in text
    assert len(text.partition(".")[0]) == 20


def test_a_file_gets_its_name_last_and_is_for_all_to_read(folder: Path, tmp_path: Path) -> None:
    with open_store(Target(to=str(folder), root=tmp_path)) as store:
        push_pictures(PICTURES, store)

    files = sorted((folder / "pictures").iterdir())
    assert [file.name for file in files] == [OTHER, NAME]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o644}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "www").write_text("a file")

    with (
        open_store(Target(to="www", root=tmp_path)) as store,
        pytest.raises(HostingError, match=r"cannot write .*see \[media\] to"),
    ):
        push_pictures(PICTURES, store)


# --- SFTP ---------------------------------------------------------------------------------


def test_a_server_is_given_whole_files_by_renaming(
    server: SftpServer, folder: Path, tmp_path: Path
) -> None:
    with open_store(at_server(server, tmp_path)) as store:
        push_pictures(PICTURES, store)

    put = folder / "uutiskirje" / "pictures"
    assert {file.name: file.read_bytes() for file in put.iterdir()} == {
        NAME: b"first",
        OTHER: b"2nd",
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in put.iterdir()} == {0o644}
    assert [Path(new).name for _, new in server.renamed] == [NAME, OTHER]


def test_a_server_without_posix_rename_gets_them_too(folder: Path, tmp_path: Path) -> None:
    with (
        SftpServer(folder, renames=False) as served,
        open_store(at_server(served, tmp_path)) as store,
    ):
        store.put(NAME, b"old", "image/png")
        store.put(NAME, b"first", "image/png")

        assert store.size_of(NAME) == 5


@pytest.mark.parametrize("pinned", ["", "SHA256:" + "A" * 43])
def test_a_server_that_is_not_the_pinned_one_gets_no_password(
    server: SftpServer, tmp_path: Path, pinned: str
) -> None:
    target = replace(at_server(server, tmp_path), host_key=pinned)

    with pytest.raises(HostingError) as caught, open_store(target):
        pass

    assert server.fingerprint in str(caught.value)
    assert server.tries == []
    assert sftp.PASSWORD not in str(caught.value)
    if not pinned:
        assert f"host_key = “{server.fingerprint}”" in str(caught.value)


def test_a_wrong_password_is_told_without_being_shown(server: SftpServer, tmp_path: Path) -> None:
    target = replace(at_server(server, tmp_path), secret="wrong-wrong")  # noqa: S106

    with pytest.raises(HostingError, match="lets nobody in") as caught, open_store(target):
        pass

    assert "wrong-wrong" not in str(caught.value)


def test_a_folder_that_cannot_be_made_there_is_told(
    server: SftpServer, folder: Path, tmp_path: Path
) -> None:
    (folder / "uutiskirje").write_text("a file")

    with (
        pytest.raises(HostingError, match="not a directory; see whether the user may write"),
        open_store(at_server(server, tmp_path)),
    ):
        pass


def test_a_key_file_opens_too(folder: Path, tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "id")
    (tmp_path / "id").chmod(0o600)
    public = key.export_public_key().decode()

    with SftpServer(folder, authorized=public) as served:
        target = replace(at_server(served, tmp_path), secret="", key_file=str(tmp_path / "id"))
        with open_store(target) as store:
            push_pictures(PICTURES, store)

    assert served.tries == []


def test_nobody_at_the_port_is_told(tmp_path: Path) -> None:
    target = Target(to="sftp://kirje@127.0.0.1:1/x", root=tmp_path, host_key="SHA256:" + "A" * 43)

    with pytest.raises(HostingError, match=r"check \[media\] to"), open_store(target):
        pass


# --- S3 -----------------------------------------------------------------------------------


def test_a_bucket_is_told_what_it_keeps_and_for_how_long(
    store_of_s3: Bucket, tmp_path: Path
) -> None:
    with open_store(at_bucket(store_of_s3, tmp_path)) as store:
        push_pictures(PICTURES, store)

    assert store_of_s3.objects[f"uutiset/pictures/{NAME}"] == b"first"
    told = store_of_s3.headers[f"uutiset/pictures/{OTHER}"]
    assert told["content-type"] == "image/jpeg"
    assert "immutable" in told["cache-control"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": f"{bucket.KEY}:wrong-wrong"}, "check NEWSLETTER_MEDIA_SECRET"),
        ({"secret": "half"}, "must be ID:SECRET"),
        ({"endpoint": "http://127.0.0.1:1"}, "check to, endpoint and region"),
        ({"to": "s3://elsewhere/x"}, "mend its name"),
    ],
    ids=["secret", "half", "away", "bucket"],
)
def test_a_bucket_that_refuses_is_told_with_the_cure(
    store_of_s3: Bucket, tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    target = replace(at_bucket(store_of_s3, tmp_path), **changes)  # type: ignore[arg-type]

    with pytest.raises(HostingError) as caught, open_store(target) as store:
        push_pictures(PICTURES, store)

    assert words in str(caught.value)
    assert "wrong-wrong" not in str(caught.value)
