"""The pictures in the text of a content page. Pure."""

import re

_PICTURE = re.compile(r'<img((?: [^<>]*)? src="/content/pictures/(\d{1,18})/["?][^<>]*>)')


def picture_ids(html: str) -> list[int]:
    """The ids of the pictures of content pages in cleaned HTML, in order, each once."""
    return list(dict.fromkeys(int(found[2]) for found in _PICTURE.finditer(html)))


def sized(html: str, sizes: dict[int, tuple[int, int]]) -> str:
    """Cleaned HTML in which pictures have a width and a height, by id in pixels. The browser
    reserves the space while a picture loads."""

    def with_size(found: re.Match[str]) -> str:
        size = sizes.get(int(found[2]))
        if size is None or ' width="' in found[0]:
            return found[0]
        return f'<img width="{size[0]}" height="{size[1]}"{found[1]}'

    return _PICTURE.sub(with_size, html)
