"""What a look is named by: a word of the program, or a folder."""

PACKAGED_LOOKS = ("default", "letter", "magazine")  # those of the program


def is_look_folder(look: str) -> bool:
    """Return whether the name of a look means a folder, not one of the program's."""
    return look.startswith(".") or "/" in look or "\\" in look
