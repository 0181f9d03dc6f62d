"""How a search engine is shown that a site is one's own: by a code in a tag or by a file. Pure.

An owner pastes the whole tag, its code, the name of the file or its content. Only the code or the name
is kept, and the site writes the tag and the file itself.
"""

import re
from typing import NamedTuple

LONGEST = 1_000  # characters of a pasted tag or file

_TAG = re.compile(r"<meta((?: [a-z]{1,10}=[^ <>]{1,100}){2}) ?/?>", re.IGNORECASE)


class Engine(NamedTuple):
    """A search engine. `file` is a pattern of the name of its file; `content` what the file says, with
    the name or the code in place of {}. `file_holds_code`: the name is the same for every site."""

    key: str
    meta: str
    code: str
    file: str
    content: str
    file_holds_code: bool = False

    def read(self, pasted: str) -> str:
        """The code, or the name of the file, of what was pasted. Raises ValueError if it is neither."""
        if len(pasted) > LONGEST:
            raise ValueError("too long")
        pasted = pasted.strip()
        if re.fullmatch(self.code, pasted) or self.is_file(pasted):
            return pasted
        if (code := self._of_tag(pasted)) is not None:
            return code
        pattern = self.code if self.file_holds_code else self.file
        before, after = (re.escape("".join(part.split())) for part in self.content.split("{}"))
        if found := re.fullmatch(f"{before}({pattern}){after}", "".join(pasted.split())):
            return found[1]
        raise ValueError("not of this engine")

    def _of_tag(self, pasted: str) -> str | None:
        """The code of a tag that has this engine's name and its code, and nothing else."""
        found = _TAG.fullmatch(" ".join(pasted.split()))
        if not found:
            return None
        parts = (part.partition("=") for part in found[1].removesuffix("/").split())
        attributes = {name.lower(): value.strip("\"'") for name, _, value in parts}
        code = attributes.get("content", "")
        if attributes.get("name") != self.meta or not re.fullmatch(self.code, code):
            return None
        return code

    def is_file(self, kept: str) -> bool:
        """Whether it is the name of a file, and not a code."""
        return not self.file_holds_code and bool(re.fullmatch(self.file, kept))

    def content_of(self, kept: str) -> str:
        return self.content.replace("{}", kept)


NAVER = Engine(
    key="naver",
    meta="naver-site-verification",
    code=r"[0-9A-Za-z_-]{20,64}",
    file=r"naver[0-9a-f]{32}\.html",
    content="naver-site-verification: {}",
)
GOOGLE = Engine(
    key="google",
    meta="google-site-verification",
    code=r"[0-9A-Za-z_-]{20,64}",
    file=r"google[0-9a-f]{16}\.html",
    content="google-site-verification: {}",
)
BING = Engine(
    key="bing",
    meta="msvalidate.01",
    code=r"[0-9A-Fa-f]{32}",
    file=r"BingSiteAuth\.xml",
    content='<?xml version="1.0"?>\n<users>\n\t<user>{}</user>\n</users>\n',
    file_holds_code=True,
)
ENGINES = (NAVER, GOOGLE, BING)
